"""Published lists of holidays from a CSV file, `day,working,name,source`: the whole list of each year it names.

A fifth column, `unit`, makes a line one of a single unit and all below it: a local holiday. Of such lines the file
holds the whole list of the unit's year; they publish no year.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import Account, Unit
from workflows import calendar_changes
from workflows import clock as clocks
from workflows.calendars import SATURDAY, Clock
from workflows.models import CalendarDay, CalendarYear, ItemChange, LocalDay

COLUMNS = ["day", "working", "name", "source"]
LOCAL = [*COLUMNS, "unit"]
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
    unit: str = ""  # code; empty: of the nation

    @property
    def list(self) -> tuple[str, int]:
        """Which list it belongs to: of a unit or the nation, of a year."""
        return self.unit, self.day.year


def load(file: Path, *, actor: Account, clock: Clock) -> list[ItemChange]:
    """Replace the lists the file holds, all or nothing; return the open deadlines that moved by it."""
    lines = read(file)
    sources = {line.list: line.source for line in lines}
    with transaction.atomic():
        units = _units(sources)
        for (code, year), source in sources.items():
            _clear(units.get(code), year, source)
        CalendarDay.objects.bulk_create(
            CalendarDay(day=line.day, working=line.working, name=line.name) for line in lines if not line.unit
        )
        LocalDay.objects.bulk_create(
            LocalDay(unit=units[line.unit], day=line.day, working=line.working, name=line.name)
            for line in lines
            if line.unit
        )
        moved = calendar_changes.publish("；".join(dict.fromkeys(sources.values())), actor=actor, clock=clock)
    clocks.forget()
    return moved


def _units(lists: Iterable[tuple[str, int]]) -> dict[str, Unit]:
    codes = {code for code, _year in lists if code}
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    if unknown := sorted(codes - units.keys()):
        raise BadFile([_("unit：没有代码为 %s 的单位") % code for code in unknown])
    return units


def _clear(unit: Unit | None, year: int, source: str) -> None:
    if unit:
        LocalDay.objects.filter(unit=unit, day__year=year).delete()
    else:
        CalendarDay.objects.filter(day__year=year).delete()
        CalendarYear.objects.update_or_create(year=year, defaults={"source": source})


def read(file: Path) -> list[Line]:
    problems: list[str] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text)
            if rows.fieldnames not in (COLUMNS, LOCAL):
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
        unit=(row.get("unit") or "").strip(),
    )


def _contradictions(lines: Sequence[Line]) -> Iterator[str]:
    seen: dict[tuple[str, date], int] = {}
    sources: dict[tuple[str, int], str] = {}
    for line in lines:
        same = line.unit, line.day
        if same in seen:
            yield _("第 %(line)d 行：与第 %(other)d 行是同一天") % {"line": line.number, "other": seen[same]}
        seen.setdefault(same, line.number)
        # A unit may work on the nation's holiday, so any day can be one of its working days.
        if line.working and not line.unit and line.day.weekday() < SATURDAY:
            yield _("第 %(line)d 行：%(day)s 不是周末，不能是调休上班日") % {"line": line.number, "day": line.day}
        if sources.setdefault(line.list, line.source) != line.source:
            yield _("第 %(line)d 行，source：同一年只能有一个来源") % {"line": line.number}
