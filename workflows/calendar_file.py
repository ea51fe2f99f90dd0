"""Published lists of holidays from a CSV file, `day,working,name,source`: the whole list of each year it names."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import Account
from workflows import clock as clocks
from workflows import ledger
from workflows.calendars import SATURDAY, Clock
from workflows.models import CalendarDay, CalendarYear, ItemChange

COLUMNS = ["day", "working", "name", "source"]
WORKING = {"yes": True, "no": False}


class BadFile(Exception):
    """The file cannot be loaded. `problems` are whole sentences, with the line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Line:
    number: int
    day: date
    working: bool
    name: str
    source: str


def load(file: Path, *, actor: Account, clock: Clock) -> list[ItemChange]:
    """Replace the lists of the file's years, all or nothing; return the open deadlines that moved by it."""
    lines = read(file)
    sources = {line.day.year: line.source for line in lines}
    with transaction.atomic():
        for year, source in sources.items():
            CalendarDay.objects.filter(day__year=year).delete()
            CalendarYear.objects.update_or_create(year=year, defaults={"source": source})
        CalendarDay.objects.bulk_create(
            CalendarDay(day=line.day, working=line.working, name=line.name) for line in lines
        )
        clocks.forget()
        counted = Clock(at=clock.at, calendar=clocks.current())
        return ledger.recount(counted, actor=actor, note="；".join(sources.values()))


def read(file: Path) -> list[Line]:
    problems: list[str] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text)
            if rows.fieldnames != COLUMNS:
                raise BadFile([_("第 1 行：列应为 %s") % ",".join(COLUMNS)])
            lines = [line for number, row in enumerate(rows, start=2) if (line := _line(number, row, problems))]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadFile([f"{file}: {error}"]) from error
    problems += _contradictions(lines)
    if not lines and not problems:
        problems.append(_("文件里没有日期"))
    if problems:
        raise BadFile(problems)
    return lines


def _line(number: int, row: dict[str, str | None], problems: list[str]) -> Line | None:
    try:
        day = date.fromisoformat((row["day"] or "").strip())
    except ValueError:
        problems.append(_("第 %(line)d 行，day：%(text)s 不是日期") % {"line": number, "text": row["day"]})
        return None
    if row["working"] not in WORKING:
        problems.append(_("第 %(line)d 行，working：应为 yes 或 no") % {"line": number})
        return None
    for column in ("name", "source"):
        if not row[column] or None in row:
            problems.append(_("第 %(line)d 行，%(column)s：缺少内容") % {"line": number, "column": column})
            return None
    return Line(
        number=number,
        day=day,
        working=WORKING[row["working"] or ""],
        name=row["name"] or "",
        source=row["source"] or "",
    )


def _contradictions(lines: Sequence[Line]) -> Iterator[str]:
    seen: dict[date, int] = {}
    sources: dict[int, str] = {}
    for line in lines:
        if line.day in seen:
            yield _("第 %(line)d 行：与第 %(other)d 行是同一天") % {"line": line.number, "other": seen[line.day]}
        seen.setdefault(line.day, line.number)
        if line.working and line.day.weekday() < SATURDAY:
            yield _("第 %(line)d 行：%(day)s 不是周末，不能是调休上班日") % {"line": line.number, "day": line.day}
        if sources.setdefault(line.day.year, line.source) != line.source:
            yield _("第 %(line)d 行，source：同一年只能有一个来源") % {"line": line.number}
