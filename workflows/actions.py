"""The one door: every case is opened and moved here, alone or twenty thousand at a time."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django_fsm import FSMMeta, Transition, TransitionNotAllowed

from people.models import Account
from people.roles import Role
from workflows import clock as clocks
from workflows import kinds, rows, statements
from workflows.calendars import Clock
from workflows.capacity import may_act
from workflows.history import GENESIS, NOTHING, Act, link
from workflows.kinds import Kind, Moment, Step
from workflows.models import Case, CaseReason, uuid7s
from workflows.moves import write_births, write_entries, write_moves, write_reasons
from workflows.refusals import Outcome, Reason, Refusal, StepFailed, Unmet
from workflows.work_items import Move, Router

log = logging.getLogger(__name__)

CHUNK = 10_000


@dataclass(frozen=True, kw_only=True)
class Order:
    """One call, the same for each of its chunks. `by_right`: what a permitted step causes asks for no permission."""

    kind: Kind
    actor: Account
    clock: Clock
    act: Act
    by_right: bool = False

    @cached_property
    def moment(self) -> Moment:
        return Moment(actor=self.actor, at=self.clock.at, calendar=self.clock.calendar)

    def router(self, cases: Sequence[Case]) -> Router:
        return Router.of_cases(self.kind, cases, self.clock.day)


# Moving ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StepOrder(Order):
    step: Step
    inputs: Mapping[str, Any]
    seen: Mapping[UUID, int]
    reasons: Mapping[UUID, Sequence[CaseReason]]


@cache
def _edges(step: Step) -> Mapping[str, Transition]:
    """What django-fsm holds for a step, by the state it would leave."""
    fsm: FSMMeta = step._django_fsm  # type: ignore[attr-defined]
    states = kinds.of(step).model.State.values  # type: ignore[attr-defined]
    return {state: edge for state in states if (edge := fsm.has_transition(state) and fsm.get_transition(state))}


def advance(  # noqa: PLR0913 - the one door: all that can be said of a step is said here
    cases: Collection[UUID],
    step: Step,
    *,
    actor: Account,
    clock: Clock | None = None,
    note: str = "",
    inputs: Mapping[str, Any] = NOTHING,
    seen: Mapping[UUID, int] = NOTHING,
    request_key: UUID | None = None,
    reasons: Mapping[UUID, Sequence[CaseReason]] = NOTHING,
) -> Outcome:
    """Take `step` on each case that can take it, and say of each other case why not.

    `seen` holds the versions the caller looked at. A call repeated with its `request_key` changes nothing twice.
    `reasons` are added to the cases that take the step. The set is cut into chunks, each a transaction of its own: call
    this outside a transaction where that matters.
    """
    clock = clock or clocks.now()
    order = StepOrder(
        kind=kinds.of(step),
        step=step,
        actor=actor,
        clock=clock,
        act=Act.of(step.__name__, actor=actor, at=clock.at, note=note, inputs=inputs, request_key=request_key),
        inputs=inputs,
        seen=seen,
        reasons=reasons,
    )
    return carry_out(cases, order)


def carry_out(cases: Collection[UUID], order: StepOrder) -> Outcome:
    _ = order.actor.grants  # read before queries are forbidden
    outcome = Outcome()
    keys = {case.int: case for case in cases}  # a UUID hashes in Python, a number does not
    waiting = iter([keys[number] for number in sorted(keys)])
    while chunk := list(islice(waiting, CHUNK)):
        try:
            done = _advance_chunk(chunk, order)
        except StepFailed as failed:
            failed.outcome = outcome
            raise
        outcome.add(done)
        _tell(order.kind.name, order.act.step, taken=len(done.taken), refused=len(done.refused))
    return outcome


@transaction.atomic
def _advance_chunk(ids: Sequence[UUID], order: StepOrder) -> Outcome:
    locked = rows.lock(order.kind.model, ids)
    outcome = _repeated(ids, order)
    if len(locked) < len(ids):
        outcome.refused |= dict.fromkeys(set(ids) - {case.id for case in locked}, Refusal(Reason.NOT_FOUND))
    with rows.without_queries():
        taken = _take(locked, order, outcome)
    taken = _run_effects(taken, order, outcome)
    outcome.taken = [trial.case.id for trial in taken]
    if taken:
        _write_fields(taken, order.kind.model)
        moves = [_moved(trial, order.act) for trial in taken]
        router = order.router([trial.case for trial in taken])
        with rows.writer() as cursor:
            write_moves(cursor, order.kind, moves, order.act, router, order.clock)
            reasons = [(case, order.reasons[case]) for case in outcome.taken if case in order.reasons]
            write_reasons(cursor, reasons, order.clock.at)
    return outcome


def _repeated(ids: Sequence[UUID], order: StepOrder) -> Outcome:
    """Cases the same call has moved before; and those on which its key stands for something else."""
    outcome = Outcome()
    if order.act.request_key is None:
        return outcome
    said = (order.act.step, order.act.actor_id, order.act.note, order.act.inputs)
    with connection.cursor() as cursor:
        cursor.execute(statements.REPEATED, {"ids": rows.array(ids), "request_key": order.act.request_key})
        for case, *earlier in cursor.fetchall():
            if tuple(earlier) == said:
                outcome.repeated.append(case)
            else:
                outcome.refused[case] = Refusal(Reason.KEY_REUSED)
    return outcome


class Trial(NamedTuple):
    """A case on which a step was tried in memory, and what it held before."""

    case: Case
    before: dict[str, Any]


def _take(locked: Sequence[Case], order: StepOrder, outcome: Outcome) -> list[Trial]:
    """Run the step in memory on each case; return the cases that took it."""
    taken = []
    answered = {*outcome.repeated, *outcome.refused}
    for case in locked:
        if answered and case.id in answered:
            continue
        before = rows.snapshot(case)
        if refusal := _refusal(case, order):
            outcome.refused[case.id] = refusal
        else:
            taken.append(Trial(case, before))
    return taken


def _refusal(case: Case, order: StepOrder) -> Refusal | None:
    """Take the step in memory. Guards are asked by name only after django-fsm said no, so that they run once."""
    state = case.__dict__["state"]
    if order.seen and order.seen.get(case.id, case.version) != case.version:
        return Refusal(Reason.OUTRUN)
    edge = _edges(order.step).get(state)
    if edge is None:
        return Refusal(Reason.NOT_POSSIBLE)
    if not _permits(case, edge, order):
        return Refusal(Reason.NOT_PERMITTED)
    try:
        order.step(case, **order.inputs)
    except TransitionNotAllowed:
        unmet = [guard.words for guard in edge.conditions if not guard(case)]  # type: ignore[attr-defined]
        return Refusal(Reason.UNMET, "；".join(map(str, unmet)))
    except Unmet as unmet:
        return Refusal(Reason.UNMET, str(unmet))
    except Exception as error:
        raise StepFailed(order.act.step, case.id, error) from error
    return None


def _permits(case: Case, edge: Transition, order: Order) -> bool:
    """Whether the actor may take it; one who stands in for somebody, whether what he was lent covers it."""
    if order.by_right:
        return True
    permitted = edge.permission is not None and edge.has_perm(case, order.actor)
    return permitted and (order.actor.deputy is None or may_act(order.actor, case, edge))


def _run_effects(taken: list[Trial], order: Order, outcome: Outcome) -> list[Trial]:
    entered = {trial.case.__dict__["state"] for trial in taken}
    for state in [state for state in order.kind.effects if state in entered]:
        for effect in order.kind.effects[state]:
            if entering := [trial.case for trial in taken if trial.case.__dict__["state"] == state]:
                outcome.refused |= effect(entering, order.moment)
                taken = [trial for trial in taken if trial.case.id not in outcome.refused]
    return taken


def _write_fields(taken: Sequence[Trial], model: type[Case]) -> None:
    """What the step and its effects set: fields of the kind's own table, and the title, which a step may reword."""
    names = {name for case, before in taken for name in rows.changed(case, before)}
    own = [field for field in rows.own_fields(model) if field.attname in names]
    parent = [field for field in rows.parent_fields(model) if field.attname in names]
    if stray := [field.attname for field in parent if field.attname != "title"]:
        raise TypeError(f"{model.__name__}: a step may not set {', '.join(stray)}")
    cases = [trial.case for trial in taken]
    rows.write(model, cases, own)
    rows.write(Case, cases, parent)


