"""Long jobs: asked for in a row, sent to the queue by a tick, claimed and run by one worker, seen on a page.

The row is the truth and the queue only a hint: what the queue lost is sent again, and a job whose worker was killed is
taken up again after its lease. What a job does is cut into chunks that may be done twice.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from people.access import below
from people.models import Account
from people.refusals import NotPermitted
from people.roles import Role
from workflows import job_files
from workflows.job_files import Readable
from workflows.models import Job, JobFile, JobPiece, JobState
from workflows.progress import Tell
from workflows.refusals import Words
from workflows.request_id import current as current_request

log = logging.getLogger(__name__)

TRIES = 5
LEASE = timedelta(seconds=30)  # a worker says every few seconds that it lives
SENT_AGAIN_AFTER = timedelta(minutes=1)
FILES_KEPT = timedelta(days=7)
SEERS = (Role.HR,)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a job is given when it runs."""

    job: Job
    args: Mapping[str, Any]
    actor: Account
    tell: Tell


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """A kind of job. `may` is asked when it is started and again when it runs: a right may have been taken back."""

    name: str
    title: Callable[[Mapping[str, Any]], str]
    may: Callable[[Account, Mapping[str, Any]], bool]
    run: Callable[[Order], Mapping[str, Any]]
    link: Callable[[Job], str] = lambda job: ""  # the page of what came of it
    said: Callable[[Job], str] = lambda job: ""  # what came of it, in words
    stopped: Words = ""  # what is left of one that failed or was cancelled; empty: the chunks that were done
    problems: bool = False  # the file of one that failed lists what is wrong with what was handed in


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> None:
    """Called from an app's `ready`."""
    _kinds[kind.name] = kind


def find(name: str) -> JobKind | None:
    return _kinds.get(name)


@transaction.atomic
def start(
    name: str, *, actor: Account, args: Mapping[str, Any], path: str = "/", files: Mapping[str, Readable] | None = None
) -> Job:
    """Ask for a job. One that is asked for twice, while it waits or runs, is one.

    `files` are handed in for it to read; `args` must tell them apart from others.
    """
    if not _kinds[name].may(actor, args):
        raise NotPermitted
    same = Job.objects.filter(kind=name, args=dict(args), actor=actor, state__in=(JobState.QUEUED, JobState.RUNNING))
    if (waiting := same.filter(cancel_asked=False).first()) is not None:
        return waiting
    job = Job.objects.create(kind=name, args=dict(args), actor=actor, path=path, request=current_request())
    for file, content in (files or {}).items():
        job_files.hand_in(job, file, content)
    log.info("a job was asked for", extra={"action": "job_asked", "job": job.pk, "kind": name})
    return job


def visible(account: Account) -> QuerySet[Job]:
    """One's own jobs and those of one's units; an administrator sees that there are jobs, not what they made."""
    if account.holds(Role.ADMINISTRATOR):
        return Job.objects.all()
    return Job.objects.filter(Q(actor=account) | below(account.paths(*SEERS), "path"))


def open_jobs(account: Account) -> QuerySet[Job]:
    """Those of the visible jobs that wait or run."""
    return visible(account).filter(state__in=(JobState.QUEUED, JobState.RUNNING))


def may_steer(account: Account, job: Job) -> bool:
    """Whether the account may cancel or resume a job it sees: who could have asked for it, and administrators.

    Resumed, it runs with the rights of the one who asked for it first.
    """
    return job.actor_id == account.pk or account.holds(Role.ADMINISTRATOR) or may_ask(account, job)


def may_ask(account: Account, job: Job) -> bool:
    kind = find(job.kind)
    return kind is not None and kind.may(account, job.args)


def cancel(job: Job) -> bool:
    """A waiting job ends at once, a running one at its next chunk. False: it had ended."""
    asked = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_asked=True)
    waiting = Job.objects.filter(pk=job.pk, state=JobState.QUEUED)
    ended = waiting.update(state=JobState.CANCELLED, cancel_asked=True, ended_at=Now())
    return bool(asked or ended)


def resume(job: Job) -> bool:
    """Put a failed or cancelled job into the queue again; it goes on where its chunks ended."""
    stopped = Job.objects.filter(pk=job.pk, state__in=(JobState.FAILED, JobState.CANCELLED))
    fresh = {"cancel_asked": False, "sent_at": None, "ended_at": None, "claim": None, "tries": 0}
    return bool(stopped.update(state=JobState.QUEUED, error="", place="", queued_at=Now(), **fresh))


@transaction.atomic
def to_send() -> list[int]:
    """The jobs that belong into the queue now: new ones, those it lost, and those whose worker was killed."""
    silent = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=Now() - LEASE)
    silent.filter(cancel_asked=True).update(state=JobState.CANCELLED, claim=None, ended_at=Now())
    worn_out = silent.filter(tries__gte=TRIES)
    worn_out.update(state=JobState.FAILED, error="Abandoned", claim=None, ended_at=Now())
    silent.update(state=JobState.QUEUED, claim=None, sent_at=None)
    on_its_way = Q(state=JobState.QUEUED, sent_at__gte=Now() - SENT_AGAIN_AFTER)
    free = settings.JOBS_AT_ONCE - Job.objects.filter(on_its_way | Q(state=JobState.RUNNING)).count()
    waiting = Job.objects.filter(~on_its_way, state=JobState.QUEUED).order_by("pk")
    ids = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[: max(0, free)])
    Job.objects.filter(pk__in=ids).update(sent_at=Now())
    return ids


def forget_files() -> int:
    """A file that was made, or handed in and not yet read, is kept for some days; the job's row stays."""
    old = Job.objects.exclude(state__in=(JobState.QUEUED, JobState.RUNNING)).filter(ended_at__lt=Now() - FILES_KEPT)
    gone, _of = JobFile.objects.filter(job__in=old).delete()
    JobPiece.objects.filter(job__in=old).delete()
    return gone
