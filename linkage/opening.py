"""From decisions to cases: what is open and has no case yet gets one, or joins the one its subject has already.

Everything here can be killed half-way and run again: a case's reason carries the decision's own key and is unique, so
what was opened is found again and only linked.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from appraisal.actions import link_cycle
from linkage import register
from linkage.evaluation import latest_run
from linkage.models import Decision, Run
from linkage.refusals import UnknownKind
from linkage.rules import Policy as Tree
from linkage.wording import cited
from people.models import Account
from people.queries import Line, lines, parent
from workflows import actions, kinds
from workflows.calendars import Clock
from workflows.clock import now
from workflows.kinds import DecisionView, Kind, Step
from workflows.models import Case, CaseReason
from workflows.progress import Tell, silent

CHUNK = 2_000  # decisions between which a job tells how far it is, and can be stopped
LINK = """
UPDATE linkage_decision d SET case_id = r.case_id
FROM workflows_casereason r, appraisal_cycle c
WHERE d.cycle_id = %(cycle)s AND d.live AND d.status = 'open' AND d.case_id IS NULL AND c.id = d.cycle_id
  AND r.source = c.code || ':' || d.rule || ':' || COALESCE(
      (SELECT badge FROM people_officer o WHERE o.id = d.officer_id),
      (SELECT code FROM people_unit u WHERE u.id = d.unit_id))
      || CASE WHEN d.attempt > 1 THEN '~' || d.attempt ELSE '' END
"""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What one call of `open_run` needs again and again."""

    run: Run
    actor: Account
    clock: Clock
    tree: Tree
    lines: Mapping[int, Line]


@dataclass(slots=True)
class Opened:
    """New cases by kind, and how many decisions joined a case that was open already."""

    cases: Counter[str] = field(default_factory=Counter)
    joined: int = 0


def open_run(
    run: Run,
    *,
    actor: Account,
    clock: Clock | None = None,
    only: Collection[int] | None = None,
    tell: Tell = silent,
) -> Opened:
    """Open what the run decided and no case carries yet; `only` names decisions, none means all.

    A run that is not its cycle's latest opens nothing: what it says may no longer hold. Each chunk is a transaction of
    its own: stopped between two of them and called again, it goes on.
    """
    opened = Opened()
    if run != latest_run(run.cycle):
        return opened
    clock = clock or now()
    _link(run)
    waiting = _waiting(run, only)
    done = 0
    for name, decisions in _chunks(_by_kind(waiting)):
        kind = kinds.get(name)
        tell(done, len(waiting), _("正在开立：%(kind)s") % {"kind": kind.title})
        _open_kind(kind, decisions, _work(run, decisions, actor, clock), opened)
        done += len(decisions)
    tell(done, len(waiting), _("正在核对"))
    _link(run)
    link_cycle(run.cycle, actor=actor)
    return opened


def _chunks(by_kind: Mapping[str, Sequence[Decision]]) -> Iterator[tuple[str, Sequence[Decision]]]:
    for name, decisions in by_kind.items():
        for start in range(0, len(decisions), CHUNK):
            yield name, decisions[start : start + CHUNK]


def _waiting(run: Run, only: Collection[int] | None) -> list[Decision]:
    waiting = Decision.objects.to_open().filter(run=run).select_related("officer", "unit").order_by("rule", "pk")
    return list(waiting if only is None else waiting.filter(pk__in=only))


def _work(run: Run, decisions: Sequence[Decision], actor: Account, clock: Clock) -> Work:
    officers = [decision.officer_id for decision in decisions if decision.officer_id]
    served = lines(officers, clock.day)
    return Work(run=run, actor=actor, clock=clock, tree=register.parsed(run.policy), lines=served)


