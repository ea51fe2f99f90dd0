"""What was decided on somebody over all cycles, and what became of each decision in later runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from linkage.models import Decision, LateChange, Run
from people.models import Officer, Unit


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One decision as it was said, the runs that said the same, and what a later run said instead."""

    decision: Decision
    later: Decision | None
    ended_in: Run | None  # the first later run that no longer decides it at all
    changes: Sequence[LateChange]


def of_subject(subject: Officer | Unit) -> list[Standing]:
    """Newest cycle first; of runs that said the same the first one is shown."""
    mine = Q(officer=subject.pk) if isinstance(subject, Officer) else Q(unit=subject.pk)
    found = Decision.objects.filter(mine).select_related("cycle", "case", "run__policy", "officer__unit", "unit")
    decisions = list(found.order_by("-cycle__ends_on", "cycle", "rule", "run__as_of", "run__number"))
    changes = list(LateChange.objects.filter(mine).select_related("actor").order_by("at"))
    runs = _runs({decision.cycle_id for decision in decisions})
    out = []
    for place, decision in enumerate(decisions):
        same = [one for one in decisions[place + 1 :] if _key(one) == _key(decision)]
        before = decisions[place - 1] if place and _key(decisions[place - 1]) == _key(decision) else None
        if before and _says(before) == _says(decision):
            continue
        later = next((one for one in same if _says(one) != _says(decision)), None)
        last = max([decision, *(one for one in same if _says(one) == _says(decision))], key=_when)
        told = [change for change in changes if decision.pk in (change.before_id, change.after_id)]
        out.append(
            Standing(
                decision=decision,
                later=later,
                ended_in=None if later else _first_after(runs[decision.cycle_id], last.run),
                changes=told,
            )
        )
    return out


def of_decision(decision: Decision) -> Standing | None:
    """Where one decision stands among those of its subject."""
    key = _key(decision)
    found = [one for one in of_subject(decision.subject) if _key(one.decision) == key]
    mine = [one for one in found if _when(one.decision) <= _when(decision)]
    return mine[-1] if mine else None


def _runs(cycles: set[int]) -> dict[int, list[Run]]:
    out: dict[int, list[Run]] = {cycle: [] for cycle in cycles}
    for run in _ordered(Run.objects.filter(cycle__in=cycles)):
        out[run.cycle_id].append(run)
    return out


def _ordered(found: QuerySet[Run]) -> QuerySet[Run]:
    return found.order_by("as_of", "number")


def _first_after(runs: Sequence[Run], run: Run) -> Run | None:
    return next((one for one in runs if (one.as_of, one.number) > (run.as_of, run.number)), None)


def _key(decision: Decision) -> tuple[int, str]:
    return decision.cycle_id, decision.rule


def _says(decision: Decision) -> tuple[str, str, str]:
    return decision.status, decision.outcome, decision.focus


def _when(decision: Decision) -> tuple[object, int]:
    return decision.run.as_of, decision.run.number