def _moved(trial: Trial, act: Act) -> Move:
    case, source = trial.case, trial.before["state"]
    key, number, target = case.id.bytes, case.version + 1, str(case.__dict__["state"])
    digest = link(bytes(case.head), act, key, number, source=source, target=target)
    return Move(case, key, number, source, target, digest)


# Opening ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A case to open. `key` says what it is about: the same key opens once. In a `slot` only one case is open."""

    key: str
    title: str
    unit_path: str
    line_path: str
    officer_id: int | None = None
    unit_id: int | None = None
    slot: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    reasons: Sequence[CaseReason] = ()


@dataclass(slots=True)
class Opened:
    """The new cases, by their keys too; and the keys the actor may not open. What was open already is in neither."""

    cases: list[UUID] = field(default_factory=list)
    by_key: dict[str, UUID] = field(default_factory=dict)
    refused: dict[str, Refusal] = field(default_factory=dict)


def open_cases(
    openings: Sequence[Opening], kind: Kind, *, actor: Account, clock: Clock | None = None, note: str = ""
) -> Opened:
    """Open what is not open yet, as far as the actor may."""
    clock = clock or clocks.now()
    act = Act.of("open", actor=actor, at=clock.at, note=note)
    return carry_in(openings, Order(kind=kind, actor=actor, clock=clock, act=act))


