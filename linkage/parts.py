"""What the linkage shows on pages composed elsewhere: a person's record, and his own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.db.models import QuerySet

from appraisal.models import Cycle
from linkage import access, evaluation, register
from linkage.models import Decision
from linkage.pages import language
from linkage.rules import Rule
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


@dataclass(frozen=True, kw_only=True)
class NotFired:
    """A rule that did not reach somebody, and each thing that was missing."""

    rule: Rule
    missing: Sequence[evaluation.Answer]


def not_fired(officer: Officer, cycle: Cycle) -> Sequence[NotFired]:
    """Of the rules on officers that the cycle wakes, those that decided nothing on him, as the latest run saw it."""
    run = evaluation.latest_run(cycle)
    if run is None:
        return []
    tree = register.parsed(run.policy)
    fired = set(run.decisions.filter(officer=officer).values_list("rule", flat=True))
    asked = [rule for rule in register.awake(tree, cycle) if rule.subject == "officer" and rule.id not in fired]
    names = [rule.id for rule in asked]
    trees = evaluation.whys(cycle, tree, run.as_of, asked=names, subject=officer.pk, lang=language())
    return [NotFired(rule=rule, missing=_missing(trees[rule.id])) for rule in asked]


def _missing(answers: Sequence[evaluation.Answer], depth: int = 0) -> list[evaluation.Answer]:
    """The innermost conditions that were not met: a sentence of the whole says no more than its parts.

    What lies below a condition that is met is left alone: under a "not" it is unmet as it should be.
    """
    found = []
    for place, answer in enumerate(answers):
        if answer.depth == depth and not answer.met:
            below = list(takewhile(lambda part: part.depth > depth, answers[place + 1 :]))
            found += _missing(below, depth + 1) or [answer]
    return found
