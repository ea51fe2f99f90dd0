"""Reading one CSV file into a frame of texts with the line each came from."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.utils.translation import gettext as _

from appraisal.loading.problems import Problems, one_of, written

LINE = "line"
FIELD_LIMIT = 100_000  # characters; nothing in a bureau's file is as long


@dataclass(frozen=True)
class Layout:
    """The columns of a file. With `further`, other columns are allowed if they are among these words."""

    columns: Sequence[str]
    optional: Sequence[str] = ()
    further: Sequence[str] = ()

    def allowed(self) -> list[str]:
        return [*self.columns, *self.optional, *self.further]


def read(path: Path, layout: Layout, problems: Problems) -> pl.DataFrame:
    """The file as texts, blanks round them removed, with its line numbers. Whatever is wrong is added to `problems`."""
    header: list[str] = []
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, row in _rows(path, problems):
        if not header:
            header = [cell.strip() for cell in row]
            _check_header(path.name, header, layout, problems)
        elif len(row) != len(header):
            wrong = _("有 %(found)s 列，表头有 %(header)s 列") % {"found": len(row), "header": len(header)}
            problems.add(path.name, wrong, line=line, expected=_("是否多了或少了逗号、引号？"))
        else:
            lines.append(line)
            rows.append(row)
    return _frame(header, lines, rows, layout)


def _rows(path: Path, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    text = _text(path, problems)
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        problems.add(
            path.name, _("不是完整的 CSV：%(error)s") % {"error": error}, line=start, expected=_("引号是否成对？")
        )


def _text(path: Path, problems: Problems) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        problems.add(path.name, _("缺少这个文件"))
        return ""
    except OSError as error:
        problems.add(path.name, _("读不了这个文件：%(error)s") % {"error": error.strerror})
        return ""
    return _without_nul(path.name, _decoded(path.name, content, problems), problems)


def _decoded(name: str, content: bytes, problems: Problems) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(name, _("不是 UTF-8 编码"), line=line, expected=_likely(content))
        return ""
    if not text.strip():
        problems.add(name, _("文件是空的"), expected=_("至少要有表头一行"))
    return text


def _likely(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _("看来是 UTF-16，请另存为 UTF-8")
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return _("请另存为 UTF-8")
    return _("看来是 GB18030（GBK），请另存为 UTF-8")


def _without_nul(name: str, text: str, problems: Problems) -> str:
    if "\0" not in text:
        return text
    for line, content in enumerate(text.split("\n"), start=1):
        if "\0" in content:
            problems.add(name, _("含有空字符（NUL）"), line=line, expected=_("请删除后重新保存"))
    return text.replace("\0", "")


def _check_header(name: str, header: Sequence[str], layout: Layout, problems: Problems) -> None:
    for column in layout.columns:
        if column not in header:
            problems.add(name, _("缺少这一列"), line=1, column=column, expected=one_of(layout.columns))
    for column in dict.fromkeys(header):
        if column not in layout.allowed():
            missing = [c for c in layout.allowed() if c not in header]
            problems.add(name, _("不认识的列，%(written)s") % {"written": written(column)}, line=1, column=column,
                         expected=one_of(missing or layout.allowed(), column))  # fmt: skip
        if header.count(column) > 1:
            problems.add(name, _("这一列出现了不止一次"), line=1, column=column)


def _frame(header: list[str], lines: list[int], rows: list[list[str]], layout: Layout) -> pl.DataFrame:
    """Only known columns are kept; one that is missing is there, empty, so that the other checks go on."""
    by_column = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else {}
    empty = [""] * len(rows)
    kept = [c for c in layout.allowed() if c in header or c in (*layout.columns, *layout.optional)]
    data = {c: pl.Series(c, by_column.get(c, empty), dtype=pl.String) for c in kept}
    frame = pl.DataFrame({LINE: pl.Series(LINE, lines, dtype=pl.Int64), **data})
    return frame.with_columns(pl.col(pl.String).str.strip_chars())
