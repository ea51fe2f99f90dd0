"""What an officer is shown of his own results. Used by his page here and by the composed one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from appraisal.actions.objections import barrier, last_day
from appraisal.chart import Bar, bars, height
from appraisal.models import CycleState, Fact, Objection, Result
from appraisal.queries import Beside, beside_peers, facts_known, officer_results
from appraisal.remedies import Remedy, remedies
from people.models import Officer
from workflows import clock as clocks
from workflows.calendars import Clock, local_day

# What is still being collected or checked is nobody's result yet.
SHOWN = (CycleState.ON_NOTICE, CycleState.OBJECTIONS, CycleState.FINAL, CycleState.LINKED)


@dataclass(frozen=True, kw_only=True)
class Mine:
    """All the page needs. `result` is the one looked at; none: nothing has been published yet."""

    officer: Officer
    results: Sequence[Result]
    facts: Sequence[Fact]
    result: Result | None = None
    beside: Beside | None = None
    bars: Sequence[Bar] = ()
    height: int = 0
    objection: Objection | None = None
    object_until: date | None = None
    barred: str = ""  # why no objection can be filed; empty: it can
    remedies: Sequence[Remedy] = field(default_factory=list)


def mine(officer: Officer, code: str, as_of: date | None = None) -> dict[str, Any]:
    """What `appraisal/_mine.html` is given."""
    clock = clocks.now()
    return {"mine": own_results(officer, code, as_of or clock.day, clock), "clock": clock}


def own_results(officer: Officer, code: str, as_of: date, clock: Clock) -> Mine:
    """The results of each published cycle, and one in full: the one asked for, or else the latest annual one."""
    results = [result for result in officer_results(officer, as_of) if result.cycle.state in SHOWN]
    facts = facts_known(officer, as_of)
    chosen = next((r for r in results if r.cycle.code == code), None) or next(
        (r for r in results if r.cycle.kind == "annual"), results[0] if results else None
    )
    if chosen is None:
        return Mine(officer=officer, results=results, facts=facts)
    beside = beside_peers(chosen, officer, as_of)
    refusal = barrier(chosen, officer_id=officer.pk, clock=clock)
    objection = Objection.objects.filter(officer=officer, result__cycle=chosen.cycle).order_by("-opened_at").first()
    return Mine(
        officer=officer,
        results=results,
        facts=facts,
        result=chosen,
        beside=beside,
        bars=bars(beside.figures),
        height=height(beside.figures),
        objection=objection,
        object_until=last_day(chosen, clock),
        barred=str(refusal.words or refusal.reason.label) if refusal else "",
        remedies=remedies(local_day(chosen.at), clock.calendar),
    )
