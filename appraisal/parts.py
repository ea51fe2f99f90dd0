"""What the appraisal adds to a person's record."""

from collections.abc import Mapping
from typing import Any

from appraisal.queries import facts_known, officer_results
from people.access import RECORD_READERS
from people.http import AuthenticatedRequest
from people.models import Officer
from workflows import clock as clocks


def record(request: AuthenticatedRequest, officer: Officer) -> Mapping[str, Any]:
    """Results and facts as known today. The owner of the record has his own page for the figures behind them."""
    today = clocks.now().day
    return {
        "results": officer_results(officer, today),
        "facts": facts_known(officer, today),
        "linked": any(request.user.may(role, officer.unit.path) for role in RECORD_READERS),
    }
