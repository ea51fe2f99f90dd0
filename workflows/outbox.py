"""Messages leave through a table: claimed for a while, handed on, marked in the transaction that handed them on.

A claim is a lease and a fence: while it lasts nobody else takes the message, and once it was lost its holder can no
longer mark it. What is told to the product itself goes to receivers, each in a transaction with its mark. What is told
to people is laid in the inbox and made into parcels; these leave on their own (`workflows.parcels`), so that no slow
channel keeps a message from its reader.
"""

import logging
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from people.models import Account
from people.roles import Role
from workflows import packing, rows
from workflows.channels import inbox
from workflows.models import Cause, OutboxMessage

log = logging.getLogger(__name__)

TRIES = 8
BATCH = 500
LEASE = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=1)

Receiver = Callable[[OutboxMessage], object]
_receivers: defaultdict[str, dict[str, Receiver]] = defaultdict(dict)

# The lease is `available_at` itself: a claimed message is not due again until the lease is over.
CLAIM = """
UPDATE workflows_outboxmessage SET available_at = %(until)s, attempts = attempts + 1, claim = %(claim)s
WHERE id IN (
    SELECT id FROM workflows_outboxmessage WHERE sent_at IS NULL AND dead_at IS NULL AND available_at <= %(now)s
    ORDER BY available_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
"""
SENT = """
UPDATE workflows_outboxmessage SET sent_at = %(now)s, claim = NULL, error = ''
WHERE id = ANY(%(ids)s::bigint[]) AND claim = %(claim)s
"""


FAILED = """
UPDATE workflows_outboxmessage AS m
SET available_at = f.again, dead_at = CASE WHEN m.attempts >= %(tries)s THEN %(now)s::timestamptz END, error = f.error,
    claim = NULL
FROM unnest(%(ids)s::bigint[], %(again)s::timestamptz[], %(errors)s::text[]) AS f(id, again, error)
WHERE m.id = f.id AND m.claim = %(claim)s
"""
RECEIVED = """
INSERT INTO workflows_receivedmessage (receiver, key, at) VALUES (%(receiver)s, %(key)s, %(now)s)
ON CONFLICT (receiver, key) DO NOTHING
"""


class ClaimLost(Exception):
    """The lease ran out and the messages are another's: what was done with them is undone."""


def receive(topic: str, receiver: Receiver, *, name: str = "") -> None:
    """Hand each message of a topic that is told to the system to `receiver`: once, in a transaction that marks it.

    A row of `ReceivedMessage` in that transaction keeps a replay, or a second delivery, from being taken in twice.
    Several receivers of a topic need names.
    """
    if name in _receivers[topic]:
        raise ValueError(f"{topic} is received by {name!r} already")
    _receivers[topic][name] = receiver


@dataclass(slots=True)
class Delivery:
    """What one round did."""

    sent: int = 0
    failed: int = 0

    @property
    def claimed(self) -> int:
        return self.sent + self.failed


def deliver(*, now: datetime | None = None, limit: int = BATCH) -> Delivery:
    """Send what is due. What fails waits, longer each time, and is dead after eight tries."""
    now = now or timezone.now()
    claim = uuid4()
    messages = _claim(claim, now, limit)
    spent = {message.pk: "Abandoned" for message in messages if message.attempts > TRIES}
    waiting = [message for message in messages if message.pk not in spent]
    failed = spent | _to_receivers([m for m in waiting if m.role == Role.SYSTEM], claim, now)
    failed |= _to_people([m for m in waiting if m.role != Role.SYSTEM], claim, now)
    _mark_failed([message for message in messages if message.pk in failed], failed, claim, now)
    return Delivery(sent=len(messages) - len(failed), failed=len(failed))


def deliver_all(*, now: datetime | None = None) -> Delivery:
    """Deliver until nothing is due."""
    total = Delivery()
    while (done := deliver(now=now)).claimed:
        total.sent += done.sent
        total.failed += done.failed
    return total


def _claim(claim: UUID, now: datetime, limit: int) -> list[OutboxMessage]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE, "claim": claim, "limit": limit})
        if not cursor.rowcount:
            return []
    claimed = OutboxMessage.objects.filter(claim=claim, available_at=now + LEASE)
    return list(claimed.select_related("case__officer", "case__unit", "replay_of").order_by("id"))


