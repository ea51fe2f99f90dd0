"""The rows of facts a window lets through, and the figure made of them for each subject."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import reduce

import polars as pl

from . import model as m
from . import terms
from .calendar import Calendar, anniversary, full_years, shift
from .numbers import compare
from .past import matching
from .sheet import FactKey

began, ended = pl.col("from"), pl.col("to")
caused = pl.col("note").fill_null("") != ""


@dataclass(frozen=True)
class Known:
    """The facts of officers or of units as known on a day, with their directory (for personal years)."""

    frame: pl.DataFrame
    directory: pl.DataFrame
    calendar: Calendar
    as_of: dt.date
    past: pl.DataFrame | None = None  # earlier decisions
    sheet: pl.DataFrame | None = None  # the sheet so far, where a window depends on it

    def beside(self, sheet: pl.DataFrame) -> "Known":
        return replace(self, sheet=sheet)

    @classmethod
    def on(
        cls,
        facts: pl.DataFrame,
        directory: pl.DataFrame,
        calendar: Calendar,
        as_of: dt.date,
        past: pl.DataFrame | None = None,
    ) -> "Known":
        """Of several rows for one subject, kind, level and first day, those recorded last."""
        known = facts.filter(pl.col("recorded_on") <= as_of)
        again = known.select("subject", "from").is_duplicated()
        if again.any():
            latest = pl.col("recorded_on").max().over("subject", "kind", "level", "from")
            known = pl.concat([known.filter(~again), known.filter(again).filter(pl.col("recorded_on") == latest)])
        return cls(known, directory, calendar, as_of, past)

    def rows(self, key: FactKey) -> pl.DataFrame:
        if key.total.startswith("same "):
            return self._same_item(key)
        rows = self._window(self._of_kind(key.fact), key)
        rows = self._of_cause(rows, key)
        return self._beside(rows, key) if key.focus or key.until else rows

    def figure(self, key: FactKey, column: str) -> pl.DataFrame:
        """One row per subject that has such facts."""
        rows = self.rows(key).group_by("subject")
        return rows.agg(_total(key, self.as_of).alias(column))

    def _of_kind(self, fact: m.Fact) -> pl.DataFrame:
        rows = self.frame.filter(pl.col("kind").is_in(fact.kind))
        rows = rows.filter(pl.col("level").is_in(fact.level)) if fact.level else rows
        if fact.lasts:
            rows = terms.ending(rows, fact.lasts)
        rows = terms.added_up(rows.filter(began <= self.as_of), fact.added) if fact.added else rows
        for op, figure in fact.amount:
            rows = rows.filter(compare(op, pl.col("amount").cast(pl.Float64), pl.lit(float(figure))))
        return rows

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
            return self._personal_year(rows, str(fact.arg), fact.before)
        rows = rows.filter(began <= day)
        return self._after(rows, fact.arg, key) if isinstance(fact.arg, m.Fact | m.Decision) else rows

    def _cycle(self, key: FactKey) -> tuple[dt.date, dt.date]:
        cycle = self.calendar[key.codes[0]]
        return cycle.starts_on, cycle.ends_on

    def _after(self, rows: pl.DataFrame, anchor: m.Fact | m.Decision, key: FactKey) -> pl.DataFrame:
        latest = self._latest(anchor, key)
        return rows.join(latest, on="subject").filter(pl.col("latest") < began).drop("latest")

    def _latest(self, anchor: m.Fact | m.Decision, key: FactKey) -> pl.DataFrame:
        """The day of the latest fact or decision."""
        if isinstance(anchor, m.Fact):
            return self.figure(FactKey(anchor, key.codes, "last"), "latest")
        if self.past is None:
            return self.frame.select("subject", latest="from").clear()
        found = self.past.filter(matching(anchor, self.as_of))
        return found.group_by("subject").agg(latest=pl.col("decided_on").max())

    def _personal_year(self, rows: pl.DataFrame, name: str, before: int) -> pl.DataFrame:
        since = pl.col(name)
        first = full_years(since, self.as_of) - before
        bounds = self.directory.select("subject", first=anniversary(since, first), next=anniversary(since, first + 1))
        inside = began.is_between(pl.col("first"), pl.col("next"), closed="left") & (began <= self.as_of)
        return rows.join(bounds, on="subject").filter(inside).drop("first", "next")

    def _of_cause(self, rows: pl.DataFrame, key: FactKey) -> pl.DataFrame:
        """Without those excused by a fact of the same cause; only those of the cause the rule fires for."""
        fact, on = key.fact, ["subject", "note"]
        if fact.exempt:
            excused = self.rows(FactKey(fact.exempt, key.codes, "count")).filter(caused)
            rows = rows.join(excused, on=on, how="anti")
        if fact.like:
            fired = [self.rows(FactKey(other, key.codes, "count")).select(on) for other in fact.like]
            rows = rows.filter(caused).join(pl.concat(fired), on=on, how="semi")
        return rows

    def _beside(self, rows: pl.DataFrame, key: FactKey) -> pl.DataFrame:
        """What depends on other columns of the sheet: the cause they must have, the day they must come before."""
        sheet = self.sheet if self.sheet is not None else rows.clear().with_columns(of=None)
        if key.focus:
            causes = sheet.select("subject", note=key.focus)
            causes = causes.explode("note") if causes.schema["note"] == pl.List else causes
            rows = rows.filter(caused).join(causes, on=["subject", "note"], how="semi")
        if key.until:
            rows = rows.join(sheet.select("subject", day=key.until), on="subject")
            rows = rows.filter(terms.later(began, key.apart) <= pl.col("day"), began > key.since).drop("day")
        return rows

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
    days = (ended.fill_null(pl.max_horizontal(began, pl.lit(as_of))) - began).dt.total_days()
    amount = pl.col("amount").cast(pl.Float64)
    if key.total == "count":
        return (pl.col(key.fact.once_per).n_unique() if key.fact.once_per else pl.len()).cast(pl.Int64)
    if key.total == "latest":
        return amount.sort_by("from", "recorded_on", maintain_order=True).last()
    if key.total.startswith("same "):
        return pl.col(key.total.removeprefix("same ")).n_unique().cast(pl.Int64)
    if key.values:
        return _of_table(key)
    known = pl.when(amount.count() > 0).then(amount.sum())
    return {"last": _last_day(key.fact, as_of), "days": days.sum(), "longest": days.max(), "amount": known}[key.total]


def _last_day(fact: m.Fact, as_of: dt.date) -> pl.Expr:
    """The day of the latest; of those that must have ended the latest end, never where one still goes on."""
    if not fact.expired:
        return began.max()
    goes_on = ended.is_null() | (ended > as_of)
    return pl.when(goes_on).then(pl.lit(dt.date.max)).otherwise(ended).max()


def _of_table(key: FactKey) -> pl.Expr:
    """What the levels are worth; of several the highest, the lowest or all together."""
    levels, worth = [level for level, _ in key.values], [value for _, value in key.values]
    values = pl.col("level").replace_strict(levels, worth, default=None, return_dtype=pl.Float64)
    known = {"highest": values.max(), "lowest": values.min(), "sum": values.sum()}[key.total]
    return pl.when(values.count() > 0).then(known)
