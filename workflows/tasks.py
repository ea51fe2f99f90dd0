"""What Celery starts: it says when, the tables say what. Each task may run twice, or at the same time as itself."""

from celery import shared_task

from people.accounts import machine
from people.actions import turn_grants
from workflows import (
    agenda,
    calendar_changes,
    clock,
    deadlines,
    digests,
    outbox,
    parcels,
    receipts,
    verification,
)


@shared_task
def deliver_outbox() -> None:
    outbox.deliver_all()


@shared_task
def deliver_parcels(channel: str) -> None:
    """One channel at a time: a slow one keeps nothing else waiting."""
    parcels.deliver(channel)


@shared_task
def sweep_deadlines() -> None:
    deadlines.sweep(clock.now())
    receipts.sweep(clock.now())


@shared_task
def tell_calendars() -> None:
    """What people's calendars show is compared with their deadlines; from eight o'clock on digests are written."""
    now = clock.now().at
    digests.write(now)
    agenda.tell(now)


@shared_task
def turn_the_day() -> None:
    """Once a day: work leaves the desks of roles that ended yesterday, deadlines reckoned by an old calendar are
    counted again, and the history is anchored."""
    now = clock.now()
    calendar_changes.count_stale(actor=machine("clock"))
    turn_grants(day=now.day, actor=machine("clock"))
    verification.anchor_now(now.at, verification.anchors_file())