def carry_in(openings: Sequence[Opening], order: Order) -> Opened:
    opened = Opened()
    permitted = {}
    paths = order.actor.paths(*order.kind.openers, Role.SYSTEM)  # the machines open what people decided
    for opening in openings:
        if order.by_right or opening.unit_path.startswith(paths) or _about_himself(opening, order):
            permitted[opening.key] = opening
        else:
            opened.refused[opening.key] = Refusal(Reason.NOT_PERMITTED)
    # Sorted, so that two openers wait for each other instead of locking each other out: first by slot, then by key.
    waiting = iter(sorted(permitted.values(), key=attrgetter("slot", "key")))
    while chunk := list(islice(waiting, CHUNK)):
        born = _open_chunk(chunk, order)
        opened.by_key |= born
        _tell(order.kind.name, order.act.step, taken=len(born), refused=0)
    opened.cases = list(opened.by_key.values())
    return opened


def _tell(kind: str, step: str, *, taken: int, refused: int) -> None:
    """A line for a whole chunk; the figures of the monitor are counted from it."""
    said = {"action": "steps_taken", "kind": kind, "step": step, "taken": taken, "refused": refused}
    log.info("steps were taken", extra=said)


def _about_himself(opening: Opening, order: Order) -> bool:
    """An officer opens what is about himself, where the kind lets him."""
    own = order.actor.officer_id
    return Role.OFFICER in order.kind.openers and own is not None and opening.officer_id == own


@transaction.atomic
def _open_chunk(chunk: Sequence[Opening], order: Order) -> dict[str, UUID]:
    births = _births(chunk, order)
    with rows.writer() as cursor:
        born = write_births(cursor, order.kind, births, order.clock.at)
    new = [birth for birth in births if birth.case.id in born]
    outcome = Outcome()
    _run_effects([Trial(birth.case, {}) for birth in new], order, outcome)
    if outcome.refused:
        raise TypeError(f"{order.kind.name}: an effect of the first state may not refuse")
    router = order.router([birth.case for birth in new])
    with rows.writer() as cursor:
        rows.insert_own(cursor, order.kind.model, [birth.case for birth in new])
        write_entries(cursor, order.kind, new, order.act, router, order.clock)
        ids = {birth.case.key: birth.case.id for birth in new}
        write_reasons(cursor, [(ids[o.key], o.reasons) for o in chunk if o.key in ids and o.reasons], order.clock.at)
    return ids


def _births(chunk: Sequence[Opening], order: Order) -> list[Move]:
    kind, act, state = order.kind, order.act, str(order.kind.initial)
    alike = {
        "kind": kind.name,
        "kind_version": kind.version,
        "state": state,
        "version": 1,
        "opened_at": act.at,
        "state_since": act.at,
        "closed_at": None,
        "outcome": "",
    }
    template = rows.defaults(kind.model) | alike
    births = []
    for case, opening in zip(uuid7s(len(chunk)), chunk, strict=True):
        born = rows.newborn(kind.model, template | _said(opening, case), opening.fields)
        digest = link(GENESIS, act, case.bytes, 1, source="", target=state)
        births.append(Move(born, case.bytes, 1, "", state, digest))
    return births


def _said(opening: Opening, case: UUID) -> dict[str, Any]:
    return {
        "id": case,
        "case_ptr_id": case,
        "key": opening.key,
        "slot": opening.slot,
        "title": opening.title,
        "officer_id": opening.officer_id,
        "unit_id": opening.unit_id,
        "unit_path": opening.unit_path,
        "line_path": opening.line_path,
    }
