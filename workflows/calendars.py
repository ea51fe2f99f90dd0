"""Working days and deadlines as the Civil Code counts them (民法典 201 to 203). Plain Python."""

import calendar as months
from collections.abc import Collection, Mapping
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


class Due(NamedTuple):
    """A last day. It is provisional when it hangs on a year whose holidays are not published yet."""

    day: date
    provisional: bool


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The days the published lists name (worked or not), and the years whose list is published."""

    days: Mapping[date, bool] = field(default_factory=dict)
    years: Collection[int] = ()

    def published(self, year: int) -> bool:
        return year in self.years

    def is_working(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < SATURDAY)

    def working_days(self, after: date, to: date) -> int:
        """How many working days there are after one day, up to and with another."""
        return sum(self.is_working(after + n * ONE_DAY) for n in range(1, (to - after).days + 1))

    def due(self, start: date, deadline: Deadline) -> Due:
        """The last day of a deadline that an event of the day `start` sets off."""
        if deadline.unit == "working_days":
            day = self._after_working_days(start, deadline.number)
        elif deadline.unit == "days":
            day = start + timedelta(days=deadline.number)
        else:
            day = _months_later(start, deadline.number * (12 if deadline.unit == "years" else 1))
        if deadline.rolls:
            while not self.is_working(day):
                day += ONE_DAY
        asked = deadline.unit == "working_days" or deadline.rolls
        first = start if deadline.unit == "working_days" else day
        return Due(day, asked and not all(map(self.published, range(first.year, day.year + 1))))

    def _after_working_days(self, start: date, number: int) -> date:
        day, left = start, number
        while left > 0:
            day += ONE_DAY
            left -= self.is_working(day)
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
