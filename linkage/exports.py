"""The decisions of a filter as a file: exactly what the list shows, every page of it."""

import csv
import io
from collections.abc import Iterable, Iterator

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from linkage.models import Decision

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def decisions(found: QuerySet[Decision], cycle: Cycle, form: str) -> HttpResponse:
    """A spreadsheet, or CSV when `form` says so. A cell that looks like a formula is written as text."""
    rows = list(_rows(found.order_by("rule", "pk")))
    if form == "csv":
        return _answer(_as_csv(rows), "text/csv; charset=utf-8", f"decisions-{cycle.code}.csv")
    return _answer(_as_xlsx(rows), XLSX, f"decisions-{cycle.code}.xlsx")


def _rows(found: QuerySet[Decision]) -> Iterator[list[str]]:
    yield [_("规则"), _("警号或代码"), _("姓名或单位"), _("所在单位"), _("状态"), _("后果"), _("重点"), _("理由")]
    for decision in found:
        officer, unit = decision.officer, decision.unit
        yield [
            decision.rule,
            officer.badge if officer else unit.code if unit else "",
            decision.subject.name,
            officer.unit.name if officer else "",
            decision.get_status_display(),
            decision.outcome,
            decision.focus,
            decision.words_zh,
        ]


def _as_csv(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # the mark lets spreadsheet programs read Chinese


def _as_xlsx(rows: Iterable[list[str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row, book.add_format({"bold": True}) if number == 0 else None)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return file.getvalue()


def _answer(content: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
