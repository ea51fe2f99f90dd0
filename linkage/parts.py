"""What the linkage shows on pages composed elsewhere: a person's record, and his own page."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from appraisal.models import Cycle
from linkage import access, evaluation, explaining
from linkage.models import Decision
from people.http import AuthenticatedRequest
from people.models import Officer

MOST = 100


def decisions(request: AuthenticatedRequest, officer: Officer) -> Mapping[str, Any] | None:
    """The live decisions on somebody, for himself and for those who may read decisions on him."""
    own = request.user.officer_id == officer.pk
    if not own and not officer.unit.path.startswith(request.user.paths(*access.READERS) or ("-",)):
        return None
    return {"decisions": on(officer)[:MOST], "linked": not own}


def on(officer: Officer) -> QuerySet[Decision]:
    """The live decisions on an officer, newest cycle first."""
    live = Decision.objects.live().filter(officer=officer).select_related("cycle", "case", "run__policy", "officer")
    return live.order_by("-cycle__ends_on", "rule")


def explained(officer: Officer, cycle: Cycle) -> explaining.Explanation | None:
    """Every rule on officers that the cycle wakes, as the latest run saw him; None where nothing was decided yet."""
    run = evaluation.latest_run(cycle)
    return explaining.explain(cycle, officer, run=run) if run else None
