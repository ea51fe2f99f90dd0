"""What a later run makes of what was decided: to open, release, refill, hold, resume, withdraw, revoke, or change.

Read from the decisions, their cases and what people have settled: nothing is kept of a proposal, so that asked twice it
is proposed once, and what was confirmed is gone from the list because the case has moved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from linkage import queries
from linkage.evaluation import evaluate, latest_run
from linkage.late_causes import causes
from linkage.models import Decision, DecisionStatus, LateChange, Run, Settled, What
from linkage.refusals import RunIsLater
from people.models import Account, Officer, Unit
from workflows import kinds
from workflows.kinds import Kind, Step
from workflows.models import Case
from workflows.progress import Tell, silent

Key = tuple[str, int, int]  # rule, officer, unit
TO_OPEN = {"held": What.RELEASE, "blocked": What.RELEASE, "over_quota": What.REFILL}
OPENING = (What.OPEN, What.RELEASE, What.REFILL)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One change of what was decided. Without a step it says what is to be done instead."""

    what: What
    run: Run
    before: Decision | None
    after: Decision | None  # None: the run decides nothing on the subject
    case: Case | None = None
    step: Step | None = None
    barred: str = ""

    @property
    def decision(self) -> Decision:
        found = self.after or self.before
        if found is None:
            raise TypeError("a proposal without any decision")
        return found

    @cached_property
    def causes(self) -> Sequence[Mapping[str, str]]:
        """Read where they are shown or kept: some reads for each, and a cycle may have thousands of proposals."""
        return causes(self.run, self.before, self.after)

    @property
    def subject(self) -> Officer | Unit:
        return self.decision.subject

    @property
    def code(self) -> str:
        return self.subject.badge if isinstance(self.subject, Officer) else self.subject.code

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.what}:{self.decision.pk}"

    @property
    def kind(self) -> Kind | None:
        return kinds.find(self.decision.kind)

    @property
    def grounds(self) -> Mapping[str, Any]:
        """Of which one must be given: what was given in good faith is not taken back without its own ground."""
        return self.kind.grounds if self.kind and self.what == What.REVOKE else {}

    @property
    def said(self) -> str:
        now = f"{self.after.status}:{self.after.outcome}" if self.after else ""
        return f"{self.what}:{now}"

    @property
    def is_ready(self) -> bool:
        """Whether confirming takes a step."""
        return self.step is not None or self.what in OPENING

    @property
    def starts_ticked(self) -> bool:
        """Not where something is doubtful: what was given, and what hangs on others or on the mere day."""
        if self.what == What.RESUME and not _held_by_us(self.decision):
            return False  # somebody suspended it by hand, and knows why
        is_own = any(row["recorded_on"] for row in self.causes)
        return self.is_ready and self.what not in (What.REVOKE, What.OUTCOME) and (is_own or self.what == What.REFILL)


def proposals(cycle: Cycle) -> list[Proposal]:
    """Of the cycle's latest run against what was decided and opened before it. None, where there was no run before."""
    run = latest_run(cycle)
    if run is None or queries.previous_run(run) is None:
        return []
    found = [*_openings(run), *_of_running_cases(run), *_resumed(run), *_of_ended_cases(run), *_otherwise(run)]
    settled = _settled(cycle)
    return [one for one in found if (*_key(one.decision), one.said) not in settled]


def _settled(cycle: Cycle) -> set[tuple[Any, ...]]:
    """What somebody has left as it was, or handed on: as long as the run says the same, it is not asked again."""
    rows = LateChange.objects.filter(cycle=cycle, settled__in=[Settled.LEFT, Settled.HANDED])
    return {(row.rule, row.officer_id or 0, row.unit_id or 0, row.said) for row in rows}


def _key(decision: Decision) -> Key:
    return decision.rule, decision.officer_id or 0, decision.unit_id or 0


def _shown(found: QuerySet[Decision]) -> QuerySet[Decision]:
    return found.select_related("officer__unit", "unit", "case", "run", "cycle")


def _earlier(run: Run) -> QuerySet[Decision]:
    """What the runs before it decided, newest first."""
    before = Q(run__as_of__lt=run.as_of) | Q(run__as_of=run.as_of, run__number__lt=run.number)
    return _shown(Decision.objects.filter(before, cycle=run.cycle)).order_by("-run__as_of", "-run__number")


