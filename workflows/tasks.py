"""What Celery starts: it says when, the tables say what. Each task may run twice, or at the same time as itself."""

from celery import shared_task

from workflows import clock, deadlines, outbox


@shared_task
def deliver_outbox() -> None:
    outbox.deliver_all()


@shared_task
def sweep_deadlines() -> None:
    deadlines.sweep(clock.now())
