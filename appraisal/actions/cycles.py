"""The steps of a cycle: one row changes, and one record says who took the step and why."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import Transition, can_proceed

from appraisal.findings import report
from appraisal.models import Cycle, CycleRecord, CycleState, Objection
from appraisal.permissions import holds_at_the_top
from people.models import Account
from people.refusals import NotPermitted, Unfit
from people.roles import Role
from workflows import clock as clocks
from workflows.calendars import Clock, Deadline, local_day
from workflows.refusals import Reason, Refusal

CycleStep = Callable[..., Any]
NOTICE = Deadline(number=5)  # 公务员考核规定(2020): 公示期不少于5个工作日


@transaction.atomic
def take_cycle_step(
    cycle: Cycle, step: CycleStep, *, actor: Account, note: str = "", clock: Clock | None = None
) -> Refusal | None:
    """Take `step` (`Cycle.publish`) on the cycle, or say why not. The cycle given is brought up to date."""
    clock = clock or clocks.now()
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    refusal = barrier(locked, step, actor=actor, clock=clock, note=note)
    if refusal is None:
        _take(locked, step, actor=actor, note=note, clock=clock)
    cycle.refresh_from_db()
    return refusal


def barrier(cycle: Cycle, step: CycleStep, *, actor: Account, clock: Clock, note: str = "") -> Refusal | None:
    """Why the actor cannot take the step now. A page asks before it offers the button."""
    edge = edge_of(cycle, step)
    if edge is None or not can_proceed(getattr(cycle, step.__name__), check_conditions=False):
        return Refusal(Reason.NOT_POSSIBLE)
    if not edge.has_perm(cycle, actor):
        return Refusal(Reason.NOT_PERMITTED)
    unmet = missing(cycle, step, clock)
    if unmet:
        return Refusal(Reason.UNMET, unmet)
    if edge.custom["harm"] and not note.strip():
        return Refusal(Reason.UNMET, _("请写明理由"))
    return None


def edge_of(cycle: Cycle, step: CycleStep) -> Transition | None:
    meta = step._django_fsm  # type: ignore[attr-defined]
    edge: Transition | None = meta.get_transition(cycle.state) if meta.has_transition(cycle.state) else None
    return edge


def missing(cycle: Cycle, step: CycleStep, clock: Clock) -> str:
    """What the step still asks for, in words. A quota breach is not among it: it is reported, not barred."""
    if step is Cycle.check_results and not cycle.results.exists():
        return _("这个周期还没有任何结果")
    if step is Cycle.end_notice and (last := last_day_of_notice(cycle, clock)) and clock.day <= last:
        return _("公示到 %(day)s 为止，期满后才能结束") % {"day": last.isoformat()}
    if step is Cycle.finalise:
        pending = open_objections(cycle)
        if pending:
            return _("还有 %(count)s 件对本周期结果的异议没有办结") % {"count": pending}
    return ""


def open_objections(cycle: Cycle) -> int:
    return Objection.objects.filter(result__cycle=cycle, closed_at__isnull=True).count()


def notice_ends(clock: Clock) -> date:
    return clock.calendar.due(clock.day, NOTICE).day


def last_day_of_notice(cycle: Cycle, clock: Clock) -> date | None:
    """As was told when it began, or later, where holidays were published since."""
    begun = cycle.records.filter(target=CycleState.ON_NOTICE).values_list("at", flat=True).first()
    if begun is None or cycle.notice_until is None:
        return cycle.notice_until
    return max(cycle.notice_until, clock.calendar.due(local_day(begun), NOTICE).day)


def _take(cycle: Cycle, step: CycleStep, *, actor: Account, note: str, clock: Clock) -> None:
    source = cycle.state
    figures: dict[str, int] = {}
    if step is Cycle.publish:
        cycle.publish(notice_until=notice_ends(clock))
    else:
        step(cycle)
    if step is Cycle.check_results:
        figures = report(cycle, clock.day).figures()
    cycle.save()
    CycleRecord.objects.create(
        cycle=cycle,
        step=step.__name__,
        source=source,
        target=cycle.state,
        actor=actor,
        note=note.strip(),
        figures=figures,
        at=clock.at,
    )


@transaction.atomic
def link_cycle(cycle: Cycle, actor: Account, *, clock: Clock | None = None) -> Refusal | None:
    """Note that cases of the cycle have been opened. Said again, it changes nothing."""
    clock = clock or clocks.now()
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    refusal = None
    if locked.state != CycleState.LINKED:
        refusal = barrier(locked, Cycle.link, actor=actor, clock=clock)
        if refusal is None:
            _take(locked, Cycle.link, actor=actor, note="", clock=clock)
    cycle.refresh_from_db()
    return refusal


@transaction.atomic
def open_cycle(
    *, code: str, kind: str, starts_on: date, ends_on: date, actor: Account, clock: Clock | None = None
) -> Cycle:
    """A new cycle, collecting. Cycles of one kind follow each other, so that theirs days are nobody else's."""
    clock = clock or clocks.now()
    if not holds_at_the_top(actor, Role.HR):
        raise NotPermitted
    if ends_on < starts_on:
        raise Unfit(_("末日早于首日"))
    if Cycle.objects.filter(code=code).exists():
        raise Unfit(_("已有这个代码的周期"))
    same = Cycle.objects.filter(kind=kind).exclude(kind="own")
    if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Unfit(_("与另一个同类周期的日期重叠"))
    cycle = Cycle.objects.create(code=code, kind=kind, starts_on=starts_on, ends_on=ends_on)
    CycleRecord.objects.create(cycle=cycle, step="open", target=cycle.state, actor=actor, at=clock.at)
    return cycle
