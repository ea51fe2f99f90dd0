"""Working days and deadlines as the Civil Code counts them (民法典 201 to 203). Plain Python."""

import calendar as months
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple, Self, cast, get_args
from zoneinfo import ZoneInfo

DeadlineUnit = Literal["days", "working_days", "months", "years"]

ZONE = ZoneInfo("Asia/Shanghai")  # days are the days of the law, wherever the machine stands
SATURDAY = 5
MORNING = time(9)
ONE_DAY = timedelta(days=1)


def local_day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def end_of(day: date) -> datetime:
    """The last day ends at midnight, not with office hours (民法典 203)."""
    return datetime.combine(day, time.max, ZONE)


def morning_of(day: date) -> datetime:
    return datetime.combine(day, MORNING, ZONE)


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A length of time from an event. The day of the event does not count (民法典 201)."""

    number: int
    unit: DeadlineUnit = "working_days"
    rolls: bool = False  # a last day that is a holiday moves to the next working day (民法典 203)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}" + (" rolls" if self.rolls else "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read back what `str` wrote."""
        number, unit, *rolls = text.split()
        if unit not in get_args(DeadlineUnit):
            raise ValueError(text)
        return cls(number=int(number), unit=cast(DeadlineUnit, unit), rolls=rolls == ["rolls"])


class Since(NamedTuple):
    """A deadline that an event of an earlier day set off: it goes on while the case is elsewhere, and is not reset."""

    start: date
    deadline: Deadline


class Due(NamedTuple):
    """A last day. It is provisional when it hangs on a year whose holidays are not published yet."""

    day: date
    provisional: bool


class Pause(NamedTuple):
    """A clock stood still from one day to another. The day it goes on is an event: it does not count (民法典 201)."""

    stopped: date
    resumed: date

    def counts_not(self, day: date) -> bool:
        return self.stopped < day <= self.resumed

    def covers_end_of(self, day: date) -> bool:
        return self.stopped <= day < self.resumed


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The days the published lists name (worked or not), and the years whose list is published.

    `local` holds the days that single units have otherwise, by the unit's path; `at` applies them. `version` says
    which state of the stored calendars this is, 0 for one that was made up.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    years: Collection[int] = ()
    version: int = 0
    local: Mapping[str, Mapping[date, bool]] = field(default_factory=dict)
    _found: dict[str, "Calendar"] = field(default_factory=dict, compare=False, repr=False)
    _merged: dict[tuple[str, ...], "Calendar"] = field(default_factory=dict, compare=False, repr=False)

    def at(self, path: str) -> "Calendar":
        """The calendar of a unit: its own days, else those of the nearest unit above, else the nation's."""
        if not self.local:
            return self
        try:
            return self._found[path]
        except KeyError:
            return self._found.setdefault(path, self._merge(path))

    def _merge(self, path: str) -> "Calendar":
        above = tuple(sorted((unit for unit in self.local if path.startswith(unit)), key=len))
        if above not in self._merged:
            days = dict(self.days)
            for unit in above:
                days |= self.local[unit]
            made = Calendar(days=days, years=self.years, version=self.version) if above else self
            self._merged[above] = made  # units with the same days share one object: callers count by it once
        return self._merged[above]

    def published(self, year: int) -> bool:
        return year in self.years

    def is_working(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < SATURDAY)

    def working_days(self, after: date, to: date) -> int:
        """How many working days there are after one day, up to and with another."""
        return sum(self.is_working(after + n * ONE_DAY) for n in range(1, (to - after).days + 1))

    def due(self, start: date, deadline: Deadline, pauses: Sequence[Pause] = ()) -> Due:
        """The last day of a deadline that an event of the day `start` sets off, its pauses left out.

        Counted anew from the start each time: in whatever order calendars and pauses came, the result is one.
        """
        if deadline.unit == "working_days":
            day = self._after(start, deadline.number, pauses, working=True)
        elif deadline.unit == "days":
            day = self._after(start, deadline.number, pauses, working=False)
        else:
            day = _months_later(start, deadline.number * (12 if deadline.unit == "years" else 1))
            if pauses:
                day = self._after(start, (day - start).days, pauses, working=False)
        day = self._last(day, pauses, rolls=deadline.rolls)
        asked = deadline.unit == "working_days" or deadline.rolls
        first = start if deadline.unit == "working_days" else day
        return Due(day, asked and not all(map(self.published, range(first.year, day.year + 1))))

    def _after(self, start: date, number: int, pauses: Sequence[Pause], *, working: bool) -> date:
        if not working and not pauses:
            return start + timedelta(days=number)
        day, left = start, number
        while left > 0:
            day += ONE_DAY
            left -= (not working or self.is_working(day)) and not any(pause.counts_not(day) for pause in pauses)
        return day

    def _last(self, day: date, pauses: Sequence[Pause], *, rolls: bool) -> date:
        """Where a clock stood still at the end of the last day, the day it went on is the last."""
        while True:
            if over := [pause.resumed for pause in pauses if pause.covers_end_of(day)]:
                day = max(over)
            elif rolls and not self.is_working(day):
                day += ONE_DAY
            else:
                return day


def _months_later(start: date, number: int) -> date:
    """The same day of the month, or the last one where the month has no such day (民法典 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


@dataclass(frozen=True, kw_only=True)
class Clock:
    """What time it is, and by which calendar."""

    at: datetime
    calendar: Calendar

    @property
    def day(self) -> date:
        return local_day(self.at)

    def of(self, path: str) -> "Clock":
        """The same moment by the calendar of a unit."""
        calendar = self.calendar.at(path)
        return self if calendar is self.calendar else Clock(at=self.at, calendar=calendar)
