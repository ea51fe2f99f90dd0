"""Checking the files results-*.csv."""

import json

import polars as pl
from django.utils.translation import gettext as _

from appraisal.grades import UNITS, grades
from appraisal.loading.checks import Sheet
from appraisal.loading.known import Known
from appraisal.loading.problems import one_of, written
from appraisal.loading.reading import LINE
from appraisal.models import ResultStatus

FIXED = ("cycle", "subject", "status", "score", "grade", "recorded_on")
HIGHEST_SCORE = 1_000
HIGHEST_VALUE = 1_000_000_000


def check_results(sheet: Sheet, known: Known) -> None:
    sheet.known("cycle", known.cycles, _("考核周期"))
    _check_subject(sheet, known)
    sheet.choice("status", ResultStatus.values)
    sheet.length("grade", 20)
    sheet.number("score", low=0, high=HIGHEST_SCORE)
    sheet.day("recorded_on")
    _check_known_too_early(sheet, known)
    _check_grades(sheet, known)
    measured = [c for c in sheet.frame.columns if c not in (LINE, *FIXED)]
    for indicator in measured:
        sheet.number(indicator, low=-HIGHEST_VALUE, high=HIGHEST_VALUE)
    _check_indicators(sheet, known, measured)


def _check_subject(sheet: Sheet, known: Known) -> None:
    sheet.known("subject", known.officers.keys() | known.units.keys(), _("警号或单位代码"))


def _check_known_too_early(sheet: Sheet, known: Known) -> None:
    first = sheet.column("cycle").replace_strict({c: s.first for c, s in known.cycles.items()}, default=None)
    early = (sheet.column("recorded_on") < first.cast(pl.Date)).fill_null(value=False)
    sheet.blame(early, "recorded_on", _("早于周期首日"))


def _check_grades(sheet: Sheet, known: Known) -> None:
    """The grade must be a word of its cycle's kind; what is not graded has neither grade nor score."""
    graded = (sheet.column("status") == ResultStatus.GRADED).fill_null(value=False)
    other = (sheet.column("status") != ResultStatus.GRADED).fill_null(value=False)
    sheet.blame(graded & (sheet.column("grade") == ""), "grade", _("状态是 graded，却没有等次"))
    sheet.blame(other & (sheet.column("grade") != ""), "grade", _("状态不是 graded，不应有等次"))
    sheet.blame(other & sheet.column("score").is_not_null(), "score", _("状态不是 graded，不应有得分"))
    seen = sheet.frame.filter(graded).filter(pl.col("grade") != "").drop_nulls(["cycle", "subject"])
    with_kind = seen.select("cycle", "grade", unit=pl.col("subject").is_in(list(known.units)), line=LINE)
    for (cycle, grade, unit), lines in with_kind.group_by("cycle", "grade", "unit"):
        allowed = grades(known.cycles[str(cycle)].kind, unit=bool(unit))
        if grade not in allowed:
            for line in lines["line"]:
                expected = one_of(allowed, str(grade))
                sheet.problems.add(sheet.name, written(str(grade)), line=line, column="grade", expected=expected)


def _check_indicators(sheet: Sheet, known: Known, measured: list[str]) -> None:
    """A figure belongs to the scheme of a post that the officer holds or once held; a unit's to that of units."""
    if not measured:
        return
    long = sheet.frame.unpivot(measured, index=[LINE, "subject"], variable_name="indicator").drop_nulls()
    allowed = pl.DataFrame(sorted(_allowed(known)), schema={"subject": pl.String, "indicator": pl.String}, orient="row")
    strange = long.join(allowed, on=["subject", "indicator"], how="anti")
    for line, subject, indicator in strange.select(LINE, "subject", "indicator").iter_rows():
        wrong = _("%(subject)s 的考核方案里没有这项指标") % {"subject": subject}
        sheet.problems.add(sheet.name, wrong, line=line, column=indicator, expected=_("这一格应为空"))


def _allowed(known: Known) -> set[tuple[str, str]]:
    by_post: dict[str, list[str]] = {}
    for applies_to, indicator in known.schemes:
        by_post.setdefault(applies_to, []).append(indicator)
    posts = known.posts | set(known.officers.items()) | {(unit, UNITS) for unit in known.units}
    return {(subject, indicator) for subject, post in posts for indicator in by_post.get(post, ())}


def with_values(frame: pl.DataFrame, indicators: list[str]) -> pl.Series:
    """The measured indicators of each row as one JSON text."""
    names = [name for name in indicators if name in frame.columns]
    texts = (
        json.dumps({n: v for n, v in zip(names, row, strict=True) if v is not None}, ensure_ascii=False)
        for row in frame.select(names).iter_rows()
    )
    return pl.Series("indicators", list(texts) if names else ["{}"] * len(frame), dtype=pl.String)
