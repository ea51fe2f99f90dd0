"""What Celery starts: it says when, the tables say what. Each task may run twice, or at the same time as itself.

A tick does its work in turns, so that two beats are as good as one. Nothing is sent to the queue by a web request or an
action: what they leave in the tables is found by a tick.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from time import monotonic

from celery import Task, shared_task

from people.accounts import machine
from people.actions import turn_grants
from workflows import (
    agenda,
    calendar_changes,
    canary,
    clock,
    deadlines,
    digests,
    jobs,
    outbox,
    parcels,
    receipts,
    running,
    slots,
    verification,
)
from workflows.request_id import working_for

LONG = "long"
DELIVERS_FOR = 20.0  # seconds; a long queue of messages must not keep the worker from the deadlines
JOB_CALL_EXPIRES = 120  # seconds; a job that still waits is called again after a minute

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CALLED_EACH = timedelta(seconds=5)  # the channels to the outside


def tick(task: "Task[..., None]", work: Callable[[], Mapping[str, int]], *, length: timedelta, what: str = "") -> None:
    name = ":".join(filter(None, (task.name.rpartition(".")[2], what)))
    with working_for(f"{name}-{task.request.id or 'direct'}"):
        slots.in_turn(name, work, length=length)


@shared_task(bind=True)
def deliver_outbox(self: "Task[..., None]") -> None:
    tick(self, _deliver, length=SECOND)


def _deliver() -> dict[str, int]:
    """Round after round until nothing is due, or until it is time to let others in."""
    end, sent, failed = monotonic() + DELIVERS_FOR, 0, 0
    while monotonic() < end:
        done = outbox.deliver()
        sent, failed = sent + done.sent, failed + done.failed
        if not done.claimed:
            break
    return {"sent": sent, "failed": failed}


@shared_task(bind=True)
def sweep_deadlines(self: "Task[..., None]") -> None:
    tick(self, _sweep, length=MINUTE)


def _sweep() -> dict[str, int]:
    """Work items and awaited receipts; what was missed is made up for."""
    swept = [deadlines.sweep(clock.now()), receipts.sweep(clock.now())]
    return {name: sum(getattr(one, name, 0) for one in swept) for name in ("reminded", "escalated", "expired")}


@shared_task(bind=True)
def deliver_parcels(self: "Task[..., None]", channel: str) -> None:
    """One channel at a time: a slow one keeps nothing else waiting."""
    tick(self, lambda: _deliver_parcels(channel), length=CALLED_EACH, what=channel)


def _deliver_parcels(channel: str) -> dict[str, int]:
    end, sent, failed = monotonic() + DELIVERS_FOR, 0, 0
    while monotonic() < end:
        done = parcels.deliver(channel)
        sent, failed = sent + done.sent, failed + done.failed
        if not done.claimed:
            break
    return {"sent": sent, "failed": failed}


@shared_task(bind=True)
def tell_calendars(self: "Task[..., None]") -> None:
    """What people's calendars show is compared with their deadlines; from eight o'clock on digests are written."""
    tick(self, _tell_calendars, length=MINUTE)


def _tell_calendars() -> dict[str, int]:
    now = clock.now().at
    return {"digests": digests.write(now), "events": agenda.tell(now)}


@shared_task(bind=True)
def send_jobs(self: "Task[..., None]") -> None:
    """Put waiting jobs into their queue, also those the queue has lost."""
    tick(self, _send_jobs, length=SECOND)


def _send_jobs() -> dict[str, int]:
    ids = jobs.to_send()
    for number in ids:
        run_job.apply_async(args=(number,), queue=LONG, expires=JOB_CALL_EXPIRES)
    return {"sent": len(ids)}


@shared_task
def run_job(number: int) -> None:
    running.run(number)


@shared_task(bind=True)
def fly_canary(self: "Task[..., None]") -> None:
    tick(self, _fly_canary, length=MINUTE)


def _fly_canary() -> dict[str, int]:
    canary.send()
    return {"canaries": 1}


@shared_task(bind=True)
def keep_house(self: "Task[..., None]") -> None:
    """Once an hour: what is only of use for days goes."""
    tick(self, _keep_house, length=HOUR)


def _keep_house() -> dict[str, int]:
    return {"slots": slots.forget_old(), "canaries": canary.forget_old(), "files": jobs.forget_files()}


@shared_task(bind=True)
def turn_the_day(self: "Task[..., None]") -> None:
    """Once a day, at the first call after midnight: work leaves the desks of roles that ended yesterday, deadlines
    reckoned by an old calendar are counted again, and the history is anchored. It is called every few minutes, so that
    an outage at midnight does not cost the day."""
    tick(self, _turn_the_day, length=slots.DAY)


def _turn_the_day() -> dict[str, int]:
    now = clock.now()
    calendar_changes.count_stale(actor=machine("clock"))
    turn_grants(day=now.day, actor=machine("clock"))
    anchor = verification.anchor_now(now.at, verification.anchors_file())
    return {"anchored": anchor.cases}