def _to_receivers(messages: Sequence[OutboxMessage], claim: UUID, now: datetime) -> dict[int, str]:
    failed = {}
    for message in messages:
        try:
            with transaction.atomic():
                _hand_over(message, now)
                _mark_sent([message.pk], claim, now)
        except ClaimLost:
            log.warning("a claim was lost", extra={"action": "claim_lost", "lost": 1})
        except Exception as error:
            log.exception("a receiver failed", extra={"action": "message_failed", "message_id": message.pk})
            failed[message.pk] = type(error).__name__
    return failed


def _hand_over(message: OutboxMessage, now: datetime) -> None:
    receivers = _receivers.get(message.topic)
    if not receivers:
        raise LookupError(message.topic)
    first = message.replay_of or message
    for name, receiver in receivers.items():
        with connection.cursor() as cursor:
            cursor.execute(RECEIVED, {"receiver": f"{message.topic}:{name}", "key": first.key, "now": now})
            is_new = cursor.rowcount
        if is_new:
            receiver(message)


def _to_people(messages: Sequence[OutboxMessage], claim: UUID, now: datetime) -> dict[int, str]:
    """Into the inbox, into parcels, and marked: all of it or nothing, a few statements however many there are.

    One that cannot be laid anywhere fails alone: the others are tried without it, by halves.
    """
    if not messages:
        return {}
    try:
        with transaction.atomic():
            inbox.put(messages, now)
            packing.pack(messages, now)
            _mark_sent([message.pk for message in messages], claim, now)
    except ClaimLost:
        log.warning("a claim was lost", extra={"action": "claim_lost", "lost": len(messages)})
    except (OperationalError, InterfaceError):  # the database itself: all of them wait for their lease
        raise
    except Exception as error:
        if len(messages) > 1:
            half = len(messages) // 2
            return _to_people(messages[:half], claim, now) | _to_people(messages[half:], claim, now)
        log.exception("a message failed", extra={"action": "message_failed", "message_id": messages[0].pk})
        return {messages[0].pk: type(error).__name__}
    return {}


def _mark_sent(ids: Collection[int], claim: UUID, now: datetime) -> None:
    """Mark what went. A claim that was lost marks nothing: its messages are another's by now."""
    with connection.cursor() as cursor:
        cursor.execute(SENT, {"ids": rows.array(ids), "claim": claim, "now": now})
        if cursor.rowcount != len(ids):
            raise ClaimLost


def _mark_failed(messages: Sequence[OutboxMessage], errors: Mapping[int, str], claim: UUID, now: datetime) -> None:
    if not messages:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            FAILED,
            {
                "ids": [message.pk for message in messages],
                "again": [now + wait(message.attempts) for message in messages],
                "errors": [errors[message.pk] for message in messages],
                "tries": TRIES,
                "claim": claim,
                "now": now,
            },
        )


def wait(attempts: int) -> timedelta:
    """Twice as long after each try, up to an hour."""
    return scattered(min(timedelta(seconds=5) * 2**attempts, LONGEST_WAIT))


def scattered(longest: timedelta) -> timedelta:
    """A moment in the second half of it: what failed together does not come back together."""
    return longest * random.uniform(0.5, 1)  # noqa: S311 - scatters load, keeps no secret


class NotReplayable(Exception):
    """The message is still on its way."""


@transaction.atomic
def replay(message_id: int, *, actor: Account, reason: str, now: datetime | None = None) -> OutboxMessage:
    """Send a dead or a sent message once more, as a message of its own that names the first of its line."""
    old = OutboxMessage.objects.select_for_update().get(pk=message_id)
    if old.sent_at is None and old.dead_at is None:
        raise NotReplayable
    now = now or timezone.now()
    copied = {
        name: getattr(old, name) for name in ("topic", "case_id", "number", "role", "desk", "officer_id", "payload")
    }
    return OutboxMessage.objects.create(
        **copied,
        cause=Cause.REPLAY,
        written_at=now,
        available_at=now,
        replay_of_id=old.replay_of_id or old.pk,
        replayed_by=actor,
        replay_reason=reason,
    )
