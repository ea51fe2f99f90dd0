"""What reports warn of, for the pages that include it: `{% load report_tags %}`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _

from linkage import access, fairness
from linkage.models import Policy, PolicyReport, ReportKind
from linkage.pages import language
from workflows import kinds

register = template.Library()

TONES = {fairness.BELOW: "warn", fairness.PERHAPS: "info", fairness.FINE: "ok", fairness.BEST: "ok"}


@register.simple_tag
def fairness_of(report: PolicyReport) -> dict[str, Any]:
    """The warnings first, then every comparison, in the reader's words: `{% fairness_of report as fair %}`."""
    found = report.content.get("fairness", [])
    titles = {rule["id"]: rule[language()] for rule in report.content.get("rules", [])}
    told = [_warning(row, titles) for row in fairness.warnings(found)]
    return {
        "known": "fairness" in report.content,
        "warnings": [row for row in told if row["group"]["verdict"] == fairness.BELOW],
        "doubtful": [row for row in told if row["group"]["verdict"] != fairness.BELOW],
        "parts": [_part(part, titles) for part in found],
    }


def _warning(row: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    return {**row, "title": _title(row, titles), "by": _dimension(row["by"]), "group": _group(row["group"])}


def _part(part: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    dimensions = [
        {"by": _dimension(one["by"]), "groups": [_group(group) for group in one["groups"]]}
        for one in part["dimensions"]
    ]
    return {**part, "title": _title(part, titles), "dimensions": dimensions}


def _title(part: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    if part["of"] == "rule":
        return f"{part['name']} {titles.get(part['name'], '')}"
    kind = kinds.find(part["name"])
    return str(kind.title) if kind else str(part["name"])


def _group(group: Mapping[str, Any]) -> dict[str, Any]:
    verdicts = {
        fairness.SMALL: _("不足 10 人，不判断"),
        fairness.BEST: _("比较基准"),
        fairness.FINE: _("不低于五分之四"),
        fairness.PERHAPS: _("低于五分之四，区间重叠，可能是偶然"),
        fairness.BELOW: _("低于五分之四"),
    }
    verdict = verdicts[group["verdict"]]
    if group["verdict"] == fairness.FINE and group["ratio"] is None:
        verdict = _("没有可比的组")
    percents = {name: f"{group[name] * 100:.1f}%" for name in ("rate", "low", "high")}
    ratio = "" if group["ratio"] is None else f"{group['ratio']:.2f}"
    words = {"name": group["name"] or _("未填"), "words": verdict, "tone": TONES.get(group["verdict"], "mute")}
    return {**group, **percents, "ratio": ratio, **words}


def _dimension(name: str) -> str:
    return {
        "sex": _("性别"),
        "age": _("年龄"),
        "post_type": _("岗位类别"),
        "unit_kind": _("单位类别"),
        "rank": _("职级"),
    }[name]


@register.simple_tag
def sensitivity_of(report: PolicyReport) -> list[dict[str, Any]]:
    """The thresholds near which somebody sits: `{% sensitivity_of report as rows %}`."""
    rows = enumerate(report.content.get("sensitivity", []))
    return [{**row, "number": number, "words": row[language()], "one": _one(row["unit"])} for number, row in rows]


def _one(unit: str) -> str:
    return {
        "points": _("1 分"),
        "periods": _("1 期"),
        "places": _("1 名"),
        "times": _("1 次"),
        "years": _("1 年"),
    }[unit]


@register.simple_tag(takes_context=True)
def reports_of(context: Context, policy: Policy) -> dict[str, Any]:
    """What was looked ahead at before somebody signs: `{% reports_of policy as looked %}`."""
    account = context["request"].user
    found = access.reports(account).filter(policy=policy)
    return {
        "preview": found.filter(kind=ReportKind.PREVIEW).first(),
        "backtest": found.filter(kind=ReportKind.BACKTEST).first(),
        "whole": access.sees_bureau(account),
        "may_make": access.may_decide(account),
        "may_read": access.may_read(account),
    }


@register.simple_tag(takes_context=True)
def reads_linkage(context: Context) -> bool:
    """Whether the reader may read reports and decisions at all."""
    return access.may_read(context["request"].user)
