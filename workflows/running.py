"""Running one job: claimed for a while, a sign of life every few seconds, ended by the one who holds it."""

import logging
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Now
from django.utils import translation

from people.models import Account
from people.refusals import NotPermitted, Refused
from workflows import job_files
from workflows.jobs import LEASE, JobKind, Order, find
from workflows.models import Job, JobState
from workflows.progress import Cancelled
from workflows.request_id import working_for

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
ROOT = Path(__file__).parents[1]


class ClaimLost(Exception):
    """Another worker has the job: this one was silent for too long."""


def run(number: int) -> None:
    """Run the job if it waits, or if the worker that had it is silent. Safe to call at any time and again."""
    claim = uuid4()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat_at__lt=Now() - LEASE)
    taken = Job.objects.filter(free, pk=number, cancel_asked=False).update(
        state=JobState.RUNNING,
        claim=claim,
        tries=F("tries") + 1,
        started_at=Coalesce("started_at", Now()),
        heartbeat_at=Now(),
        error="",
        place="",
    )
    if taken:
        job = Job.objects.select_related("actor").get(pk=number)
        with working_for(job.request or f"job-{job.pk}"), translation.override(_language(job.actor)):
            _run(job, claim)


def _language(actor: Account) -> str:
    return actor.language or settings.LANGUAGE_CODE


def _run(job: Job, claim: UUID) -> None:
    kind = find(job.kind)
    try:
        with Life(job.pk, claim) as life:
            result = _work(kind, job, life)
    except ClaimLost:
        log.warning("a job was taken over", extra={"action": "job_lost", "job": job.pk, "kind": job.kind})
    except SoftTimeLimitExceeded:
        _end(job, claim, state=JobState.QUEUED, sent_at=None, ended_at=None)  # its time is up; it goes on in a next one
    except Cancelled:
        _end(job, claim, state=JobState.CANCELLED)
    except Refused as refused:
        _end(job, claim, state=JobState.FAILED, error=str(refused)[:300])
    except Exception as error:
        log.exception("a job failed", extra={"action": "job_failed", "job": job.pk, "kind": job.kind})
        _end(job, claim, state=JobState.FAILED, error=type(error).__name__, place=place_of(error))
    else:
        whole = Greatest(F("total"), 1)
        _end(job, claim, state=JobState.DONE, result=dict(result), total=whole, done=whole)


def _work(kind: JobKind | None, job: Job, life: "Life") -> Mapping[str, Any]:
    if kind is None:
        raise LookupError(job.kind)
    if not (job.actor.is_active or job.actor.is_machine) or not kind.may(job.actor, job.args):
        raise NotPermitted
    return kind.run(Order(job=job, args=job.args, actor=job.actor, tell=life.tell))


def _end(job: Job, claim: UUID, **values: Any) -> None:
    ended = {"ended_at": Now(), "claim": None, "heartbeat_at": Now()} | values
    with transaction.atomic():
        was_ours = Job.objects.filter(pk=job.pk, claim=claim).update(**ended)
        if was_ours and values["state"] == JobState.DONE:
            job_files.forget_inputs(job)
    if was_ours:
        state = str(values["state"])
        log.info("a job ended", extra={"action": "job_ended", "job": job.pk, "kind": job.kind, "state": state})


def place_of(error: Exception) -> str:
    """The innermost line of our own code that the error came through. Never its text: that may hold data."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT)]
    for frame in reversed(ours or frames):
        name = Path(frame.filename)
        short = name.relative_to(ROOT) if name.is_relative_to(ROOT) else Path(name.name)
        return f"{short}:{frame.lineno} {frame.name}"
    return ""


class Life:
    """The job's signs of life. A thread writes them, so that a chunk of minutes, or a long transaction, is no death."""

    def __init__(self, number: int, claim: UUID) -> None:
        self._row = Job.objects.filter(pk=number, claim=claim)
        self._said: tuple[int, int, str] | None = None
        self._stop = threading.Event()
        self._lost = self._cancelled = False
        # Inside a transaction of the caller another connection would not see the row.
        self._thread = None if connection.in_atomic_block else threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def tell(self, done: int, total: int, words: str) -> None:
        """How far it is. Raises `Cancelled` when somebody asked for that, `ClaimLost` when another has the job."""
        self._said = (done, total, words[:200])
        if self._thread is None:
            self.write()
        if self._lost:
            raise ClaimLost
        if self._cancelled:
            raise Cancelled

    def write(self) -> None:
        values: dict[str, Any] = {"heartbeat_at": Now()}
        if self._said:
            values |= dict(zip(("done", "total", "words"), self._said, strict=True))
        self._lost = not self._row.update(**values)
        self._cancelled = self._row.filter(cancel_asked=True).exists()

    def _beat(self) -> None:
        try:
            while not self._stop.wait(BEAT_SECONDS):
                try:
                    self.write()
                except DatabaseError:
                    log.exception("a sign of life was not written", extra={"action": "heartbeat_failed"})
                    connection.close()
        finally:
            connection.close()
