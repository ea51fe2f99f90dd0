"""How long facts last: terms by level, terms that are added up, and days moved by a length."""

import datetime as dt
from typing import Final

import polars as pl

from . import model as m

began, ended = pl.col("from"), pl.col("to")
OFFSETS: Final = {"days": "d", "weeks": "w", "months": "mo", "years": "y"}
MOST: Final = 100  # terms of one subject added up


def later(day: pl.Expr, length: m.Length | None) -> pl.Expr:
    """The day so much later, the next day where no length is given; a missing day becomes the month's last."""
    if length is None:
        return day + dt.timedelta(days=1)
    return day.dt.offset_by(f"{length.n}{OFFSETS[length.unit]}")


def ending(rows: pl.DataFrame, lasts: tuple[tuple[str, m.Length], ...]) -> pl.DataFrame:
    """Rows without an end get the one their level sets."""
    end = ended
    for level, length in lasts:
        here = pl.lit(True) if not level else pl.col("level") == level
        end = pl.when(end.is_null() & here).then(later(began, length)).otherwise(end)
    return rows.with_columns(to=end)


def added_up(rows: pl.DataFrame, most: m.Length) -> pl.DataFrame:
    """A term that begins while another runs is put at its end, to at most `most` after its own first day.

    Row by row of each subject, all subjects at once; a term without an end goes on, whatever follows.
    """
    rows = rows.sort("subject", "from", maintain_order=True)
    rows = rows.with_columns(nth=pl.int_range(pl.len()).over("subject"))
    running, out = rows.select("subject", until="to").clear(), []
    longest = rows.group_by("subject").len("n")["n"].to_list()
    for nth in range(min(MOST, max(longest, default=0))):
        here = rows.filter(pl.col("nth") == nth).join(running, on="subject", how="left", maintain_order="left")
        summed = pl.min_horizontal(_term_after(pl.col("until")), later(began, most))
        here = here.with_columns(
            to=pl.when(pl.col("until") > began).then(pl.max_horizontal(summed, "until")).otherwise(ended)
        )
        out.append(here.drop("until", "nth"))
        running = here.select("subject", until="to")
    return pl.concat(out) if out else rows.drop("nth")


def _term_after(day: pl.Expr) -> pl.Expr:
    """A day plus the row's own term: in months where it is whole months, else in days."""
    months = (ended.dt.year() - began.dt.year()) * 12 + (ended.dt.month().cast(pl.Int32) - began.dt.month())
    whole = began.dt.offset_by(pl.format("{}mo", months.fill_null(0))) == ended
    by_months = day.dt.offset_by(pl.format("{}mo", months.fill_null(0)))
    return pl.when(whole).then(by_months).otherwise(day + (ended - began))
