"""What the pages of reports need, put together once per page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage import access, backtest, charts, foresight, previews
from linkage.decision_list import in_unit
from linkage.models import Move, PolicyReport, ReportKind, ReportRow
from linkage.pages import PER_PAGE, language
from people.http import AuthenticatedRequest
from people.models import Account, Unit
from people.roles import Role
from workflows import paging
from workflows.list_exports import MANY

UNITS_SHOWN = 15
DESKS_SHOWN = 12
CHECKED_AT_ONCE = 20_000  # results read up to which a page reads its inputs again without being asked
ASKED = ("rule", "unit", "move", "cycle", "side", "outcome")
SOURCES = {
    "policy": gettext_lazy("政策条文"),
    "live": gettext_lazy("施行中的版本"),
    "results": gettext_lazy("考核结果"),
    "facts": gettext_lazy("事实"),
    "postings": gettext_lazy("任职经历"),
    "directory": gettext_lazy("人员和单位"),
    "cycles": gettext_lazy("考核周期和方案"),
    "decisions": gettext_lazy("以往认定"),
}


@dataclass(slots=True)
class Line:
    """One rule, or one unit, with how many move which way."""

    key: str
    title: str
    kind: str = ""
    outcome: str = ""
    note: str = ""
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def moving(self) -> int:
        return self.counts[Move.ENTERS] + self.counts[Move.LEAVES]


def asked_for(account: Account, report: PolicyReport, asked: Mapping[str, str]) -> QuerySet[ReportRow]:
    """The names the address asks for, as far as the reader may see them."""
    found = access.names(account, report)
    columns = {"rule": "rule", "move": "move", "cycle": "cycle__code", "outcome": "now_outcome"}
    for name, column in columns.items():
        if value := asked.get(name, ""):
            found = found.filter(**{column: value})
    if (side := asked.get("side", "")) in ("then", "now"):
        found = found.filter(**{f"{side}_status": "open"})
    if code := asked.get("unit", ""):
        found = found.filter(in_unit(code))
    if text := asked.get("q", "").strip():
        named = Q(officer__name__startswith=text) | Q(officer__badge=text) | Q(unit__name__startswith=text)
        found = found.filter(named | Q(unit__code=text))
    return found.select_related("officer__unit", "unit", "cycle")


def sides(report: PolicyReport) -> tuple[str, str]:
    """What the two readings of a report are called."""
    if report.kind == ReportKind.BACKTEST:
        return _("当时所知"), _("现在所知")
    return _("施行中的版本"), _("这一版本")


def report_page(request: AuthenticatedRequest, report: PolicyReport) -> dict[str, Any]:
    """Who enters, leaves and stays by rule and unit; for those who see all of the bureau also what it would take."""
    found = asked_for(request.user, report, {name: request.GET.get(name, "") for name in ("rule", "unit")})
    lines = rule_lines(report, found)
    sums: Counter[str] = Counter()
    for line in lines:
        sums.update(line.counts)
    return {
        "report": report,
        "lines": lines,
        "sums": sums,
        "many": sums.total() > MANY,
        "units": unit_lines(found),
        "chosen": request.GET,
        "unit": Unit.objects.filter(code=request.GET.get("unit", "")).first(),
        "whole": access.sees_bureau(request.user),
        "sides": sides(report),
        "may_decide": access.may_decide(request.user),
        **standing(request, report),
        **(_work(report) if access.sees_bureau(request.user) else {}),
    }


def rule_lines(report: PolicyReport, found: QuerySet[ReportRow]) -> list[Line]:
    """A line per rule of either version, in the order of this one."""
    lines = {
        rule["id"]: Line(
            key=rule["id"], title=rule[language()], kind=rule["kind"], outcome=rule["outcome"], note=_standing(rule)
        )
        for rule in report.content.get("rules", [])
    }
    for rule, move, count in found.order_by().values_list("rule", "move").annotate(count=Count("pk")):
        lines[rule].counts[move] = count
    return list(lines.values())


def _standing(rule: Mapping[str, Any]) -> str:
    return _("新增") if rule["new"] else _("已删去") if rule["gone"] else ""


def unit_lines(found: QuerySet[ReportRow]) -> list[Line]:
    """The units with the most who enter or leave."""
    lines: dict[int, Line] = {}
    by_unit = found.order_by().annotate(of=Coalesce("unit", "officer__unit"))
    for unit, move, count in by_unit.values_list("of", "move").annotate(count=Count("pk")):
        lines.setdefault(unit, Line(key="", title="")).counts[move] = count
    for unit in Unit.objects.filter(pk__in=lines):
        lines[unit.pk].key, lines[unit.pk].title = unit.code, unit.name
    moving = sorted(lines.values(), key=lambda line: (-line.moving, line.key))
    return [line for line in moving if line.moving][:UNITS_SHOWN]


def standing(request: AuthenticatedRequest, report: PolicyReport) -> dict[str, Any]:
    """Whether the report still says what its inputs say. Where that takes long it is read when somebody asks."""
    small = report.kind == ReportKind.PREVIEW and report.content["read"] <= CHECKED_AT_ONCE
    if not small and "check" not in request.GET:
        return {"checked": False, "apart": []}
    apart = backtest.changed(report) if report.kind == ReportKind.BACKTEST else previews.changed(report)
    return {"checked": True, "apart": [SOURCES.get(name, name) for name in apart]}


def _work(report: PolicyReport) -> dict[str, Any]:
    """The desks with the most to do, and the chart of all of them by month."""
    work = report.content.get("work")
    if not work:
        return {}
    months: Sequence[str] = work["months"]
    then, now = sides(report)
    most = max((count for desk in work["desks"] for count in desk["months"].values()), default=0)
    desks = [
        {
            **desk,
            "role": str(Role(desk["role"]).label) if desk["role"] in Role.values else desk["role"],
            "cells": [_cell(desk["months"].get(month, 0), most) for month in months],
            "more": desk["total"] - desk["live_total"],
        }
        for desk in work["desks"][:DESKS_SHOWN]
    ]
    series = [
        charts.Series(name=now, tone=1, values=[work["all"].get(month, 0) for month in months]),
        charts.Series(name=then, tone=6, values=[work["live_all"].get(month, 0) for month in months]),
    ]
    labels = [_("以后") if month == foresight.LATER else month for month in months]
    return {"desks": desks, "months": labels, "chart": charts.columns(labels, series)}


def _cell(count: int, most: int) -> dict[str, int]:
    """A figure and how dark it is drawn, 0 to 4."""
    return {"count": count, "heat": min(4, -(-4 * count // most)) if count else 0}


def names_page(request: AuthenticatedRequest, report: PolicyReport) -> dict[str, Any]:
    """The names behind a figure, a page at a time."""
    found = asked_for(request.user, report, request.GET)
    cursor = paging.Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    total = found.count()
    return {
        "report": report,
        "page": paging.page(found, cursor, keys=("rule", "id"), descending=False, size=PER_PAGE),
        "total": total,
        "rules": report.content.get("rules", []),
        "language": language(),
        "moves": Move.choices,
        "chosen": request.GET,
        "sides": sides(report),
        "many": total > MANY,
    }


def near_page(request: AuthenticatedRequest, report: PolicyReport, row: Mapping[str, Any], side: str) -> dict[str, Any]:
    """Those within one of a threshold whom the reader may see."""
    keys = row[f"{side}_keys"]
    found: QuerySet[Any] = access.officers(request.user).filter(pk__in=keys).select_related("unit")
    if row["who"] == "unit":
        found = access.units(request.user).filter(pk__in=keys)
    cursor = paging.Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    return {
        "report": report,
        "row": row,
        "side": side,
        "words": row[language()],
        "page": paging.page(found, cursor, keys=("badge" if row["who"] == "officer" else "code",), descending=False),
        "total": found.count(),
        "cut": row[side] > len(keys),
        "most": len(keys),
    }


# The back-test -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class PastLine:
    """One cycle under one rule: how many were decided as known then, how many as known now."""

    code: str
    then: int
    now: int
    enters: int
    leaves: int


@dataclass(frozen=True, kw_only=True)
class RulePast:
    """One rule over all the cycles it would have seen."""

    line: Line
    cycles: Sequence[PastLine]
    chart: charts.Columns

    @property
    def apart(self) -> int:
        return sum(past.enters + past.leaves for past in self.cycles)


def backtest_page(request: AuthenticatedRequest, report: PolicyReport) -> dict[str, Any]:
    """Per rule a chart and a table over the cycles; those whose two readings differ most first on request."""
    found = asked_for(request.user, report, {name: request.GET.get(name, "") for name in ("rule", "unit")})
    counts: dict[tuple[str, str], Counter[str]] = {}
    grouped = found.order_by().values_list("rule", "cycle__code", "move").annotate(count=Count("pk"))
    for rule, code, move, count in grouped:
        counts.setdefault((rule, code), Counter())[move] = count
    return {
        "report": report,
        "pasts": [_past(line, report, counts) for line in rule_lines(report, found) if line.counts],
        "cycles": report.content["cycles"],
        "hows": {"run": _("首次认定"), "final": _("审定之日"), "recorded": _("结果录入")},
        "chosen": request.GET,
        "sides": sides(report),
        "many": found.count() > MANY,
        "may_decide": access.may_decide(request.user),
        "whole": access.sees_bureau(request.user),
        **standing(request, report),
    }


def _past(line: Line, report: PolicyReport, counts: Mapping[tuple[str, str], Counter[str]]) -> RulePast:
    cycle = next(rule["cycle"] for rule in report.content["rules"] if rule["id"] == line.key)
    codes = [past["code"] for past in report.content["cycles"] if cycle in (past["kind"], "any")]
    pasts = [_past_line(code, counts.get((line.key, code), Counter())) for code in codes]
    then, now = sides(report)
    series = [
        charts.Series(name=now, tone=1, values=[past.now for past in pasts]),
        charts.Series(name=then, tone=6, values=[past.then for past in pasts]),
    ]
    return RulePast(line=line, cycles=pasts, chart=charts.columns(codes, series))


def _past_line(code: str, counts: Counter[str]) -> PastLine:
    stays, enters, leaves = counts[Move.STAYS], counts[Move.ENTERS], counts[Move.LEAVES]
    return PastLine(code=code, then=stays + leaves, now=stays + enters, enters=enters, leaves=leaves)
