"""What the pages and commands of the linkage show of runs, decisions and the cases they carry."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import Count, F, Q, QuerySet

from appraisal.models import Cycle
from linkage import register
from linkage.models import Decision, DecisionStatus, Run, outcome_title
from linkage.rules import Rule
from workflows import kinds
from workflows.models import Case, Cause, OutboxMessage, TransitionRecord, WorkItem

KINDS = ("reward", "reserve", "training", "post_adjustment", "resource", "objection")


def totals(opened: Mapping[str, int]) -> dict[str, Any]:
    """What a call opened, and what there is in all; every kind is named, with zeros."""
    there = dict(Case.objects.values_list("kind").annotate(Count("pk")).values_list("kind", "pk__count"))
    names = [*KINDS, *sorted({kind.name for kind in kinds.registered()} - set(KINDS))]
    return {
        "opened": {name: opened.get(name, 0) for name in names},
        "cases": {name: there.get(name, 0) for name in names},
        "work_items": WorkItem.objects.filter(closed_at=None).count(),
        "messages": OutboxMessage.objects.filter(cause=Cause.STEP).count(),
        "history": TransitionRecord.objects.count(),
    }


@dataclass(slots=True)
class RuleLine:
    """One rule of a run: how many it decided, by status, and how that differs from the run before."""

    rule: Rule
    kind: str
    title: str
    counts: Counter[str] = field(default_factory=Counter)
    plus: int = 0
    minus: int = 0

    @property
    def total(self) -> int:
        return self.counts.total()


def lines_of(run: Run, before: Run | None) -> list[RuleLine]:
    """A line per rule of the policy that this kind of cycle wakes, in the policy's order."""
    tree = register.parsed(run.policy)
    awake = register.awake(tree, run.cycle)
    lines = {r.id: RuleLine(r, r.outcome.partition(":")[0], outcome_title(r.outcome)) for r in awake}
    for rule, status, count in run.decisions.values_list("rule", "status").annotate(count=Count("pk")):
        lines[rule].counts[status] = count
    for change in differences(run, before) if before else []:
        line = lines.get(change.rule)
        if line:
            line.plus += change.now is not None
            line.minus += change.then is not None
    return list(lines.values())


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two runs: what was decided then, what now. None: nothing."""

    rule: str
    then: Decision | None
    now: Decision | None

    @property
    def decision(self) -> Decision:
        return cast(Decision, self.now or self.then)


def differences(run: Run, before: Run) -> list[Change]:
    """Where two runs of a cycle part, by rule and subject; equal ones are left out."""
    then, now = _by_subject(before), _by_subject(run)
    apart = [key for key in sorted(then.keys() | now.keys()) if _said(then.get(key)) != _said(now.get(key))]
    shown = {d.pk: d for d in _shown([d.pk for key in apart for d in (then.get(key), now.get(key)) if d])}
    return [Change(key[0], *(shown[d.pk] if d else None for d in (then.get(key), now.get(key)))) for key in apart]


def _by_subject(run: Run) -> dict[tuple[str, int, int], Decision]:
    known = run.decisions.only("run", "rule", "officer", "unit", "status", "outcome")
    return {(d.rule, d.officer_id or 0, d.unit_id or 0): d for d in known}


def _said(decision: Decision | None) -> tuple[str, str] | None:
    return (decision.status, decision.outcome) if decision else None


def _shown(pks: Sequence[int]) -> QuerySet[Decision]:
    return Decision.objects.filter(pk__in=pks).select_related("officer__unit", "unit", "case")


def previous_run(run: Run) -> Run | None:
    """The run of the cycle right before this one."""
    earlier = Q(as_of__lt=run.as_of) | Q(as_of=run.as_of, number__lt=run.number)
    return run.cycle.runs.filter(earlier).order_by("-as_of", "-number").first()


def withdrawals(cycle: Cycle) -> QuerySet[Decision]:
    """Live decisions whose case goes on though the latest run no longer decides them open."""
    latest = cycle.runs.order_by("-as_of", "-number").first()
    going_on = Decision.objects.live().filter(cycle=cycle, case__closed_at=None, case__isnull=False)
    gone = going_on.exclude(Q(run=latest, status=DecisionStatus.OPEN) | Q(status=DecisionStatus.WITHDRAWN))
    return gone.select_related("officer__unit", "unit", "case", "run").order_by("rule", "pk")


def waiting_to_open(run: Run) -> QuerySet[Decision]:
    """Decided in this run, and no case carries it yet."""
    return run.decisions.to_open().select_related("officer__unit", "unit").order_by("rule", F("officer__badge").asc())


@dataclass(frozen=True, slots=True)
class CycleLine:
    """A cycle as the list of runs shows it."""

    cycle: Cycle
    run: Run | None
    counts: Mapping[str, int]
    waiting: int


def cycles_with_runs() -> list[CycleLine]:
    """Every cycle with its latest run, newest first; three reads however many there are."""
    cycles = list(Cycle.objects.order_by("-ends_on", "kind"))
    latest = {run.cycle_id: run for run in Run.objects.select_related("policy").order_by("as_of", "number")}
    counts: dict[int, Counter[str]] = {}
    waiting: Counter[int] = Counter()
    decided = Decision.objects.filter(run__in=[run.pk for run in latest.values()])
    by_status = decided.values_list("run", "status").annotate(all=Count("pk"), carried=Count("case")).order_by()
    for run, status, count, carried in by_status:
        counts.setdefault(run, Counter())[status] = count
        waiting[run] += count - carried if status == DecisionStatus.OPEN else 0
    return [
        CycleLine(cycle, run, counts.get(run.pk, Counter()) if run else {}, waiting[run.pk] if run else 0)
        for cycle in cycles
        for run in [latest.get(cycle.pk)]
    ]
