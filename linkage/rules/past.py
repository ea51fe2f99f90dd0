"""Decisions as columns: those of this run, and those of earlier runs of other cycles."""

import datetime as dt
from functools import reduce
from operator import or_

import polars as pl

from . import model as m
from .calendar import shift
from .sheet import NO, Sheet


def earlier(decided: pl.DataFrame | None, sheet: Sheet) -> pl.DataFrame | None:
    """The register without this cycle's own decisions: a run of a later day must not be stopped by itself."""
    if decided is None or "cycle" not in decided.columns:
        return decided
    return decided.filter(pl.col("cycle").ne_missing(pl.lit(sheet.code)))


def with_decisions(
    frame: pl.DataFrame, sheet: Sheet, decided: pl.DataFrame | None, wanted: list[m.Decision]
) -> pl.DataFrame:
    for decision in wanted:
        column = sheet.past[decision]
        if decided is None or decided.is_empty():
            frame = frame.with_columns(pl.lit(False).alias(column))
            continue
        found = decided.filter(pl.col("who") == sheet.who, matching(decision, sheet.as_of)).select("subject").unique()
        frame = frame.join(found.with_columns(pl.lit(True).alias(column)), on="subject", how="left")
        frame = frame.with_columns(pl.col(column).fill_null(False))
    return frame


def matching(decision: m.Decision, as_of: dt.date) -> pl.Expr:
    """Open or held decisions of that rule or outcome; one that was blocked or missed its seat does not count."""
    named = [
        (pl.col("rule") == of) | (pl.col("outcome") == of) | pl.col("outcome").str.starts_with(f"{of}:")
        for of in decision.of
    ]
    found = pl.col("status").is_in(["open", "held"]) & reduce(or_, named, NO) & (pl.col("decided_on") <= as_of)
    if decision.within:
        found &= pl.col("decided_on") > shift(as_of, decision.within)
    return found & pl.col("ended").is_in(decision.ended) if decision.ended else found


def with_figures(frame: pl.DataFrame, sheet: Sheet, decided: pl.DataFrame | None) -> pl.DataFrame:
    """How many earlier decisions there are, or the day of the last."""
    for (decision, total), column in sheet.past_figures.items():
        found = figure(decision, total, decided, sheet)
        frame = frame.join(found.rename({"figure": column}), on="subject", how="left")
        if total == "count":
            frame = frame.with_columns(pl.col(column).fill_null(0))
    return frame


def figure(decision: m.Decision, total: str, decided: pl.DataFrame | None, sheet: Sheet) -> pl.DataFrame:
    kind = pl.Int64() if total == "count" else pl.Date()
    if decided is None or decided.is_empty():
        return pl.DataFrame(schema={"subject": sheet.key, "figure": kind})
    mine = decided.filter(pl.col("who") == sheet.who)
    made = pl.len().cast(pl.Int64) if total == "count" else pl.col("decided_on").max()
    return mine.filter(matching(decision, sheet.as_of)).group_by("subject").agg(figure=made)


def with_focus(frame: pl.DataFrame, sheet: Sheet, decided: pl.DataFrame) -> pl.DataFrame:
    """What the decisions of this run are about, as a list: a fact may be of the same focus as any of them."""
    for decision, column in sheet.run_focus.items():
        mine = decided.filter(pl.col("who") == sheet.who, matching(decision, sheet.as_of), pl.col("focus") != "")
        lists = mine.group_by("subject").agg(pl.col("focus").unique().alias(column))
        frame = frame.join(lists, on="subject", how="left")
    return frame
