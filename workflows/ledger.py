"""Moving what was laid on somebody: a new calendar, a pause, another desk. Each move leaves a row in the ledger."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from people.models import Account
from workflows import kinds
from workflows.calendars import Clock, Deadline, end_of, local_day
from workflows.models import ItemChange, WorkItem
from workflows.work_items import Dated, dated

Why = ItemChange.Why
Placed = dict[int, tuple[datetime, str]]  # due date and desk of items
CHANGED = ("due_at", "remind_at", "wake_at", "provisional", "rule", "counted_from", "paused_at", "desk")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One move of several items: why, by whom, when."""

    why: ItemChange.Why
    actor: Account
    at: datetime
    note: str = ""


def write(items: Collection[WorkItem], before: Placed, change: Change) -> list[ItemChange]:
    """Save the items and their rows of the ledger. `before` holds due date and desk as they were."""
    WorkItem.objects.bulk_update(items, CHANGED, batch_size=1_000)
    return ItemChange.objects.bulk_create(
        ItemChange(
            item=item,
            why=change.why,
            due_from=before[item.pk][0],
            due_to=item.due_at,
            desk_from=before[item.pk][1],
            desk_to=item.desk,
            actor=change.actor,
            note=change.note,
            at=change.at,
        )
        for item in items
    )


def as_they_are(items: Iterable[WorkItem]) -> Placed:
    return {item.pk: (item.due_at, item.desk) for item in items}


@transaction.atomic
def recount(clock: Clock, *, actor: Account, note: str = "") -> list[ItemChange]:
    """Count the open deadlines again that hang on working days, by the clock's calendar; return what moved."""
    hanging = WorkItem.objects.filter(closed_at=None).exclude(rule="")
    moved: list[WorkItem] = []
    for counted_from, rule in hanging.order_by().values_list("counted_from", "rule").distinct():
        day, provisional = clock.calendar.due(counted_from, Deadline.parse(rule))
        alike = hanging.filter(counted_from=counted_from, rule=rule)
        alike.filter(due_at=end_of(day)).exclude(provisional=provisional).update(provisional=provisional)
        moved += alike.exclude(due_at=end_of(day)).select_for_update()
    before = as_they_are(moved)
    for item in moved:
        _set_dates(item, _counted(item, clock, Deadline.parse(item.rule), item.counted_from))
    return write(moved, before, Change(why=Why.CALENDAR, actor=actor, at=clock.at, note=note))


def _counted(item: WorkItem, clock: Clock, deadline: Deadline, start: date) -> Dated:
    duty = kinds.get(item.kind).duties.get(item.duty)
    then = Clock(at=end_of(start), calendar=clock.calendar)
    return dated(then, deadline, duty.remind if duty else None)


def _set_dates(item: WorkItem, new: Dated) -> None:
    """What has been reminded of or told above stays so; else the clock looks at the new moment."""
    if item.wake_at == item.remind_at is not None:
        item.wake_at = new.wake_at
    elif item.wake_at == item.due_at:
        item.wake_at = new.due_at
    item.remind_at, item.due_at, item.rule, item.provisional = new.remind_at, new.due_at, new.rule, new.provisional


@transaction.atomic
def pause(cases: Collection[UUID], *, actor: Account, clock: Clock, note: str) -> list[ItemChange]:
    """Let the clock of the open duties of these cases stand still (leave, an inquiry)."""
    items = list(WorkItem.objects.filter(case__in=cases, closed_at=None, paused_at=None).select_for_update())
    for item in items:
        item.paused_at, item.wake_at = clock.at, None
    return write(items, as_they_are(items), Change(why=Why.PAUSED, actor=actor, at=clock.at, note=note))


@transaction.atomic
def resume(cases: Collection[UUID], *, actor: Account, clock: Clock, note: str) -> list[ItemChange]:
    """Let the clock go on with the days that were left when it was stopped."""
    items = list(WorkItem.objects.filter(case__in=cases, closed_at=None).exclude(paused_at=None).select_for_update())
    before = as_they_are(items)
    for item in items:
        _go_on(item, clock)
    return write(items, before, Change(why=Why.RESUMED, actor=actor, at=clock.at, note=note))


def _go_on(item: WorkItem, clock: Clock) -> None:
    stopped, due = local_day(item.paused_at or clock.at), local_day(item.due_at)
    if item.rule and Deadline.parse(item.rule).unit == "working_days":
        left = Deadline(number=clock.calendar.working_days(stopped, due))
        new = dated(clock, left, None)
        item.due_at, item.provisional, item.rule, item.counted_from = new.due_at, new.provisional, new.rule, clock.day
    else:
        item.due_at += timedelta(days=(clock.day - stopped).days)
        item.rule = ""
    item.remind_at, item.wake_at, item.paused_at = None, item.due_at, None
