"""Lists as files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from workflows.models import Case

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def answer(form: str, name: str, head: Sequence[str], lines: Iterable[Sequence[str]]) -> HttpResponse:
    """The list as a file to keep, named for its day."""
    buffer = io.BytesIO()
    write(buffer, form, name, head, lines)
    disposition = content_disposition_header(as_attachment=True, filename=file_name(form, name)) or "attachment"
    return HttpResponse(buffer.getvalue(), content_type=FORMATS[form], headers={"Content-Disposition": disposition})


def file_name(form: str, name: str) -> str:
    return f"{name}-{timezone.localdate():%Y-%m-%d}.{form}"


def write(file: BinaryIO, form: str, name: str, head: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Line by line: however long the list, one line of it is in memory."""
    if form == "xlsx":
        _xlsx(file, name, head, lines)
    else:
        _text(file, head, lines)


def _text(file: BinaryIO, head: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """With the mark by which spreadsheets know UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in lines)
    text.detach()  # the file stays open


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is kept as text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _xlsx(file: BinaryIO, name: str, head: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    with Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True, "bg_color": "#EEF2F5", "bottom": 1})
        sheet.set_column(0, len(head) - 1, 18)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, head, bold)
        for number, row in enumerate(lines, start=1):
            sheet.write_row(number, 0, row)


def subject(case: Case) -> list[str]:
    """Name, badge or code, and unit of what the case is about."""
    if case.officer:
        return [case.officer.name, case.officer.badge, case.officer.unit.name]
    return [case.unit.name, case.unit.code, case.unit.name] if case.unit else ["", "", ""]


def half(row: object, field: str) -> str:
    """The half of a bilingual pair that the reader's language asks for."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return str(getattr(row, f"{field}_{language}", "") or "")


def subject_head() -> list[str]:
    return [_("姓名或单位"), _("警号或代码"), _("单位")]
