"""An enrollment list as a spreadsheet, a text table, and a sheet to sign."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO

import xlsxwriter
from django.utils.translation import gettext as _

from training.models import EnrollmentList
from training.rosters import Row
from workflows.models import OutboxMessage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
WIDTHS = (6, 12, 12, 24, 14, 18, 18, 18, 10)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def file_name(listed: EnrollmentList, suffix: str) -> str:
    session = listed.session
    return f"{session.course.code}-{session.number}-v{listed.version}.{suffix}"


def columns() -> list[str]:
    return [
        _("序"),
        _("姓名"),
        _("警号"),
        _("单位"),
        _("岗位"),
        _("要补的指标"),
        _("依据"),
        _("形式"),
        _("变动"),
    ]


def lines(listed: EnrollmentList) -> Iterator[list[str | int]]:
    added = set(listed.added)
    row: Row
    for number, row in enumerate(listed.rows, start=1):
        change = _("新增") if listed.version > 1 and row["badge"] in added else ""
        said = (row["name"], row["badge"], row["unit"], row["post_type"], row["focus"])
        yield [number, *map(plain, said), " ".join(row["codes"]), row["form"], change]


def plain(text: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def heading(listed: EnrollmentList) -> list[str]:
    session = listed.session
    said = {
        "version": listed.version,
        "count": listed.count,
        "checksum": listed.shown_checksum,
        "from": session.starts_on.isoformat(),
        "to": session.ends_on.isoformat(),
        "place": session.place,
    }
    return [
        str(session),
        _("%(from)s 至 %(to)s，%(place)s") % said,
        _("第 %(version)s 版，%(count)s 人，校验码 %(checksum)s") % said,
    ]


def xlsx(listed: EnrollmentList) -> bytes:
    """The same list gives the same bytes in one language: the file's own day is that of the list."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": str(listed.session), "created": listed.sent_at.replace(tzinfo=None)})
    sheet = book.add_worksheet(_("名册"))
    bold = book.add_format({"bold": True})
    for number, text in enumerate(heading(listed)):
        sheet.write_string(number, 0, text, bold)
    top = len(heading(listed)) + 1
    sheet.write_row(top, 0, columns(), bold)
    for number, line in enumerate(lines(listed), start=top + 1):
        sheet.write_row(number, 0, line)
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    book.close()
    return buffer.getvalue()


def text(listed: EnrollmentList) -> bytes:
    """CSV with the mark by which spreadsheets know UTF-8."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns())
    writer.writerows(lines(listed))
    return buffer.getvalue().encode("utf-8-sig")


def attachments(message: OutboxMessage) -> list[tuple[str, bytes, str]]:
    """What goes with the letter that tells of a list."""
    listed = EnrollmentList.objects.select_related("session__course").get(pk=message.payload["list"])
    return [(file_name(listed, "xlsx"), xlsx(listed), XLSX)]
