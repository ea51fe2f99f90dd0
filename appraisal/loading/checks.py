"""Checks of whole columns: each names every line that fails it and leaves null where a value cannot be used."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from appraisal.loading.problems import Problems, one_of, written
from appraisal.loading.reading import LINE

DAY = r"^(19|20)\d\d-\d\d-\d\d$"
FIGURE = r"^-?\d{1,12}(\.\d{1,12})?$"
WHOLE = r"^\d{1,12}$"


@dataclass
class Sheet:
    """One file under check: the frame changes as its columns become what they stand for."""

    name: str
    frame: pl.DataFrame
    problems: Problems

    def column(self, name: str) -> pl.Series:
        return self.frame[name]

    def blame(self, bad: pl.Series | pl.Expr, column: str, wrong: str = "", expected: str = "") -> None:
        """Name every line of the mask. Without words of its own the problem is what was written there."""
        for line, value in self.frame.filter(bad).select(LINE, column).iter_rows():
            said = wrong or written(str(value if value is not None else ""))
            self.problems.add(self.name, said, line=line, column=column, expected=expected)

    def replace(self, column: str, series: pl.Series) -> None:
        self.frame = self.frame.with_columns(series.alias(column))

    def required(self, *columns: str) -> None:
        for column in columns:
            self.blame(self.column(column) == "", column, _("没有填写"))

    def length(self, column: str, most: int) -> None:
        too_long = self.column(column).str.len_chars() > most
        self.blame(too_long, column, _("太长，最多 %(most)s 个字") % {"most": most})

    def day(self, *columns: str, required: bool = True) -> None:
        for column in columns:
            text = self.column(column)
            day = text.replace("", None)
            parsed = day.set(~day.str.contains(DAY).fill_null(value=True), None).str.to_date("%Y-%m-%d", strict=False)
            self.blame((text != "") & parsed.is_null(), column, expected=_("应为 2025-12-31 这样的日期"))
            if required:
                self.required(column)
            self.replace(column, parsed)

    def number(self, column: str, *, low: float, high: float, whole: bool = False) -> None:
        """Figures between two limits. An empty cell is null, for the caller to judge."""
        text = self.column(column)
        fits = text.str.contains(WHOLE if whole else FIGURE)
        parsed = text.set(~fits, None).cast(pl.Float64, strict=False)
        parsed = parsed.set((parsed < low) | (parsed > high), None)
        kind = _("整数") if whole else _("数")
        expected = _("应为 %(low)s 到 %(high)s 的%(kind)s") % {"low": f"{low:g}", "high": f"{high:g}", "kind": kind}
        self.blame((text != "") & parsed.is_null(), column, expected=expected)
        self.replace(column, parsed.cast(pl.Int64) if whole else parsed)

    def choice(self, column: str, allowed: Collection[str], *, required: bool = True) -> None:
        """One of some words. A wrong one becomes null: what follows from it cannot be judged."""
        text = self.column(column)
        bad = (text != "") & ~text.is_in(list(allowed))
        self._blame_each(bad, column, allowed)
        if required:
            self.required(column)
            bad |= text == ""
        self.replace(column, text.set(bad, None))

    def _blame_each(self, bad: pl.Series, column: str, allowed: Collection[str]) -> None:
        hints: dict[str, str] = {}
        for line, value in self.frame.filter(bad).select(LINE, column).iter_rows():
            hint = hints.setdefault(value, one_of(allowed, value))
            self.problems.add(self.name, written(value), line=line, column=column, expected=hint)

    def known(self, column: str, codes: Collection[str], what: str, *, required: bool = True) -> None:
        """A code that must exist, in these files or in what was loaded before."""
        text = self.column(column)
        bad = (text != "") & ~text.is_in(list(codes))
        hints: dict[str, str] = {}
        for line, value in self.frame.filter(bad).select(LINE, column).iter_rows():
            hint = hints.setdefault(value, one_of(codes, value))
            wrong = _("%(written)s，没有这个%(what)s") % {"written": written(value), "what": what}
            self.problems.add(self.name, wrong, line=line, column=column, expected=hint)
        if required:
            self.required(column)
            bad |= text == ""
        self.replace(column, text.set(bad, None))

    def once(self, columns: Sequence[str], blamed: str) -> None:
        """The columns together are the key of the file: a second row with the same is named, and the first with it."""
        keyed = self.frame.filter(pl.all_horizontal(pl.col(c).fill_null("") != "" for c in columns))
        first = keyed.with_columns(first=pl.col(LINE).min().over(columns))
        for line, value, other in (
            first.filter(pl.col(LINE) != pl.col("first")).select(LINE, blamed, "first").iter_rows()
        ):
            wrong = _("%(written)s，与第 %(line)s 行重复") % {"written": written(str(value)), "line": other}
            self.problems.add(self.name, wrong, line=line, column=blamed)

    def in_order(self, earlier: str, later: str) -> None:
        bad = self.column(later) < self.column(earlier)
        wrong = _("早于“%(column)s”") % {"column": earlier}
        self.blame(bad.fill_null(value=False), later, wrong)
