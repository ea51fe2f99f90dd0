"""Parcels on their way out: claimed for a while, sent outside any transaction, each marked as soon as it went.

A channel that fails delays only what is its own. A parcel killed between sending and its mark goes again with the same
key: outside, everything arrives at least once.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from people.models import Account
from workflows.channels import calendar, drop, mail, webhook
from workflows.channels.base import NotSent, Opened, Pack, Send, Withdrawn
from workflows.models import Channel, Parcel
from workflows.outbox import TRIES, Delivery, NotReplayable, scattered
from workflows.unpacking import unpack

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
ROUND = 300.0  # seconds; after this a round leaves the rest to its lease, which must not run out meanwhile
# Others repair their servers by day: eight tries reach over half a day.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    opened: Opened
    batch: int  # small: what one that does not answer can hold up


WAYS: Mapping[str, Way] = {
    Channel.MAIL: Way(opened=mail.opened, batch=20),
    Channel.CALENDAR: Way(opened=calendar.opened, batch=20),
    Channel.WEBHOOK: Way(opened=webhook.opened, batch=2),
    Channel.DROP: Way(opened=drop.opened, batch=20),
}

CLAIM = """
UPDATE workflows_parcel SET available_at = %(until)s, attempts = attempts + 1, claim = %(claim)s
WHERE id IN (
    SELECT id FROM workflows_parcel
    WHERE channel = %(channel)s AND sent_at IS NULL AND dead_at IS NULL AND available_at <= %(now)s
    ORDER BY available_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
"""


def deliver(channel: str, *, now: datetime | None = None) -> Delivery:
    """Send what is due on one channel. What fails waits, longer each time, and is dead after eight tries.

    One round of a channel at a time: a receiver that does not answer holds up one process, not all of them.
    """
    with _alone(channel) as alone:
        return _round(channel, now or timezone.now()) if alone else Delivery()


@contextmanager
def _alone(channel: str) -> Iterator[bool]:
    """A lock of the database's session, which goes with its process. It saves time; what keeps order is the lease."""
    key = [f"parcels:{channel}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", key)
        (held,) = cursor.fetchone()
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)


def _round(channel: str, now: datetime) -> Delivery:
    claim, done = uuid4(), Delivery()
    claimed = _claim(channel, claim, now)
    fit = [parcel for parcel in claimed if parcel.attempts <= TRIES]
    for parcel in claimed:
        if parcel.attempts > TRIES:
            _fail(parcel, "Abandoned", claim, now)
            done.failed += 1
    if fit:
        with WAYS[channel].opened() as send:
            _send_all(unpack(fit, now), send, claim, now, done)
    return done


def deliver_all(*, now: datetime | None = None) -> Delivery:
    """Send until nothing is due on any channel."""
    total = Delivery()
    for channel in WAYS:
        while (done := deliver(channel, now=now)).claimed:
            total.sent += done.sent
            total.failed += done.failed
    return total


def _claim(channel: str, claim: UUID, now: datetime) -> list[Parcel]:
    said: dict[str, Any] = {
        "channel": channel,
        "claim": claim,
        "now": now,
        "until": now + LEASE,
        "limit": WAYS[channel].batch,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, said)
        if not cursor.rowcount:
            return []
    return list(Parcel.objects.filter(claim=claim).order_by("id"))


def _send_all(packs: Sequence[Pack], send: Send, claim: UUID, now: datetime, done: Delivery) -> None:
    begun = monotonic()
    for pack in packs:
        if monotonic() - begun > ROUND:
            return
        words = _send(pack, send)
        if words in ("", WITHDRAWN):
            _went(pack.parcel, words, claim, now)
            done.sent += 1
        else:
            _fail(pack.parcel, words, claim, now)
            done.failed += 1


def _send(pack: Pack, send: Send) -> str:
    """Nothing when it went; else what is to be kept of the failure: no name of a person is among it."""
    extra = {"action": "parcel_failed", "parcel": pack.parcel.pk, "channel": pack.parcel.channel}
    try:
        send(pack)
    except Withdrawn:
        return WITHDRAWN
    except NotSent as error:
        log.warning("a parcel did not go", extra=extra)
        return str(error)[:200] or "NotSent"
    except Exception as error:
        log.exception("a parcel failed", extra=extra)
        return type(error).__name__
    return ""


def _went(parcel: Parcel, words: str, claim: UUID, now: datetime) -> None:
    mine = Parcel.objects.filter(pk=parcel.pk, claim=claim)
    if not mine.update(sent_at=now, claim=None, error=words):
        log.warning("a claim was lost", extra={"action": "claim_lost", "parcel": parcel.pk})


def _fail(parcel: Parcel, words: str, claim: UUID, now: datetime) -> None:
    dead_at = now if parcel.attempts >= TRIES else None
    Parcel.objects.filter(pk=parcel.pk, claim=claim).update(
        available_at=now + wait(parcel.attempts), dead_at=dead_at, error=words, claim=None
    )


def wait(attempts: int) -> timedelta:
    """Three times as long after each try."""
    return scattered(min(FIRST_WAIT * 3**attempts, LONGEST_WAIT))


@transaction.atomic
def replay(parcel_id: int, *, actor: Account, reason: str, now: datetime | None = None) -> Parcel:
    """Send a dead or a sent parcel once more: a row of its own, under the key of the first, with who and why."""
    old = Parcel.objects.select_for_update(of=("self",)).get(pk=parcel_id)
    if old.sent_at is None and old.dead_at is None:
        raise NotReplayable
    now = now or timezone.now()
    kept = ("key", "channel", "fold", "role", "desk", "account_id", "topic", "digest_day", "messages", "content")
    return Parcel.objects.create(
        **{name: getattr(old, name) for name in kept},
        written_at=now,
        available_at=now,
        replay_of_id=old.replay_of_id or old.pk,
        replayed_by=actor,
        replay_reason=reason,
    )
