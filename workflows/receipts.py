"""Receipts: a department confirms a list it was sent. One that is not confirmed in time goes up the line, as any duty.

A list spans cases and so is no work item of one of them; it carries `wake_at` and is swept in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from django.db import transaction
from django.db.models import Q, QuerySet

from people.access import below
from people.models import Account
from people.queries import Desks, parent
from people.refusals import NotPermitted
from people.roles import Role
from workflows.calendars import Clock, Deadline, local_day, morning_of
from workflows.deadlines import Rung
from workflows.models import Cause, OutboxMessage, Receipt
from workflows.work_items import Router

BATCH = 500
HEADS = (Role.UNIT_HEAD, Role.LEADER)  # who are told of a delay
NEXT_LEVEL = 3  # working days from one level of the line to the next, as of a work item
BEFORE = timedelta(days=1)
OPEN = Q(confirmed_at__isnull=True, replaced_at__isnull=True)


class Confirm(Protocol):
    def __call__(self, key: str, *, count: int, checksum: str, actor: Account) -> object: ...


class Content(Protocol):
    def __call__(self, key: str, *, account: Account) -> Mapping[str, Any]: ...


class Listing(NamedTuple):
    """What the owner of a list does: take its receipt, and say what it holds."""

    confirm: Confirm
    content: Content


_listings: dict[str, Listing] = {}


def register(prefix: str, listing: Listing) -> None:
    """Lists whose key begins with `prefix:` are the caller's."""
    _listings[prefix] = listing


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a department is asked to confirm."""

    key: str
    role: str
    desk: str
    line_path: str
    title_zh: str
    title_en: str
    link: str
    count: int
    checksum: str
    due_at: datetime
    added: int = 0
    removed: int = 0


def ask(asked: Asked, *, replaces: str = "", clock: Clock) -> Receipt:
    """Ask for a receipt; the version before, where there was one, needs none any more."""
    if replaces:
        Receipt.objects.filter(OPEN, key=replaces).update(replaced_at=clock.at, wake_at=None)
    wake_at = max(asked.due_at - BEFORE, clock.at)
    return Receipt.objects.create(**vars(asked), asked_at=clock.at, wake_at=wake_at)


def give(receipt: Receipt, *, count: int, checksum: str, actor: Account) -> None:
    """Confirm a list by its owner's own rules: a person of the department does, or its system."""
    if not actor.may(receipt.role, receipt.desk):
        raise NotPermitted
    _owner(receipt).confirm(receipt.key, count=count, checksum=checksum, actor=actor)


def content(receipt: Receipt, *, account: Account) -> Mapping[str, Any]:
    return _owner(receipt).content(receipt.key, account=account)


def _owner(receipt: Receipt) -> Listing:
    return _listings[receipt.key.partition(":")[0]]


def close(key: str, *, actor: Account, clock: Clock) -> None:
    """The list was confirmed: nothing of it is due any more. Called in its owner's transaction."""
    waiting = Receipt.objects.filter(OPEN, key=key)
    waiting.update(confirmed_at=clock.at, confirmed_by=actor, wake_at=None)


def visible(account: Account) -> QuerySet[Receipt]:
    """Those asked of the account's own desks; personnel see all within their units, the line what is late."""
    mine = Q(pk__in=[])
    for role, path in account.grants:
        mine |= Q(role=role, desk=path)
    mine |= below(account.paths(Role.HR), "desk")
    late = below(account.paths(*HEADS), "line_path") & Q(escalated__gt=0)
    return Receipt.objects.filter(mine | late).select_related("confirmed_by__officer")


@dataclass(slots=True)
class Swept:
    reminded: int = 0
    escalated: int = 0


def sweep(clock: Clock) -> Swept:
    """Remind once before the day; after it tell those above, each level once. A round that died is made up for."""
    swept = Swept()
    while _sweep_batch(clock, swept) == BATCH:
        pass
    return swept


@transaction.atomic
def _sweep_batch(clock: Clock, swept: Swept) -> int:
    due = Receipt.objects.filter(OPEN, wake_at__lte=clock.at).order_by("wake_at")
    receipts = list(due.select_for_update(skip_locked=True)[:BATCH])
    if not receipts:
        return 0
    router = Router(Desks.on(clock.day))
    messages = [message for receipt in receipts if (message := _look_at(receipt, router, clock))]
    Receipt.objects.bulk_update(receipts, ["wake_at", "escalated"])
    OutboxMessage.objects.bulk_create(messages)
    swept.reminded += sum(message.cause == Cause.REMINDER for message in messages)
    swept.escalated += sum(message.cause == Cause.ESCALATION for message in messages)
    return len(receipts)


def _look_at(receipt: Receipt, router: Router, clock: Clock) -> OutboxMessage | None:
    """Remind; or tell the highest level whose day has come, what was missed collapsed into it."""
    if clock.at <= receipt.due_at:
        receipt.wake_at = receipt.due_at + timedelta(microseconds=1)
        return _message(receipt, Cause.REMINDER, receipt.role, receipt.desk, clock)
    rungs = [rung for rung in _line(receipt, router, clock) if rung.level > receipt.escalated]
    receipt.wake_at = next((rung.at for rung in rungs if rung.at > clock.at), None)
    reached = [rung for rung in rungs if rung.at <= clock.at]
    if not reached:
        return None
    receipt.escalated = reached[-1].level
    return _message(receipt, Cause.ESCALATION, reached[-1].role, reached[-1].desk, clock)


def _line(receipt: Receipt, router: Router, clock: Clock) -> list[Rung]:
    """Who is above the department: the head of the unit, the head of the unit above, the leader in charge."""
    head = router.nearest(Role.UNIT_HEAD, receipt.line_path)
    above = parent(head)
    asked = [
        (Role.UNIT_HEAD.value, head),
        (Role.UNIT_HEAD.value, router.nearest(Role.UNIT_HEAD, above) if above else ""),
        (Role.LEADER.value, router.nearest(Role.LEADER, receipt.line_path)),
    ]
    there = [who for who in dict.fromkeys(asked) if router.occupied(*who)] or asked[-1:]
    last, calendar = local_day(receipt.due_at), clock.calendar.at(receipt.desk)
    days = [receipt.due_at] + [
        morning_of(calendar.due(last, Deadline(number=NEXT_LEVEL * n)).day) for n in range(1, len(there))
    ]
    return [Rung(level, *who, at) for level, (who, at) in enumerate(zip(there, days, strict=True), start=1)]


WORDS = {
    Cause.REMINDER: ("{title}：请在{day}前回执", "{title}: please confirm by {day}"),
    Cause.ESCALATION: ("{title}：{day}到期，仍未回执", "{title}: was to be confirmed by {day}"),
}


def _message(receipt: Receipt, cause: Cause, role: str, desk: str, clock: Clock) -> OutboxMessage:
    day = local_day(receipt.due_at).isoformat()
    zh, en = WORDS[cause]
    return OutboxMessage(
        topic="receipt",
        cause=cause,
        role=role,
        desk=desk,
        payload={
            "receipt": receipt.pk,
            "title_zh": zh.format(title=receipt.title_zh, day=day),
            "title_en": en.format(title=receipt.title_en, day=day),
        },
        written_at=clock.at,
        available_at=clock.at,
    )
