"""Calendar letters: the deadlines of a person as events that appear, move and go away in his own calendar."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from workflows import kinds
from workflows.channels import ical, mail
from workflows.channels.base import Pack, Send, Withdrawn
from workflows.models import WorkItem

CANCEL = "CANCEL"
REQUEST = "REQUEST"


@contextmanager
def opened() -> Iterator[Send]:
    with mail.opened_for(write) as send:
        yield send


def write(pack: Pack) -> EmailMessage:
    """One file per event: calendars take in one event of a letter's part, and no more."""
    account = pack.account
    address = mail.address_of_account(account) if account else ""
    if account is None or not account.is_active or not address:
        raise Withdrawn
    with translation.override(account.language or mail.CHINESE):
        files = [_file(row, pack.parcel.written_at, address) for row in pack.parcel.content["events"]]
        return EmailMessage(
            subject=gettext("三挂钩：期限日历更新 %d 项") % len(files),
            body=gettext("附件是你的待办期限，打开即写入、改动或撤销日历中的日程。") + "\n",
            to=[address],
            attachments=files,
            headers={"Message-ID": mail.identity(pack)},
        )


def _file(row: dict[str, str | int], stamp: datetime, address: str) -> tuple[str, bytes, str]:
    method = str(row["method"])
    event = ical.Event(
        uid=uid(int(row["item"])),
        sequence=int(row["sequence"]),
        stamp=stamp,
        day=date.fromisoformat(str(row["day"])),
        summary=summary(str(row["kind"]), str(row["duty"])),
        url=mail.link("workflows:case", row["case"]),
        is_cancelled=method == CANCEL,
        attendee=address,
    )
    content = ical.calendar([event], method=method)
    return f"deadline-{row['item']}.ics", content, f"text/calendar; method={method}"


def uid(item: int) -> str:
    return f"item-{item}@trilink"


def summary(kind_name: str, duty_name: str) -> str:
    """What is due, and nobody by name: calendars are shared and lie on telephones."""
    kind = kinds.find(kind_name)
    if kind is None:
        return gettext("期限")
    duty = kind.duties.get(duty_name)
    said = {"duty": duty.title if duty else duty_name, "kind": kind.title}
    return gettext("期限：%(duty)s（%(kind)s）") % said


def event_of(item: WorkItem, moves: int, stamp: datetime, base: str) -> ical.Event:
    """An open work item, whose date was moved so often, as an event of a feed."""
    return ical.Event(
        uid=uid(item.pk),
        sequence=moves,
        stamp=stamp,
        day=timezone.localdate(item.due_at),
        summary=summary(item.kind, item.duty),
        url=base + reverse("workflows:case", args=[item.case_id]),
    )
