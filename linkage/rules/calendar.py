"""The cycles there are, which of them a span looks at, and reckoning with lengths of time."""

import calendar as months_of
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from . import model as m

FEBRUARY, LEAP_DAY = 2, 29


@dataclass(frozen=True)
class Cycle:
    code: str
    kind: str
    starts_on: dt.date
    ends_on: dt.date


class Calendar:
    """Cycles by code and, of each kind, in the order of their last days."""

    def __init__(self, cycles: Iterable[Cycle]) -> None:
        ordered = sorted(cycles, key=lambda cycle: cycle.ends_on)
        self.cycles = {cycle.code: cycle for cycle in ordered}
        self.kinds: dict[str, list[str]] = {}
        for cycle in ordered:
            self.kinds.setdefault(cycle.kind, []).append(cycle.code)
        self.places = {code: i for codes in self.kinds.values() for i, code in enumerate(codes)}

    @classmethod
    def of_frame(cls, frame: pl.DataFrame) -> "Calendar":
        return cls(Cycle(*row) for row in frame.select("code", "kind", "starts_on", "ends_on").iter_rows())

    def __getitem__(self, code: str) -> Cycle:
        return self.cycles[code]

    def __contains__(self, code: object) -> bool:
        return code in self.cycles

    def back(self, code: str, n: int) -> str | None:
        """The code n cycles of its kind before, or None where the calendar has none."""
        same = self.kinds[self.cycles[code].kind]
        place = self.places[code] - n
        return same[place] if 0 <= place < len(same) else None

    def span(self, span: m.Span, code: str) -> list[str | None]:
        """The cycles a span looks at, newest first; None stands for one before the calendar begins."""
        kind = span.kind or self.cycles[code].kind
        if span.last is not None and kind == self.cycles[code].kind:
            return [self.back(code, span.before + i) for i in range(span.last)]
        known = self._known(span, code, kind)[0 if span.year_of else span.before :]
        if span.last is None:
            return [*known]
        return [*known, *[None] * span.last][: span.last]

    def known_span(self, span: m.Span, code: str) -> list[str]:
        return [c for c in self.span(span, code) if c is not None]

    def _known(self, span: m.Span, code: str, kind: str) -> list[str]:
        here = self.cycles[code]
        known = [self.cycles[c] for c in reversed(self.kinds.get(kind, [])) if self.cycles[c].ends_on <= here.ends_on]
        if span.year_of:
            after = shift(here.ends_on, m.Length(span.before + 1, "years"))
            known = [c for c in known if c.ends_on >= after]
        elif span.within == "cycle":
            known = [c for c in known if c.ends_on >= here.starts_on]
        elif span.within == "year":
            known = [c for c in known if c.ends_on.year == here.ends_on.year]
        elif isinstance(span.within, m.Length):
            after = shift(here.ends_on, span.within)
            known = [c for c in known if c.ends_on > after]
        return [c.code for c in known]


def shift(day: dt.date, length: m.Length, sign: int = -1) -> dt.date:
    """The day so many days, weeks, months or years away; a missing day becomes the month's last (民法典 202)."""
    n = sign * length.n
    if length.unit in ("days", "weeks"):
        return day + dt.timedelta(days=n * (7 if length.unit == "weeks" else 1))
    count = day.year * 12 + day.month - 1 + n * (12 if length.unit == "years" else 1)
    year, month = divmod(count, 12)
    return dt.date(year, month + 1, min(day.day, months_of.monthrange(year, month + 1)[1]))


def full_years(since: pl.Expr, day: dt.date) -> pl.Expr:
    """Full years to a day; whoever began on 29 February completes a year on 1 March."""
    late = (since.dt.month().cast(pl.Int32) * 100 + since.dt.day()) > day.month * 100 + day.day
    return day.year - since.dt.year() - late.cast(pl.Int32)


def full_months(since: pl.Expr, day: dt.date) -> pl.Expr:
    """Full months to a day; one begun on the 31st is complete on the last day of a shorter month (民法典 202)."""
    last = months_of.monthrange(day.year, day.month)[1]
    late = (since.dt.day() > day.day) if day.day < last else pl.lit(False)
    return (day.year - since.dt.year()) * 12 + day.month - since.dt.month().cast(pl.Int32) - late.cast(pl.Int32)


def anniversary(since: pl.Expr, years: pl.Expr) -> pl.Expr:
    """The day so many years later; 29 February becomes 1 March where there is none."""
    year = since.dt.year() + years
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    missing = (since.dt.month() == FEBRUARY) & (since.dt.day() == LEAP_DAY) & ~leap
    month = pl.when(missing).then(3).otherwise(since.dt.month())
    return pl.date(year, month, pl.when(missing).then(1).otherwise(since.dt.day()))
