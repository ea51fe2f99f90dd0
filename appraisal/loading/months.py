"""Checking facts.csv, workload.csv and staffing.csv."""

from django.utils.translation import gettext as _

from appraisal.loading.checks import Sheet
from appraisal.loading.known import Known
from appraisal.models import FactKind

MONTH = r"^(19|20)\d\d-(0[1-9]|1[0-2])$"
MOST_IN_A_MONTH = 100_000
MOST_PEOPLE = 100_000
DAYS_IN_A_MONTH = 31
HIGHEST_AMOUNT = 1_000_000_000


def check_facts(sheet: Sheet, known: Known) -> None:
    sheet.known("subject", known.officers.keys() | known.units.keys(), _("警号或单位代码"))
    sheet.choice("kind", FactKind.values)
    sheet.length("level", 50)
    sheet.length("note", 2_000)
    sheet.day("from", "recorded_on")
    sheet.day("to", required=False)
    sheet.in_order("from", "to")
    sheet.number("amount", low=-HIGHEST_AMOUNT, high=HIGHEST_AMOUNT)
    awards = (sheet.column("kind") == FactKind.AWARD).fill_null(value=False)
    sheet.blame(awards & (sheet.column("level") == ""), "level", _("奖励没有写级别"), _("如：嘉奖、三等功、晋档"))


def check_workload(sheet: Sheet, known: Known) -> None:
    sheet.known("badge", known.officers, _("警号"))
    _month(sheet)
    sheet.once(["badge", "cycle"], "badge")
    for column in ("calls", "cases", "duty_hours"):
        _count(sheet, column, MOST_IN_A_MONTH)
    _count(sheet, "leave_days", DAYS_IN_A_MONTH)


def check_staffing(sheet: Sheet, known: Known) -> None:
    sheet.known("unit", known.units, _("单位"))
    _month(sheet)
    sheet.once(["unit", "cycle"], "unit")
    for column in ("establishment", "present"):
        _count(sheet, column, MOST_PEOPLE)


def _month(sheet: Sheet) -> None:
    text = sheet.column("cycle")
    bad = ~text.str.contains(MONTH)
    sheet.blame((text != "") & bad, "cycle", expected=_("应为 2025-12 这样的月份"))
    sheet.required("cycle")
    sheet.replace("cycle", text.set(bad, None))


def _count(sheet: Sheet, column: str, most: int) -> None:
    sheet.blame(sheet.column(column) == "", column, _("没有填写"))
    sheet.number(column, low=0, high=most, whole=True)