def _openings(run: Run) -> Iterator[Proposal]:
    """Open now, without a case, and some run before said otherwise: else it only waits to be opened at all."""
    waiting = list(_shown(run.decisions.to_open()))
    runs_before = run.cycle.runs.count() - 1
    said: dict[Key, list[Decision]] = {}
    for decision in _about(_earlier(run), waiting):
        said.setdefault(_key(decision), []).append(decision)
    for decision in waiting:
        before = said.get(_key(decision), [])
        if len(before) == runs_before and all(one.status == DecisionStatus.OPEN for one in before):
            continue
        other = next((one for one in before if one.status != DecisionStatus.OPEN), None)
        what = TO_OPEN.get(other.status, What.OPEN) if other else What.OPEN
        yield _proposal(what, run, before=other, after=decision)


def _about(found: QuerySet[Decision], decisions: Sequence[Decision]) -> QuerySet[Decision]:
    """Those on the same subjects by the same rules."""
    return found.filter(
        Q(officer__in=[d.officer_id for d in decisions if d.officer_id])
        | Q(unit__in=[d.unit_id for d in decisions if d.unit_id]),
        rule__in={d.rule for d in decisions},
    )


def _of_running_cases(run: Run) -> Iterator[Proposal]:
    """The case goes on, and the run holds the decision up or no longer makes it."""
    for decision in _shown(queries.withdrawals(run.cycle)):
        case, kind = decision.case, kinds.find(decision.kind)
        if case is None or kind is None:
            continue
        now = decision if decision.run_id == run.pk else None
        before = decision if now is None else _first_open(run, decision)
        if now is not None and now.status == DecisionStatus.HELD:
            if not _stands_still(kind, case):
                yield _proposal(What.HOLD, run, before=before, after=now, case=case, steps=(kind.suspend, kind.hold))
        elif kinds.possible(kind.withdraw, case.state) or not kinds.possible(kind.revoke, case.state):
            yield _proposal(What.WITHDRAW, run, before=before, after=now, case=case, steps=(kind.withdraw,))
        else:
            yield _proposal(What.REVOKE, run, before=before, after=now, case=case, steps=(kind.revoke,))


def _first_open(run: Run, decision: Decision) -> Decision | None:
    """The decision from which the case was opened."""
    earlier = _about(_earlier(run), [decision]).filter(case=decision.case, status=DecisionStatus.OPEN)
    return earlier.last()


def _stands_still(kind: Kind, case: Case) -> bool:
    """Suspended, or held by another case: it need not be stopped once more."""
    return case.state in _still(kind)


def _still(kind: Kind) -> set[str]:
    step = kind.suspend or kind.hold
    return {target for edge in kinds.edges(step) for target in kinds.targets(edge)} if step else set()


def _resumed(run: Run) -> Iterator[Proposal]:
    """Decided open, and its case is suspended: what it was suspended for has ended."""
    for kind in kinds.registered():
        step = kind.resume if kind.suspend else kind.release
        still = run.decisions.filter(status=DecisionStatus.OPEN, case__kind=kind.name, case__state__in=_still(kind))
        for decision in _shown(still):
            before = _about(_earlier(run), [decision]).exclude(status=DecisionStatus.OPEN).first()
            if (kind.suspend and before) or _held_by_us(decision):
                yield _proposal(What.RESUME, run, before=before, after=decision, case=decision.case, steps=(step,))


def _held_by_us(decision: Decision) -> bool:
    """Whether what holds the case is what somebody confirmed here, and not an objection."""
    done = LateChange.objects.filter(case=decision.case, settled=Settled.DONE, what__in=[What.HOLD, What.RESUME])
    latest = done.order_by("-at", "-id").first()
    return latest is not None and latest.what == What.HOLD


