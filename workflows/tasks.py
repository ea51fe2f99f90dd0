"""What Celery starts: it says when, the tables say what. Each task may run twice, or at the same time as itself."""

from celery import shared_task

from people.accounts import machine
from people.actions import turn_grants
from workflows import calendar_changes, clock, deadlines, outbox, verification


@shared_task
def deliver_outbox() -> None:
    outbox.deliver_all()


@shared_task
def sweep_deadlines() -> None:
    deadlines.sweep(clock.now())


@shared_task
def turn_the_day() -> None:
    """Once a day: work leaves the desks of roles that ended yesterday, deadlines reckoned by an old calendar are
    counted again, and the history is anchored."""
    now = clock.now()
    calendar_changes.count_stale(actor=machine("clock"))
    turn_grants(day=now.day, actor=machine("clock"))
    verification.anchor_now(now.at, verification.anchors_file())
