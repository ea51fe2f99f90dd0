"""How the machinery stands: what waits, what could not be delivered, what the clock has not looked at, what answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from people.models import Account, Unit
from people.roles import Role
from workflows import verification
from workflows.desk import CAP
from workflows.models import CalendarYear, OutboxMessage, WorkItem
from workflows.words import capped

LATE = timedelta(minutes=2)  # the clock comes by every minute, the worker every five seconds
SHOWN = 100
PATIENCE = 0.7  # seconds for the workers to answer


@dataclass(frozen=True, kw_only=True)
class Figures:
    waiting: str
    oldest: datetime | None  # the first message that is due and still here
    dead: str
    unswept: datetime | None  # the first item the clock should have looked at
    provisional: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class Service:
    name: str
    note: str
    up: bool


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    message: OutboxMessage
    to: str
    replayed: bool


def administers(account: Account) -> bool:
    return bool(account.paths(Role.ADMINISTRATOR))


def figures() -> Figures:
    now = timezone.now()
    waiting = OutboxMessage.objects.filter(sent_at=None, dead_at=None)
    oldest = (
        waiting.filter(available_at__lte=now).order_by("available_at").values_list("available_at", flat=True).first()
    )
    due = WorkItem.objects.filter(closed_at=None, wake_at__lte=now).order_by("wake_at")
    unswept = due.values_list("wake_at", flat=True).first()
    provisional = WorkItem.objects.filter(closed_at=None, wake_at__isnull=False, provisional=True)
    behind = now - LATE
    return Figures(
        waiting=capped(waiting.order_by("available_at")[: CAP + 1].count(), CAP),
        oldest=oldest,
        dead=capped(_dead().order_by("dead_at")[: CAP + 1].count(), CAP),
        unswept=unswept,
        provisional=capped(provisional.order_by()[: CAP + 1].count(), CAP),
        late=bool((oldest and oldest < behind) or (unswept and unswept < behind)),
    )


def _dead() -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(sent_at=None, dead_at__isnull=False)


def dead_letters() -> list[DeadLetter]:
    """The newest that could not be delivered. One that was sent again stays, and says so."""
    messages = list(_dead().order_by("-dead_at")[:SHOWN])
    again = OutboxMessage.objects.filter(replay_of__in=[message.replay_of_id or message.pk for message in messages])
    replayed = dict(again.values_list("replay_of", "pk").order_by("pk"))
    names = dict(Unit.objects.filter(path__in={message.desk for message in messages}).values_list("path", "name"))
    return [
        DeadLetter(
            message=message,
            to=receiver(message, names),
            replayed=replayed.get(message.replay_of_id or message.pk, 0) > message.pk,
        )
        for message in messages
    ]


def receiver(message: OutboxMessage, names: dict[str, str]) -> str:
    """A desk or "a person": who it is, is not the administrator's business."""
    if message.role == Role.OFFICER:
        return _("本人")
    return " · ".join(part for part in (names.get(message.desk, ""), str(Role(message.role).label)) if part)


def services() -> list[Service]:
    return [Service(name=_("网页"), note=_("正在回答"), up=True), database(), *workers()]


def database() -> Service:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), current_setting('max_connections') FROM pg_stat_activity")
            used, most = cursor.fetchone()
    except DatabaseError:
        return Service(name=_("数据库"), note=_("没有回答"), up=False)
    return Service(name=_("数据库"), note=_("连接 %(used)s / %(most)s") % {"used": used, "most": most}, up=True)


def workers() -> Sequence[Service]:
    """Whether the relay answers and the workers behind it do. Either may be gone without any loss."""
    relay, process = _("消息中转"), _("后台进程")
    try:
        answers = current_app.control.inspect(timeout=PATIENCE).ping() or {}
    except (OperationalError, OSError):
        down = Service(name=process, note=_("问不到"), up=False)
        return [Service(name=relay, note=_("没有回答；待办和消息不会丢"), up=False), down]
    up = Service(name=relay, note=_("可随时清空，不丢数据"), up=True)
    return [up, Service(name=process, note=_("%d 个在回答") % len(answers), up=bool(answers))]


def years() -> list[int]:
    """The years whose holidays are published."""
    return list(CalendarYear.objects.order_by("year").values_list("year", flat=True))


def anchor() -> verification.Anchor | None:
    """The newest digest of the history that is kept outside the database."""
    anchors = verification.read_anchors(verification.anchors_file())
    return anchors[-1] if anchors else None
