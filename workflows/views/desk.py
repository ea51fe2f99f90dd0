"""My desk: what I have to do, by when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from people.access import below
from people.http import AuthenticatedRequest
from people.models import Account, Unit
from people.stand_ins import away
from workflows import clock as clocks
from workflows import desk, exports, kinds, list_exports
from workflows.calendars import Clock, local_day
from workflows.desk import CAP, PAUSED, Figures, Filter
from workflows.models import CalendarDay, CaseReason, WorkItem
from workflows.paging import Cursor
from workflows.refusals import Words
from workflows.views.exports import export
from workflows.words import capped, date_words, day_words, due

SPANS: dict[str, Words] = {
    "over": gettext_lazy("已逾期"),
    "today": gettext_lazy("今天到期"),
    "week": gettext_lazy("七天内到期"),
    "later": gettext_lazy("以后"),
    "paused": gettext_lazy("已暂停"),
}
UNITS = 400


@dataclass(frozen=True, kw_only=True)
class Row:
    """A work item as the desk shows it."""

    item: WorkItem
    title: str
    because: str
    lent_by: str  # the name of him whose work it is, where the reader stands in for him
    away: date | None  # until when the one it is laid on by name is out of office


@dataclass(frozen=True, kw_only=True)
class Chip:
    value: str
    label: Words
    icon: str
    count: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class WeekDay:
    day: date
    letter: str
    note: str
    rests: bool
    today: bool


@require_safe
def my_desk(request: AuthenticatedRequest) -> HttpResponse:
    if request.GET.get("export") in exports.FORMATS:
        return export(request, "desk")
    clock, chosen = clocks.now(), desk.read_filter(request.user, request.GET)
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    page = desk.page(request.user, chosen, cursor, clock=clock)
    figures = desk.figures(request.user, chosen, clock=clock)
    count = figures.count(chosen.due) if chosen.due else figures.by_due.total()
    prefetch_related_objects(list(page.rows), Prefetch("case__reasons", CaseReason.objects.order_by("id")))
    context = {
        "clock": clock,
        "chosen": chosen,
        "page": page,
        "groups": list(groups(page.rows, figures, clock, request.user)),
        "claims": claims(chosen),
        "figures": figures,
        "tiles": tiles(figures, clock),
        "chips": chips(figures, chosen),
        "units": units(request.user),
        "week": week(figures, clock),
        "holidays": holidays(clock),
        "others": desk.others(request.user),
        "today": date_words(local_day(clock.at)),
        "working": clock.calendar.is_working(local_day(clock.at)),
        "late": figures.by_due["over"],
        "total": capped(count, CAP) if figures.complete else _("1 万+"),
        "many": count > list_exports.MANY or not figures.complete,
        "list": "desk",
    }
    return render(request, part(request, "workflows/desk.html", "work-items"), context)


def part(request: AuthenticatedRequest, template: str, name: str) -> str:
    """The whole page, or only the part of it that htmx asked for."""
    return f"{template}#{name}" if request.htmx and request.htmx.target == name else template


def groups(items: Sequence[WorkItem], figures: Figures, clock: Clock, account: Account) -> Iterator[dict[str, Any]]:
    span_of = desk.spanner(clock)
    absent = away([item.officer_id for item in items if item.officer_id], clock.day)
    for span, rows in groupby(items, key=lambda item: PAUSED if item.paused_at else span_of(item.due_at)):
        count = figures.count(span)
        yield {
            "span": span,
            "label": SPANS[span],
            "count": f"{count:,}" if figures.complete else "",
            "rows": [row(item, account, absent) for item in rows],
        }


def row(item: WorkItem, account: Account, absent: Mapping[int, date]) -> Row:
    kind = kinds.find(item.kind)
    duty = kind.duties.get(item.duty) if kind else None
    reason = next(iter(item.case.reasons.all()), None)
    return Row(
        item=item,
        title=str(duty.title) if duty else item.duty,
        because=exports.half(reason, "title"),
        lent_by=desk.lent_by(item, account),
        away=absent.get(item.officer_id or 0),
    )


def claims(chosen: Filter) -> list[tuple[str, Words, bool]]:
    """The choice between all work of the desk, mine, and what nobody has taken on."""
    names = (("", _("全部")), (desk.MINE, _("我认领的")), (desk.FREE, _("无人认领")))
    return [(value, label, value == chosen.claim) for value, label in names]


def tiles(figures: Figures, clock: Clock) -> list[dict[str, Any]]:
    today = local_day(clock.at)
    last = day_words(today + desk.WEEK, today=today)
    oldest = due(figures.oldest, clock) if figures.oldest and figures.by_due["over"] else None
    notes = {
        "over": _("最久：%s") % oldest.words if oldest else _("没有逾期"),
        "today": _("24:00 前"),
        "week": _("至 %s") % last,
        "later": _("%s 之后") % last,
        "paused": _("恢复后继续计时"),
    }
    return [
        {
            "span": span,
            "label": label,
            "count": shown(figures, span),
            "note": notes[span],
            "tone": "bad" if span == "over" and figures.by_due["over"] else "",
        }
        for span, label in SPANS.items()
    ]


def shown(figures: Figures, span: str) -> str:
    """A count of the tiles. Where counting stopped at the cap, the last group it reached is longer than counted."""
    count = figures.count(span)
    last = [name for name in SPANS if figures.by_due[name]][-1:]
    return f"{count:,}+" if not figures.complete and [span] == last else f"{count:,}"


def chips(figures: Figures, chosen: Filter) -> list[Chip]:
    everything = Chip(value="", label=_("全部"), icon="", count=figures.total, current=not chosen.kind)
    known = [kind for kind in kinds.registered() if figures.by_kind[kind.name] or kind.name == chosen.kind]
    more = "" if figures.complete else "+"
    return [everything] + [
        Chip(
            value=kind.name,
            label=kind.title,
            icon=kind.icon,
            count=f"{figures.by_kind[kind.name]:,}{more}",
            current=kind.name == chosen.kind,
        )
        for kind in known
    ]


def units(account: Account) -> list[Unit]:
    """The units a desk can be narrowed to: those below the account's roles."""
    found = Unit.objects.filter(below(path for _role, path in account.grants)).order_by("path")
    return list(found[:UNITS])


def week(figures: Figures, clock: Clock) -> list[WeekDay]:
    """Seven days from today, with how much is due on each."""
    today = local_day(clock.at)
    letters = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))
    days = [today + timedelta(days=n) for n in range(7)]
    return [_week_day(day, letters[day.weekday()], figures, clock) for day in days]


def _week_day(day: date, letter: str, figures: Figures, clock: Clock) -> WeekDay:
    rests = not clock.calendar.is_working(day)
    count = figures.by_day[day]
    note = str(count) if count or not rests else _("休")
    return WeekDay(day=day, letter=letter, note=note, rests=rests, today=day == local_day(clock.at))


def holidays(clock: Clock) -> list[CalendarDay]:
    """What the week's strip cannot say: which holiday or make-up day is near."""
    today = local_day(clock.at)
    near = CalendarDay.objects.filter(day__gte=today, day__lte=today + timedelta(days=10))
    return list(near.order_by("day"))