def _by_kind(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    found = defaultdict(list)
    known = {kind.name for kind in kinds.registered()}
    for decision in decisions:
        if decision.kind not in known:
            raise UnknownKind(f"{decision.rule}: {decision.outcome}")
        found[decision.kind].append(decision)
    return found


def _open_kind(kind: Kind, decisions: Sequence[Decision], work: Work, opened: Opened) -> None:
    if kind.join is None:
        opened.cases[kind.name] += _open(kind, decisions, work)
        return
    for round_of_one in _rounds(decisions):
        carried = _joinable(kind, round_of_one)
        opened.joined += _join(kind, kind.join, [d for d in round_of_one if slot(d) in carried], carried, work)
        opened.cases[kind.name] += _open(kind, [d for d in round_of_one if slot(d) not in carried], work)


def _rounds(decisions: Sequence[Decision]) -> list[list[Decision]]:
    """The first decision of each subject, then the second, and so on: one call moves a case once."""
    rounds: list[list[Decision]] = []
    seen: Counter[str] = Counter()
    for decision in decisions:
        place = seen[slot(decision)]
        seen[slot(decision)] += 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(decision)
    return rounds


def _joinable(kind: Kind, decisions: Sequence[Decision]) -> dict[str, UUID]:
    slots = [slot(decision) for decision in decisions]
    held = Case.objects.filter(kind=kind.name, slot__in=slots, closed_at=None)
    return dict(held.values_list("slot", "pk"))


def _open(kind: Kind, decisions: Sequence[Decision], work: Work) -> int:
    openings = list(map(partial(_opening, kind, work=work), decisions))
    return len(actions.open_cases(openings, kind, actor=work.actor, clock=work.clock).cases)


def _opening(kind: Kind, decision: Decision, *, work: Work) -> actions.Opening:
    title, fields = kind.from_decision(view(decision, work.run)) if kind.from_decision else (decision.word, {})
    unit_path, line_path = _place(decision, work)
    return actions.Opening(
        key=source(decision, work.run),
        slot=slot(decision) if kind.join else "",
        title=title,
        officer_id=decision.officer_id,
        unit_id=decision.unit_id,
        unit_path=unit_path,
        line_path=line_path,
        fields=fields,
        reasons=[reason(decision, work)],
    )


def _place(decision: Decision, work: Work) -> tuple[str, str]:
    if decision.unit:  # the head of the unit above answers for a unit
        return decision.unit.path, parent(decision.unit.path) or decision.unit.path
    line = work.lines[decision.officer_id or 0]
    return line.unit_path, line.line_path


def _join(kind: Kind, join: Step, decisions: Sequence[Decision], carried: Mapping[str, UUID], work: Work) -> int:
    together = defaultdict(list)
    for decision in decisions:
        inputs = kind.join_inputs(view(decision, work.run)) if kind.join_inputs else {}
        together[tuple(sorted(inputs.items()))].append(decision)
    joined = 0
    for said, alike in together.items():
        reasons = {carried[slot(d)]: [reason(d, work)] for d in alike}
        outcome = actions.advance(reasons, join, actor=work.actor, clock=work.clock, inputs=dict(said), reasons=reasons)
        joined += len(outcome.taken)
    return joined


def _link(run: Run) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LINK, {"cycle": run.cycle_id})


def slot(decision: Decision) -> str:
    return f"officer:{decision.officer_id}" if decision.officer_id else f"unit:{decision.unit_id}"


def source(decision: Decision, run: Run) -> str:
    """The decision's own key, the same in every run of the cycle: `2025:P04:2200081`; decided again, `...~2`."""
    subject = decision.officer.badge if decision.officer else decision.unit.code  # type: ignore[union-attr]
    again = f"~{decision.attempt}" if decision.attempt > 1 else ""
    return f"{run.cycle.code}:{decision.rule}:{subject}{again}"


def view(decision: Decision, run: Run) -> DecisionView:
    return DecisionView(
        rule=decision.rule, cycle=run.cycle.code, outcome=decision.word, focus=decision.focus, dose=decision.dose
    )


def reason(decision: Decision, work: Work) -> CaseReason:
    rule = work.tree.rules[decision.rule]
    return CaseReason(
        source=source(decision, work.run),
        code=decision.rule,
        title_zh=rule.title.zh,
        title_en=rule.title.en,
        words_zh=decision.words_zh,
        words_en=decision.words_en,
        basis=cited(rule.basis),
        evidence=decision.evidence,
        added_at=work.clock.at,
    )
