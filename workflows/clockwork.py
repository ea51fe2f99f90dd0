"""What the operations page tells of the clockwork: late work by department, the last turns of the ticks, the jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Unit
from people.roles import Role
from workflows.models import Channel, Job, JobState, Slot, WorkItem
from workflows.refusals import Words

SHOWN = 20
TICKS: dict[str, Words] = {
    "deliver_outbox": _("投递消息"),
    "deliver_parcels": _("对外发送"),
    "sweep_deadlines": _("扫描期限"),
    "tell_calendars": _("日历与摘要"),
    "send_jobs": _("派发后台任务"),
    "fly_canary": _("全程试投"),
    "turn_the_day": _("每日交接与锚点"),
    "keep_house": _("清理"),
}

DONE: dict[str, Words] = {
    "sent": _("发出"),
    "failed": _("未成"),
    "reminded": _("提醒"),
    "escalated": _("升级"),
    "expired": _("到期办理"),
    "digests": _("摘要"),
    "events": _("日程"),
    "canaries": _("试投"),
    "anchored": _("记入锚点的事项"),
    "slots": _("清理的轮次"),
    "files": _("清理的文件"),
}


@dataclass(frozen=True, kw_only=True)
class Department:
    """Late work of one role at one unit. No case and no person: those are the desk's own."""

    unit: str
    role: str
    count: int
    oldest: datetime


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The last turn of a tick."""

    name: Words
    what: Words  # the channel, of a tick that serves one
    at: datetime
    seconds: float | None  # None: at work, or its worker was killed
    figures: str
    error: str


def by_department() -> Sequence[Department]:
    """The desks with most late work."""
    late = WorkItem.objects.filter(closed_at=None, paused_at=None, due_at__lt=timezone.now())
    found = late.order_by().values("desk", "role").annotate(count=Count("pk"), oldest=Min("due_at"))
    rows = list(found.order_by("-count", "desk", "role")[:SHOWN])
    names = dict(Unit.objects.filter(path__in={row["desk"] for row in rows}).values_list("path", "name"))
    return [
        Department(
            unit=names.get(row["desk"], ""),
            role=str(Role(row["role"]).label),
            count=row["count"],
            oldest=row["oldest"],
        )
        for row in rows
    ]


def last_turns() -> Sequence[Turn]:
    """The newest turn of each tick, of those in the last days."""
    recent = Slot.objects.filter(at__gt=timezone.now() - timedelta(days=2))
    newest = recent.order_by("name", "-at").distinct("name")
    channels = dict(Channel.choices)
    return [
        Turn(
            name=TICKS.get(slot.name.partition(":")[0], slot.name),
            what=channels.get(slot.name.partition(":")[2], ""),
            at=slot.won_at,
            seconds=(slot.done_at - slot.won_at).total_seconds() if slot.done_at else None,
            figures="，".join(f"{DONE.get(name, name)} {number}" for name, number in slot.figures.items() if number),
            error=slot.error,
        )
        for slot in newest
    ]


def jobs() -> Sequence[Job]:
    """What waits or runs, and what failed last."""
    interesting = (JobState.QUEUED, JobState.RUNNING, JobState.FAILED)
    return list(Job.objects.filter(state__in=interesting).order_by("-pk")[:SHOWN])
