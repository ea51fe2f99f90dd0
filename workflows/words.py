"""Deadlines and days in the words of the bureau: the number of working days and the date, always both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from workflows.calendars import ZONE, Clock, Deadline, local_day
from workflows.models import WorkItem

SOON = 2  # working days
Tone = Literal["ok", "soon", "over", "paused", "provisional"]
ICONS: dict[Tone, str] = {
    "ok": "clock",
    "soon": "clock",
    "over": "alert",
    "paused": "pause",
    "provisional": "dashed",
}


@dataclass(frozen=True, kw_only=True)
class DueWords:
    tone: Tone
    words: str
    day: str  # as it is read
    iso: str

    @property
    def icon(self) -> str:
        return ICONS[self.tone]

    def __str__(self) -> str:
        """For tables of figures and answers to programs: 还有 3 个工作日（4月3日）."""
        return _("%(words)s（%(day)s）") % {"words": self.words, "day": self.day}


def day_words(day: date, *, today: date) -> str:
    """4月3日; with its year when that is another one."""
    if (get_language() or "").startswith("en"):
        return date_format(day, "j M" if day.year == today.year else "j M Y")
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


def date_words(day: date) -> str:
    """2026年3月31日 星期二."""
    english = (get_language() or "").startswith("en")
    return date_format(day, "l j F Y" if english else "Y年n月j日 l")


def time_words(at: datetime, *, today: date) -> str:
    """3月23日 09:40."""
    local = local_day(at)
    return f"{day_words(local, today=today)} {date_format(at.astimezone(ZONE), 'H:i')}"


def due(at: datetime, clock: Clock, *, provisional: bool = False, natural: bool = False) -> DueWords:
    """How long there is until a deadline, or since; in natural days where the law counts them so."""
    last, today = local_day(at), local_day(clock.at)
    day = day_words(last, today=today)
    if at < clock.at:
        return DueWords(tone="over", words=_late(last, today, clock, natural=natural), day=day, iso=last.isoformat())
    if provisional:
        return DueWords(tone="provisional", words=_("暂定"), day=day, iso=last.isoformat())
    if last == today:
        return DueWords(tone="soon", words=_("今天"), day=_("24:00 前"), iso=last.isoformat())
    left = (last - today).days if natural else clock.calendar.working_days(today, last)
    plural = (
        ngettext("还有 %d 日", "还有 %d 日", left)
        if natural
        else ngettext("还有 %d 个工作日", "还有 %d 个工作日", left)
    )
    return DueWords(tone="soon" if left <= SOON else "ok", words=plural % left, day=day, iso=last.isoformat())


def _late(last: date, today: date, clock: Clock, *, natural: bool) -> str:
    if natural:
        days = (today - last).days
        return ngettext("逾期 %d 日", "逾期 %d 日", days) % days
    days = clock.calendar.working_days(last, today)
    return ngettext("逾期 %d 个工作日", "逾期 %d 个工作日", days) % days if days else _("已逾期")


def item_due(item: WorkItem, clock: Clock) -> DueWords:
    """The deadline of a work item by its desk's calendar; what is left of it, while its clock stands still."""
    clock = clock.of(item.desk)
    if item.paused_at:
        return paused(max(clock.calendar.working_days(local_day(item.paused_at), local_day(item.due_at)), 0))
    natural = bool(item.rule) and Deadline.parse(item.rule).unit != "working_days"
    return due(item.due_at, clock, provisional=item.provisional, natural=natural)


def paused(left: int | None) -> DueWords:
    """A clock that stands still."""
    words = _("已暂停") if left is None else _("已暂停，剩 %d 个工作日") % left
    return DueWords(tone="paused", words=words, day="", iso="")


def listed(items: Iterable[object]) -> str:
    """甲、乙、丙."""
    return _("、").join(map(str, items))


def clauses(items: Iterable[object]) -> str:
    """甲；乙；丙: of whole sentences."""
    return _("；").join(map(str, items))


def capped(number: int, cap: int) -> str:
    """A count that was not taken to the end: 1 万+."""
    if number <= cap:
        return f"{number:,}"
    return _("1 万+") if cap == 10_000 else f"{cap:,}+"
