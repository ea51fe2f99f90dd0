"""The rows of facts a window lets through, and the figure made of them for each subject."""

import datetime as dt
from dataclasses import dataclass
from functools import reduce

import polars as pl

from . import model as m
from .calendar import Calendar, anniversary, full_years, shift
from .sheet import FactKey

began, ended = pl.col("from"), pl.col("to")


@dataclass(frozen=True)
class Known:
    """The facts of officers or of units as known on a day, with their directory (for personal years)."""

    frame: pl.DataFrame
    directory: pl.DataFrame
    calendar: Calendar
    as_of: dt.date

    @classmethod
    def on(cls, facts: pl.DataFrame, directory: pl.DataFrame, calendar: Calendar, as_of: dt.date) -> "Known":
        """Of several rows for one subject, kind, level and first day, those recorded last."""
        known = facts.filter(pl.col("recorded_on") <= as_of)
        again = known.select("subject", "from").is_duplicated()
        if again.any():
            latest = pl.col("recorded_on").max().over("subject", "kind", "level", "from")
            known = pl.concat([known.filter(~again), known.filter(again).filter(pl.col("recorded_on") == latest)])
        return cls(known, directory, calendar, as_of)

    def rows(self, key: FactKey) -> pl.DataFrame:
        if key.total.startswith("same "):
            return self._same_item(key)
        return self._window(self._of_kind(key.fact), key)

    def figure(self, key: FactKey, column: str) -> pl.DataFrame:
        """One row per subject that has such facts."""
        rows = self.rows(key).group_by("subject")
        return rows.agg(_total(key, self.as_of).alias(column))

    def _of_kind(self, fact: m.Fact) -> pl.DataFrame:
        rows = self.frame.filter(pl.col("kind").is_in(fact.kind))
        return rows.filter(pl.col("level").is_in(fact.level)) if fact.level else rows

    def _window(self, rows: pl.DataFrame, key: FactKey) -> pl.DataFrame:
        fact, day = key.fact, self.as_of
        if fact.when == "active":
            on = day if fact.arg == "now" else self._cycle(key)[1]
            return rows.filter((began <= on) & (ended.is_null() | (ended > on)))
        if fact.when in ("during", "overlaps"):
            first, last = self._cycle(key) if fact.arg == "cycle" else (day.replace(month=1, day=1), day)
            return _dated_in(rows, first, last) if fact.when == "during" else _overlapping(rows, first, last)
        if isinstance(fact.arg, m.Length):
            if fact.when == "within":
                return rows.filter((began > shift(day, fact.arg)) & (began <= day))
            return rows.filter((began > day) & (began <= shift(day, fact.arg, 1)))
        if fact.when == "year of":
            return self._personal_year(rows, str(fact.arg))
        rows = rows.filter(began <= day)
        return self._after(rows, fact.arg, key) if isinstance(fact.arg, m.Fact) else rows

    def _cycle(self, key: FactKey) -> tuple[dt.date, dt.date]:
        cycle = self.calendar[key.codes[0]]
        return cycle.starts_on, cycle.ends_on

    def _after(self, rows: pl.DataFrame, fact: m.Fact, key: FactKey) -> pl.DataFrame:
        latest = self.figure(FactKey(fact, key.codes, "last"), "latest")
        return rows.join(latest, on="subject").filter(pl.col("latest") < began).drop("latest")

    def _personal_year(self, rows: pl.DataFrame, name: str) -> pl.DataFrame:
        first = anniversary(pl.col(name), full_years(pl.col(name), self.as_of))
        years = self.directory.select("subject", first=first)
        return rows.join(years, on="subject").filter((pl.col("first") <= began) & (began <= self.as_of)).drop("first")

    def _same_item(self, key: FactKey) -> pl.DataFrame:
        """The facts of those items that every one of the cycles holds."""
        item = key.total.removeprefix("same ")
        rows = self._of_kind(key.fact)
        found = [_dated_in(rows, self.calendar[code].starts_on, self.calendar[code].ends_on) for code in key.codes]
        items = [part.select("subject", item).unique() for part in found]
        shared = reduce(lambda a, b: a.join(b, on=["subject", item]), items)
        return pl.concat(found).unique(maintain_order=True).join(shared, on=["subject", item], how="semi")


def _dated_in(rows: pl.DataFrame, first: dt.date, last: dt.date) -> pl.DataFrame:
    return rows.filter(began.is_between(first, last))


def _overlapping(rows: pl.DataFrame, first: dt.date, last: dt.date) -> pl.DataFrame:
    """Only the days inside count; the day after the last stands for the end of those that go on."""
    end = pl.lit(last + dt.timedelta(days=1))
    rows = rows.filter((began <= last) & (ended.is_null() | (ended > first)))
    return rows.with_columns(pl.max_horizontal(began, pl.lit(first)), pl.min_horizontal(ended.fill_null(end), end))


def _total(key: FactKey, as_of: dt.date) -> pl.Expr:
    days = (ended.fill_null(as_of) - began).dt.total_days()
    amount = pl.col("amount").cast(pl.Float64)
    if key.total == "count":
        return (pl.col(key.fact.once_per).n_unique() if key.fact.once_per else pl.len()).cast(pl.Int64)
    if key.total == "latest":
        return amount.sort_by("from", "recorded_on", maintain_order=True).last()
    if key.total.startswith("same "):
        return pl.col(key.total.removeprefix("same ")).n_unique().cast(pl.Int64)
    return {"last": began.max(), "days": days.sum(), "longest": days.max(), "amount": amount.sum()}[key.total]