def _of_ended_cases(run: Run) -> Iterator[Proposal]:
    """What was given, and the run no longer says so. An inquiry alone takes nothing back."""
    ended = list(_earlier(run).filter(status=DecisionStatus.OPEN, case__closed_at__isnull=False))
    now = {_key(one): one for one in _about(_shown(run.decisions.all()), ended)} if ended else {}
    seen: set[Key] = set()
    for decision in ended:
        key, case, kind = _key(decision), decision.case, kinds.find(decision.kind)
        after = now.get(key)
        if key in seen or case is None or kind is None:
            continue
        seen.add(key)
        gone = after is None or after.status in (DecisionStatus.BLOCKED, DecisionStatus.OVER_QUOTA)
        if gone and kinds.possible(kind.revoke, case.state):
            yield _proposal(What.REVOKE, run, before=decision, after=after, case=case, steps=(kind.revoke,))


def _otherwise(run: Run) -> Iterator[Proposal]:
    """Still decided, with another outcome than that of the case: it ends, and a new one opens."""
    same = Decision.objects.filter(case=OuterRef("case"), rule=OuterRef("rule"), status=DecisionStatus.OPEN)
    other = same.exclude(outcome=OuterRef("outcome"))
    running = run.decisions.filter(Exists(other), status=DecisionStatus.OPEN, case__closed_at=None)
    for decision in _shown(running):
        before, kind = _first_open(run, decision), kinds.find(decision.kind)
        if before and kind and before.outcome != decision.outcome:
            found = (kind.withdraw,)
            yield _proposal(What.OUTCOME, run, before=before, after=decision, case=decision.case, steps=found)


def _proposal(
    what: What,
    run: Run,
    *,
    before: Decision | None,
    after: Decision | None,
    case: Case | None = None,
    steps: Sequence[Step | None] = (),
) -> Proposal:
    step = next((one for one in steps if case is not None and kinds.possible(one, case.state)), None)
    barred = "" if step or what in OPENING else _barred(what, case)
    return Proposal(what=what, run=run, before=before, after=after, case=case, step=step, barred=barred)


def _barred(what: What, case: Case | None) -> str:
    """Why no step fits, and what to do."""
    kind = kinds.find(case.kind) if case else None
    if case is None or kind is None:
        return _("这类事项没有可以采取的步骤，请人工处理并写明情况。")
    told = {"state": kind.label_of(case.state), "kind": kind.title}
    if what == What.HOLD:
        return _("“%(state)s”的%(kind)s不能暂停。请在事项页办完或退回这一步，再来确认。") % told
    return _("“%(state)s”的%(kind)s没有撤回或恢复的步骤。请在事项页按程序办到可以恢复的一步，再来确认。") % told


def reevaluate(cycle: Cycle, *, as_of: date, actor: Account, tell: Tell = silent) -> Run:
    """Decide once more, as known on a later day, by the policy that decided; no case is touched."""
    last = latest_run(cycle)
    if last is not None and as_of < last.as_of:
        words = _("已按 %(day)s 所知认定过，请选这一天或更晚的日期。")
        raise RunIsLater(words % {"day": last.as_of.isoformat()})
    return evaluate(cycle, as_of=as_of, actor=actor, tell=tell, policy=last.policy if last else None)


def as_data(run: Run, found: Sequence[Proposal]) -> dict[str, Any]:
    return {
        "cycle": run.cycle.code,
        "as_of": run.as_of.isoformat(),
        "run": run.pk,
        "policy": str(run.policy),
        "proposals": [_as_row(one) for one in found],
    }


def _as_row(one: Proposal) -> dict[str, Any]:
    return {
        "rule": one.decision.rule,
        "subject": one.code,
        "what": one.what.value,
        "before": _status(one.before),
        "after": _status(one.after),
        "case": str(one.case.pk) if one.case else None,
        "step": one.step.__name__ if one.step else None,
        "barred": one.barred,
        "needs_ground": list(one.grounds),
        "causes": list(one.causes),
    }


def _status(decision: Decision | None) -> dict[str, str] | None:
    return {"status": decision.status, "outcome": decision.outcome} if decision else None


def line(one: Proposal) -> str:
    """One change on one line, for the terminal."""
    why = "；".join(row["zh"] for row in one.causes)
    return f"{one.decision.rule:<8}{one.code:<12}{one.what.value:<10}{why}{f'。{one.barred}' if one.barred else ''}"
