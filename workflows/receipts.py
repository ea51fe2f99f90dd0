"""Receipts: a department confirms a list it was sent. One that is not confirmed in time goes up the line, as any duty.

A list spans cases and so is no work item of one of them; it carries `wake_at` and is swept in the same way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from people.access import below
from people.models import Account
from people.queries import Desks
from people.roles import Role
from workflows.calendars import Clock, Deadline, local_day, morning_of
from workflows.models import Cause, OutboxMessage, Receipt
from workflows.refusals import Unmet

BATCH = 500
LINE = (Role.UNIT_HEAD, Role.LEADER)  # who is told of a delay, each once
NEXT_LEVEL = Deadline(number=3)
BEFORE = timedelta(days=1)
OPEN = Q(confirmed_at__isnull=True, replaced_at__isnull=True)


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


def confirm(key: str, *, count: int, checksum: str, actor: Account, clock: Clock) -> Receipt:
    """Take the receipt. The caller has checked that the actor may give it."""
    receipt = Receipt.objects.select_for_update(of=("self",)).get(key=key)
    if receipt.confirmed_at:
        raise Unmet(_("已有回执"))
    if (count, checksum) != (receipt.count, receipt.checksum):
        raise Unmet(_("人数或校验码不一致，请重新下载后核对"))
    receipt.confirmed_at, receipt.confirmed_by, receipt.wake_at = clock.at, actor, None
    receipt.save(update_fields=["confirmed_at", "confirmed_by", "wake_at"])
    return receipt


READERS = (Role.TRAINING_UNIT, Role.EQUIPMENT, Role.HR, Role.UNIT_HEAD, Role.LEADER)


def visible(account: Account) -> QuerySet[Receipt]:
    """Those asked of the account's own desks; personnel see all within their units, the line what is late."""
    mine = Q(pk__in=[])
    for role, path in account.grants:
        mine |= Q(role=role, desk=path)
    mine |= below(account.paths(Role.HR), "desk")
    late = below(account.paths(*LINE), "line_path") & Q(escalated__gt=0)
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
    desks = Desks.on(clock.day)
    messages = [message for receipt in receipts if (message := _look_at(receipt, desks, clock))]
    Receipt.objects.bulk_update(receipts, ["wake_at", "escalated"])
    OutboxMessage.objects.bulk_create(messages)
    swept.reminded += sum(message.cause == Cause.REMINDER for message in messages)
    swept.escalated += sum(message.cause == Cause.ESCALATION for message in messages)
    return len(receipts)


def _look_at(receipt: Receipt, desks: Desks, clock: Clock) -> OutboxMessage | None:
    if clock.at <= receipt.due_at:
        receipt.wake_at = receipt.due_at + timedelta(microseconds=1)
        return _message(receipt, Cause.REMINDER, receipt.role, receipt.desk, clock)
    line = [role for role in LINE if role != receipt.role][receipt.escalated :]
    receipt.wake_at = None
    if not line:
        return None
    if line[1:]:
        receipt.wake_at = morning_of(clock.calendar.due(clock.day, NEXT_LEVEL).day)
    receipt.escalated += 1
    return _message(receipt, Cause.ESCALATION, line[0], desks.nearest(line[0], receipt.line_path), clock)


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
