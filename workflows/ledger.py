"""Moving what was laid on somebody: a new calendar, a pause, another desk. Each move leaves a row in the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from people.models import Account
from workflows import kinds
from workflows.calendars import Calendar, Clock, Deadline, Due, Pause, end_of, local_day
from workflows.models import ItemChange, WorkItem
from workflows.work_items import reminder, reminders

Why = ItemChange.Why
Pauses = Mapping[int, Sequence[Pause]]  # of items, those that are over
CHANGED = (
    *("due_at", "remind_at", "wake_at", "provisional", "calendar", "paused_at", "pause_until", "desk"),
    *("claimed_by", "claimed_at"),
)


@dataclass(frozen=True, slots=True)
class Before:
    """Where an item was, and until when, before it was moved."""

    due_at: datetime
    desk: str
    claimed_by_id: int | None


Placed = dict[int, Before]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One move of several items: why, by whom, when."""

    why: ItemChange.Why
    actor: Account
    at: datetime
    note: str = ""
    expected: date | None = None


def write(items: Collection[WorkItem], before: Placed, change: Change) -> list[ItemChange]:
    """Save the items and their rows of the ledger. `before` holds them as they were."""
    WorkItem.objects.bulk_update(items, CHANGED, batch_size=1_000)
    return ItemChange.objects.bulk_create(
        ItemChange(
            item=item,
            why=change.why,
            due_from=before[item.pk].due_at,
            due_to=item.due_at,
            desk_from=before[item.pk].desk,
            desk_to=item.desk,
            holder_from_id=before[item.pk].claimed_by_id,
            holder_to_id=item.claimed_by_id,
            expected=change.expected,
            actor=change.actor.hand,
            on_behalf_of_id=change.actor.stood_in_for,
            note=change.note,
            at=change.at,
        )
        for item in items
    )


def as_they_are(items: Iterable[WorkItem]) -> Placed:
    return {item.pk: Before(item.due_at, item.desk, item.claimed_by_id) for item in items}


# A new calendar --------------------------------------------------------------------------------------------------


@transaction.atomic
def recount(clock: Clock, *, actor: Account, note: str = "") -> list[ItemChange]:
    """Count the open deadlines again by the clock's calendars; return what moved. Named days hang on no calendar."""
    counted = WorkItem.objects.filter(closed_at=None).exclude(rule="")
    paused = counted.filter(changes__why=Why.PAUSED).distinct()
    plain = counted.exclude(pk__in=paused.order_by().values("pk"))
    moved = [item for alike, due in _alike(plain, clock.calendar) for item in _misdated(alike, due)]
    moved += _misdated_after_pauses(list(paused.select_related(None)), clock.calendar)
    before = as_they_are(moved)
    pauses = pauses_of(moved)
    for item in moved:
        _set_dates(item, clock.calendar.at(item.desk), pauses.get(item.pk, ()))
    changes = write(moved, before, Change(why=Why.CALENDAR, actor=actor, at=clock.at, note=note))
    if version := clock.calendar.version:
        counted.exclude(calendar=version).update(calendar=version)
    return changes


def _alike(items: QuerySet[WorkItem], calendar: Calendar) -> Iterator[tuple[QuerySet[WorkItem], Due]]:
    """Items of one start, one deadline and one calendar, with their last day: each is counted once."""
    shared = items.order_by()
    if not calendar.local:
        for start, rule in shared.values_list("counted_from", "rule").distinct():
            yield items.filter(counted_from=start, rule=rule), calendar.due(start, Deadline.parse(rule))
        return
    desks: defaultdict[tuple[date, str, int], list[str]] = defaultdict(list)
    for start, rule, desk in shared.values_list("counted_from", "rule", "desk").distinct():
        desks[start, rule, id(calendar.at(desk))].append(desk)
    for (start, rule, _calendar), paths in desks.items():
        due = calendar.at(paths[0]).due(start, Deadline.parse(rule))
        yield items.filter(counted_from=start, rule=rule, desk__in=paths), due


def _misdated(alike: QuerySet[WorkItem], due: Due) -> Iterable[WorkItem]:
    last = end_of(due.day)
    alike.filter(due_at=last).exclude(provisional=due.provisional).update(provisional=due.provisional)
    return alike.exclude(due_at=last).select_for_update()


def _misdated_after_pauses(items: Sequence[WorkItem], calendar: Calendar) -> Iterator[WorkItem]:
    pauses = pauses_of(items)
    for item in items:
        due = _due(item, calendar.at(item.desk), pauses.get(item.pk, ()))
        if item.due_at != end_of(due.day):
            yield item
        elif item.provisional != due.provisional:
            WorkItem.objects.filter(pk=item.pk).update(provisional=due.provisional)


