"""Checking cycles.csv and schemes.csv."""

from collections.abc import Mapping

import polars as pl
from django.utils.translation import gettext as _

from appraisal.loading.checks import Sheet
from appraisal.loading.known import Known, Span
from appraisal.loading.reading import LINE
from appraisal.models import CycleKind

WHOLE = 100
TOLERANCE = 0.005


def check_cycles(sheet: Sheet, known: Known) -> None:
    sheet.required("code")
    sheet.length("code", 20)
    sheet.once(["code"], "code")
    sheet.choice("kind", CycleKind.values)
    sheet.day("starts_on", "ends_on")
    sheet.in_order("starts_on", "ends_on")
    spans = dict(known.cycles)
    for line, code, kind, first, last in sheet.frame.select(LINE, "code", "kind", "starts_on", "ends_on").iter_rows():
        if kind and first and last:
            _check_span(sheet, line, code, Span(kind, first, last), spans)


def _check_span(sheet: Sheet, line: int, code: str, span: Span, spans: dict[str, Span]) -> None:
    """Results hang on a cycle's days, so that they do not change; and cycles of one kind follow each other."""
    before = spans.setdefault(code, span)
    if before != span:
        wrong = _("周期 %(code)s 已有，是 %(kind)s %(first)s 到 %(last)s") % {"code": code, **before._asdict()}
        sheet.problems.add(
            sheet.name, wrong, line=line, column="code", expected=_("已有周期的类别和日期不能由导入改变")
        )
    other = _overlapping(code, span, spans)
    if other:
        wrong = _("与同类周期 %(code)s 的日期重叠") % {"code": other}
        sheet.problems.add(sheet.name, wrong, line=line, column="starts_on")


def _overlapping(code: str, span: Span, spans: Mapping[str, Span]) -> str:
    if span.kind == CycleKind.OWN:
        return ""
    return next(
        (
            other
            for other, its in spans.items()
            if other != code and its.kind == span.kind and its.first <= span.last and span.first <= its.last
        ),
        "",
    )


def check_schemes(sheet: Sheet) -> None:
    sheet.required("applies_to", "indicator", "weight")
    sheet.length("applies_to", 30)
    sheet.length("indicator", 50)
    sheet.once(["applies_to", "indicator"], "indicator")
    sheet.number("weight", low=0, high=WHOLE)
    whole = sheet.frame.filter(pl.col("weight").is_not_null().all().over("applies_to"))
    sums = whole.group_by("applies_to").agg(pl.col("weight").sum(), pl.col(LINE).max())
    for applies_to, total, line in sums.filter((pl.col("weight") - WHOLE).abs() > TOLERANCE).iter_rows():
        wrong = _("“%(applies_to)s”的权重合计 %(total)s") % {"applies_to": applies_to, "total": f"{total:g}"}
        sheet.problems.add(sheet.name, wrong, line=line, column="weight", expected=_("应为 100"))
