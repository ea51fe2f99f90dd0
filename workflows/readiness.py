"""Whether the product can do its work now, part by part. Cheap enough to be asked every few seconds."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from celery import current_app
from django.db import DatabaseError, connection
from django.db.models import Max
from django.utils import timezone
from kombu.exceptions import KombuError
from redis import Redis
from redis.exceptions import RedisError

from workflows import canary
from workflows.models import Canary, Job, JobState, OutboxMessage, Slot

KEPT_FOR = 3.0  # seconds an answer is given again
PATIENCE = 0.5  # seconds for Redis and the workers to answer
TICKS_EACH_SECOND = ("deliver_outbox", "send_jobs")
TICKING = timedelta(seconds=30)
MESSAGE_LATE = timedelta(minutes=2)
CANARY_LATE = timedelta(minutes=3)
JOB_LATE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part: whether it is well, and one figure of it."""

    ok: bool
    seconds: float | None = None

    def said(self) -> dict[str, Any]:
        return {"ok": self.ok} | ({} if self.seconds is None else {"seconds": round(self.seconds, 3)})


Parts = dict[str, Part]
_kept: tuple[float, Parts] | None = None
_guard = threading.Lock()


def parts() -> Parts:
    """Each part as it was within the last seconds."""
    global _kept  # noqa: PLW0603 - one answer for all threads of the process
    with _guard:
        if _kept is None or monotonic() - _kept[0] > KEPT_FOR:
            _kept = (monotonic(), _asked())
        return _kept[1]


def forget() -> None:
    """Ask anew at the next call."""
    global _kept  # noqa: PLW0603
    _kept = None


def _asked() -> Parts:
    found = {"database": database(), "redis": redis()}
    below: dict[str, Callable[[], Part]] = {"messages": messages, "canary": canaries, "jobs": long_jobs}
    if not found["database"].ok:
        return found | dict.fromkeys(("worker", "beat", *below), Part(ok=False))
    found |= clockwork(reachable=found["redis"].ok)
    return found | {name: part() for name, part in below.items()}


def database() -> Part:
    begun = monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Part(ok=False)
    return Part(ok=True, seconds=monotonic() - begun)


def redis() -> Part:
    begun = monotonic()
    url = current_app.conf.broker_url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    try:
        with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as client:
            client.ping()
    except (RedisError, OSError):
        return Part(ok=False)
    return Part(ok=True, seconds=monotonic() - begun)


def clockwork(*, reachable: bool) -> Parts:
    """Ticks that run show that beat calls and a worker hears. Only where they stopped is it asked which of them."""
    last = Slot.objects.filter(name__in=TICKS_EACH_SECOND).aggregate(last=Max("won_at"))["last"]
    age = timezone.now() - last if last else None
    seconds = age.total_seconds() if age is not None else None
    if age is not None and age < TICKING:
        return {"worker": Part(ok=True), "beat": Part(ok=True, seconds=seconds)}
    return {"worker": Part(ok=reachable and answering()), "beat": Part(ok=False, seconds=seconds)}


def answering() -> bool:
    try:
        return bool(current_app.control.ping(timeout=PATIENCE))
    except (KombuError, OSError):
        return False


def messages() -> Part:
    now = timezone.now()
    due = OutboxMessage.objects.filter(sent_at=None, dead_at=None, available_at__lte=now).order_by("available_at")
    oldest = due.values_list("available_at", flat=True).first()
    age = now - oldest if oldest else timedelta(0)
    return Part(ok=age < MESSAGE_LATE, seconds=age.total_seconds())


def canaries() -> Part:
    """The last one that came through is not old; before the first, none is overdue."""
    now, last = timezone.now(), canary.newest()
    if last is None:
        return Part(ok=not Canary.objects.filter(sent_at__lt=now - CANARY_LATE).exists())
    age = now - last.sent_at
    return Part(ok=age < CANARY_LATE, seconds=age.total_seconds())


def long_jobs() -> Part:
    """A job that waits long while none runs: nobody serves their queue."""
    now = timezone.now()
    queued = Job.objects.filter(state=JobState.QUEUED).order_by("pk").values_list("queued_at", flat=True).first()
    age = now - queued if queued else timedelta(0)
    busy = age >= JOB_LATE and Job.objects.filter(state=JobState.RUNNING).exists()
    return Part(ok=busy or age < JOB_LATE, seconds=age.total_seconds())
