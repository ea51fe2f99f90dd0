"""E-mail: one letter per parcel. It names cases by number and link, and nobody by name."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from people.models import Account
from workflows import kinds
from workflows.channels import attachments
from workflows.channels.base import NotSent, Pack, Send, Told, Withdrawn
from workflows.models import PersonalChoice, WorkItem
from workflows.refusals import Words

log = logging.getLogger(__name__)

CHINESE = "zh-hans"
LINES = 100  # a letter is read; the pages have the whole list


def opened() -> AbstractContextManager[Send]:
    return opened_for(write)


@contextmanager
def opened_for(write: Callable[[Pack], EmailMessage]) -> Iterator[Send]:
    """One connection for all letters of a round."""
    connection = get_connection()
    try:
        connection.open()
    except Exception as error:  # a server that is down is asked once a round, not once a letter
        refused = type(error).__name__
        log.exception("the mail server cannot be reached", extra={"action": "mail_server_down"})
        yield lambda pack: fail(refused)
        return
    try:
        yield lambda pack: post(write(pack), connection)
    finally:
        connection.close()


def fail(words: str) -> None:
    raise NotSent(words)


def post(letter: EmailMessage, connection: BaseEmailBackend) -> None:
    letter.connection = connection
    try:
        sent = letter.send()
    except NotSent:
        raise
    except Exception as error:
        connection.close()  # what a failed letter leaves in the conversation must not meet the next
        raise NotSent(type(error).__name__) from error
    if not sent:
        raise NotSent("not taken")


def write(pack: Pack) -> EmailMessage:
    with translation.override(_language(pack)):
        return EmailMessage(
            subject=_subject(pack),
            body=_body(pack),
            to=[address_of(pack)],
            attachments=attachments.made_of(pack.told),
            headers={"Message-ID": identity(pack)},
        )


def address_of(pack: Pack) -> str:
    """Where the desk or the person has his letters today."""
    if pack.account is None:
        if pack.choice is None or not pack.choice.mailbox:
            raise Withdrawn
        return pack.choice.mailbox
    address = address_of_account(pack.account)
    if not address or not pack.account.is_active or _unwanted(pack.account):
        raise Withdrawn
    return address


def address_of_account(account: Account) -> str:
    return account.email or (account.officer.email if account.officer else "")


def _unwanted(account: Account) -> bool:
    choice = getattr(account, "message_choice", None)
    return choice is not None and choice.mail == PersonalChoice.Mail.NONE


def _language(pack: Pack) -> str:
    return (pack.account.language if pack.account else "") or CHINESE


def identity(pack: Pack) -> str:
    """The same parcel carries the same Message-ID however often it is sent."""
    return f"<{pack.parcel.key}@trilink>"


def _subject(pack: Pack) -> str:
    if pack.parcel.topic == "test":
        return gettext("三挂钩：测试消息")
    count = len(pack.told)
    if pack.parcel.digest_day:
        return gettext("三挂钩：%(day)s 每日汇总，%(count)d 条消息") % {
            "day": pack.parcel.digest_day.isoformat(),
            "count": count,
        }
    return ngettext("三挂钩：%d 条新消息", "三挂钩：%d 条新消息", count) % count


def _body(pack: Pack) -> str:
    if pack.parcel.topic == "test":
        return gettext("这是一封测试消息。能看到它，说明这一渠道可用。") + "\n"
    parts = [gettext("请登录系统查看下列事项：") + "\n\n" + _lines(pack.told)] if pack.told else []
    if pack.soon:
        parts.append(gettext("即将到期：") + "\n\n" + "\n".join(map(_due_line, pack.soon)))
    return "\n\n".join(parts) + "\n"


def _lines(told: Sequence[Told]) -> str:
    lines = [_line(one) for one in told[:LINES]]
    if rest := len(told) - len(lines):
        lines.append(gettext("另有 %d 条，请在系统内查看。") % rest)
    return "\n".join(lines)


def _line(told: Told) -> str:
    message = told.message
    if message.case is None:
        return f"- {link('workflows:messages')}"
    return f"- {_title(message.case.kind)} {message.case_id}: {link('workflows:case', message.case_id)}"


def _due_line(item: WorkItem) -> str:
    day = timezone.localdate(item.due_at).isoformat()
    return f"- {day} {_title(item.kind)} {item.case_id}: {link('workflows:case', item.case_id)}"


def link(name: str, *args: object) -> str:
    """The address of a page for somebody who is not in the product."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"


def _title(name: str) -> Words:
    kind = kinds.find(name)
    return kind.title if kind else name