def _due(item: WorkItem, calendar: Calendar, pauses: Sequence[Pause]) -> Due:
    return calendar.due(item.counted_from, Deadline.parse(item.rule), pauses)


def _set_dates(item: WorkItem, calendar: Calendar, pauses: Sequence[Pause]) -> None:
    """What has been reminded of or told above stays so; of what has not, the clock looks at the new moment."""
    if item.rule:
        day, item.provisional = _due(item, calendar, pauses)
        item.due_at = end_of(day)
        item.calendar_id = calendar.version or item.calendar_id
    kind = kinds.find(item.kind)
    duty = kind.duties.get(item.duty) if kind else None
    item.remind_at = reminder(calendar, item.counted_from, duty.remind if duty else None, item.due_at, pauses)
    item.wake_at = None if item.paused_at else next_look(item)


def move_desks(desks: Mapping[WorkItem, str], clock: Clock, *, actor: Account) -> list[ItemChange]:
    """Lay items on other desks. The deadline is by the calendar of the new one; who had claimed it sits at the old."""
    items = list(desks)
    before, pauses = as_they_are(items), pauses_of(items) if clock.calendar.local else {}
    for item in items:
        old, item.desk = item.desk, desks[item]
        item.claimed_by = item.claimed_at = None
        if clock.calendar.at(old) is not clock.calendar.at(item.desk) and item.rule:
            _set_dates(item, clock.calendar.at(item.desk), pauses.get(item.pk, ()))
    return write(items, before, Change(why=Why.ROUTED, actor=actor, at=clock.at))


def next_look(item: WorkItem) -> datetime:
    """The next reminder; after all of them the due moment, at which a round sees for itself what is still to say."""
    ahead = reminders(item.remind_at, item.due_at, opened_at=item.opened_at)
    return next((at for level, at in ahead if level > item.reminded), item.due_at)


# Pauses ----------------------------------------------------------------------------------------------------------


def pauses_of(items: Collection[WorkItem]) -> Pauses:
    """The pauses of items that are over, oldest first, in one read of the ledger."""
    found: defaultdict[int, list[Pause]] = defaultdict(list)
    if not items:
        return found
    stopped: dict[int, date] = {}
    rows = ItemChange.objects.filter(item__in=[item.pk for item in items], why__in=(Why.PAUSED, Why.RESUMED))
    for item, why, at in rows.order_by("id").values_list("item", "why", "at"):
        if why == Why.PAUSED:
            stopped[item] = local_day(at)
        elif item in stopped:
            found[item].append(Pause(stopped.pop(item), local_day(at)))
    return found


@transaction.atomic
def pause(
    cases: Collection[UUID], *, actor: Account, clock: Clock, note: str, expected: date | None = None
) -> list[ItemChange]:
    """Let the clock of the open duties of these cases stand still (leave, an inquiry, a plan being edited)."""
    items = list(WorkItem.objects.filter(case__in=cases, closed_at=None, paused_at=None).select_for_update())
    for item in items:
        item.paused_at, item.pause_until, item.wake_at = clock.at, expected, None
    change = Change(why=Why.PAUSED, actor=actor, at=clock.at, note=note, expected=expected)
    return write(items, as_they_are(items), change)


@transaction.atomic
def resume(cases: Collection[UUID], *, actor: Account, clock: Clock, note: str) -> list[ItemChange]:
    """Let the clock go on with the days that were left when it was stopped."""
    items = list(WorkItem.objects.filter(case__in=cases, closed_at=None).exclude(paused_at=None).select_for_update())
    before, earlier = as_they_are(items), pauses_of(items)
    for item in items:
        _go_on(item, clock.of(item.desk), earlier.get(item.pk, ()))
    return write(items, before, Change(why=Why.RESUMED, actor=actor, at=clock.at, note=note))


def _go_on(item: WorkItem, clock: Clock, earlier: Sequence[Pause]) -> None:
    last = Pause(local_day(item.paused_at or clock.at), clock.day)
    item.paused_at = item.pause_until = None
    if not item.rule:
        item.due_at = _named_day_later(item, last)
    _set_dates(item, clock.calendar, [*earlier, last])


def _named_day_later(item: WorkItem, pause: Pause) -> datetime:
    """A day that was named moves by the days the clock stood still, if it stopped before that day was over."""
    day, start = local_day(item.due_at), item.counted_from
    if day < pause.stopped:
        return item.due_at
    still = (pause.resumed - max(pause.stopped, start)).days
    return item.due_at + timedelta(days=max(still, 0))
