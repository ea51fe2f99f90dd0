"""Files into a folder of the administrator's, for networks that nothing else reaches.

A file appears whole or not at all, and under the same name however often it is tried. The name is made of the parcel's
key alone: nothing that a message says reaches the file system.
"""

import contextlib
import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path

import xlsxwriter
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from workflows import kinds
from workflows.channels import allowed, attachments, inbox
from workflows.channels.base import NotSent, Pack, Send, Told, Withdrawn
from workflows.models import DeskChoice

CHINESE = "zh-hans"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SUFFIXES = {".xlsx", ".csv", ".ics"}


@contextmanager
def opened() -> Iterator[Send]:
    yield send


def send(pack: Pack) -> None:
    if pack.choice is None or pack.choice.folder_id is None:
        raise Withdrawn
    folder = allowed.checked_folder(pack.choice.folder)
    with translation.override(CHINESE):
        files = made_of(pack)
    try:
        for name, content in files:
            put(folder, name, content)
    except OSError as error:
        raise NotSent(type(error).__name__) from error


def made_of(pack: Pack) -> list[tuple[str, bytes]]:
    """The list of the messages, and the files that belong to them."""
    stem = f"trilink-{timezone.localtime(pack.parcel.written_at):%Y%m%d}-{pack.parcel.key.hex[:16]}"
    asked = pack.choice.format if pack.choice else DeskChoice.Format.XLSX
    rows = [heads(), *map(row, pack.told)]
    files = []
    if asked != DeskChoice.Format.CSV:
        files.append((f"{stem}.xlsx", xlsx(rows, pack)))
    if asked != DeskChoice.Format.XLSX:
        files.append((f"{stem}.csv", text(rows)))
    for number, (name, content, _kind) in enumerate(attachments.made_of(pack.told), start=1):
        suffix = Path(name).suffix
        if suffix in SUFFIXES:
            files.append((f"{stem}-{number}{suffix}", content))
    return files


def put(folder: Path, name: str, content: bytes) -> None:
    """Write beside, then rename: a reader of the folder never finds half a file."""
    where = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        part = f".{name}.part"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(part, dir_fd=where)  # of a try that was killed
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640, dir_fd=where)
        with os.fdopen(file, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        os.replace(part, name, src_dir_fd=where, dst_dir_fd=where)
        os.fsync(where)
    finally:
        os.close(where)


def heads() -> list[str]:
    return [_("时间"), _("内容"), _("类别"), _("状态"), _("对象"), _("警号或单位代码"), _("事项编号")]


def row(told: Told) -> list[str]:
    message, case = told.message, told.message.case
    at = timezone.localtime(message.written_at).strftime("%Y-%m-%d %H:%M")
    title = inbox.titles(message, told.state)[0]
    if case is None:
        return [at, plain(title), "", "", "", "", ""]
    kind, subject = kinds.find(case.kind), case.officer or case.unit
    state = str(kind.label_of(told.state)) if kind and told.state else ""
    number = case.officer.badge if case.officer else case.unit.code if case.unit else ""
    named = subject.name if subject else ""
    return [at, *map(plain, (title, str(kind.title) if kind else case.kind, state, named, number)), str(case.pk)]


def plain(text: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def xlsx(rows: Sequence[Sequence[str]], pack: Pack) -> bytes:
    """The same parcel gives the same bytes: the file's own day is the parcel's."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": pack.parcel.written_at.replace(tzinfo=None)})
    sheet = book.add_worksheet(_("消息"))
    bold = book.add_format({"bold": True})
    for number, line in enumerate(rows):
        for column, cell in enumerate(line):
            sheet.write_string(number, column, cell, None if number else bold)
    sheet.freeze_panes(1, 0)
    for column, width in enumerate((17, 48, 18, 14, 12, 16, 38)):
        sheet.set_column(column, column, width)
    book.close()
    return buffer.getvalue()


def text(rows: Sequence[Sequence[str]]) -> bytes:
    """CSV with the mark by which spreadsheets know UTF-8."""
    buffer = StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")
