"""E-mail: one letter per address and batch. It names cases by number and link, and nobody by name."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from people.models import Account, RoleGrant
from workflows import kinds
from workflows.models import OutboxMessage

log = logging.getLogger(__name__)

Attachment = tuple[str, bytes, str]  # name, content, type
Maker = Callable[[OutboxMessage], Sequence[Attachment]]
_makers: dict[str, Maker] = {}


def attach(topic: str, maker: Maker) -> None:
    """Add what `maker` makes of a message of this topic to the letter that tells of it."""
    _makers[topic] = maker


@dataclass(frozen=True, slots=True)
class Reader:
    address: str
    language: str


@dataclass(slots=True)
class Letter:
    """What one reader is told in one batch."""

    reader: Reader
    messages: list[OutboxMessage] = field(default_factory=list)


def send(messages: Sequence[OutboxMessage]) -> dict[int, str]:
    """Send the letters of a batch; return the messages of those that failed, and why."""
    failed: dict[int, str] = {}
    letters = _letters(messages)
    if not letters:
        return failed
    with get_connection() as connection:
        for letter in letters:
            try:
                _write(letter, connection).send()
            except Exception as error:
                log.exception("a letter failed", extra={"action": "mail_failed", "messages": len(letter.messages)})
                failed |= {message.pk: type(error).__name__ for message in letter.messages}
    return failed


def _letters(messages: Sequence[OutboxMessage]) -> list[Letter]:
    letters: dict[Reader, Letter] = {}
    readers = _readers(messages)
    for message in messages:
        for reader in readers[box(message)]:
            letters.setdefault(reader, Letter(reader)).messages.append(message)
    return list(letters.values())


def box(message: OutboxMessage) -> tuple[str, str, int | None]:
    return ("", "", message.officer_id) if message.officer_id else (message.role, message.desk, None)


def _readers(messages: Sequence[OutboxMessage]) -> Mapping[tuple[str, str, int | None], set[Reader]]:
    """Who reads each box: the officer, or the accounts that hold the role of the desk today."""
    readers: defaultdict[tuple[str, str, int | None], set[Reader]] = defaultdict(set)
    officers = {message.officer_id for message in messages if message.officer_id}
    accounts = Account.objects.filter(is_active=True).select_related("officer")
    for account in accounts.filter(officer__in=officers):
        readers["", "", account.officer_id] |= _addressed(account)
    desks = Q(pk__in=[])
    for role, path in {(m.role, m.desk) for m in messages if not m.officer_id}:
        desks |= Q(role=role, path=path)
    grants = RoleGrant.objects.in_force(timezone.localdate()).filter(desks, account__is_active=True)
    for grant in grants.select_related("account__officer"):
        readers[grant.role, grant.path, None] |= _addressed(grant.account)
    return readers


def _addressed(account: Account) -> set[Reader]:
    address = account.email or (account.officer.email if account.officer else "")
    return {Reader(address, account.language or "zh-hans")} if address else set()


def _write(letter: Letter, connection: BaseEmailBackend) -> EmailMessage:
    with translation.override(letter.reader.language):
        count = len(letter.messages)
        subject = ngettext("三挂钩：%d 条新消息", "三挂钩：%d 条新消息", count) % count
        body = gettext("请登录系统查看下列事项：") + "\n\n" + "\n".join(map(_line, letter.messages)) + "\n"
    attachments = [
        item for message in letter.messages if message.topic in _makers for item in _makers[message.topic](message)
    ]
    return EmailMessage(
        subject=subject,
        body=body,
        to=[letter.reader.address],
        attachments=attachments,
        headers={"Message-ID": _identity(letter)},
        connection=connection,
    )


def _line(message: OutboxMessage) -> str:
    if message.case is None:
        return f"- {reverse('workflows:messages')}"
    title = kinds.get(message.case.kind).title
    return f"- {title} {message.case_id}: {reverse('workflows:case', args=[message.case_id])}"


def _identity(letter: Letter) -> str:
    """The same letter carries the same Message-ID however often it is sent."""
    keys = sorted(str(message.key) for message in letter.messages)
    digest = hashlib.sha256(" ".join([letter.reader.address, *keys]).encode()).hexdigest()
    return f"<{digest[:40]}@trilink>"
