"""Building a sheet: one row per subject with a result in any visible cycle, one column per thing asked for."""

import datetime as dt
from functools import reduce
from operator import and_, or_

import polars as pl

from . import model as m
from .calendar import shift
from .fact_rows import Known
from .sheet import NO, Sheet
from .world import UNIT, World

COUNTED = ("count", "days", "longest")  # no fact is none of them; of the others it is unknown


def build(sheet: Sheet, world: World, units: pl.DataFrame | None = None) -> pl.DataFrame:
    """The sheet's frame, without what the decisions of this run add; officers need the frame of units."""
    rows = {code: as_known(sheet, world, code) for code in sheet.results}
    frame = _subjects(sheet, world, rows)
    for known in rows.values():
        frame = frame.join(known, on="subject", how="left")
    frame = _with_directory(frame, sheet, world)
    if sheet.who != UNIT:
        frame = _with_postings(frame, sheet, world)
    frame = _with_facts(frame, sheet, world)
    for column, (key, source) in sheet.above.items():
        answers = m.present(units).select("subject", pl.col(source).alias(column))
        frame = frame.join(answers, left_on=key, right_on="subject", how="left")
    earlier = [decision for decision in sheet.past if not decision.run]
    frame = with_decisions(frame, sheet, world.decisions, earlier)
    return _with_steps(frame, sheet)


def as_known(sheet: Sheet, world: World, code: str) -> pl.DataFrame:
    """The rows of a cycle as known on the day: of several the one recorded last, of equal days the later line.

    Figures are kept for graded rows only, and a grade becomes its place on the scale, best first.
    """
    names = sorted(sheet.results[code] - {"status"})
    frame = world.results.get((sheet.who, code))
    if frame is None:
        return pl.DataFrame(schema={"subject": world.key, f"status@{code}": pl.String(), **_figures(names, code)})
    held = [name for name in names if name in frame.columns]
    frame = latest_rows(frame.select("subject", "status", "recorded_on", *held), sheet.as_of)
    graded = pl.col("status") == "graded"
    picks = [pl.when(graded).then(_figure(sheet, frame, code, name)).alias(f"{name}@{code}") for name in names]
    return frame.select("subject", pl.col("status").alias(f"status@{code}"), *picks)


def latest_rows(frame: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """One row per subject; only the few that were recorded again are put in order."""
    frame = frame.filter(pl.col("recorded_on") <= as_of)
    again = frame["subject"].is_duplicated()
    if not again.any():
        return frame
    last = frame.filter(again).sort("recorded_on", maintain_order=True).unique("subject", keep="last")
    return pl.concat([frame.filter(~again), last])


def _figures(names: list[str], code: str) -> dict[str, pl.DataType]:
    return {f"{name}@{code}": pl.Int8() if name == "grade" else pl.Float64() for name in names}


def _figure(sheet: Sheet, frame: pl.DataFrame, code: str, name: str) -> pl.Expr:
    if name not in frame.columns:
        return pl.lit(None, pl.Int8 if name == "grade" else pl.Float64)
    if name != "grade":
        return pl.col(name).cast(pl.Float64)
    scale = sheet.scale(code)
    return pl.col(name).replace_strict(list(scale), list(range(len(scale))), default=None, return_dtype=pl.Int8)


def _subjects(sheet: Sheet, world: World, rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    keys = [frame.select("subject") for frame in rows.values()]
    if sheet.everyone:
        keys.append(world.directory(sheet.who).select("subject"))
    return pl.concat(keys).unique()


def _with_directory(frame: pl.DataFrame, sheet: Sheet, world: World) -> pl.DataFrame:
    fields = sorted(sheet.fields - {"subject", "branch code"})
    directory = world.directory(sheet.who)
    if not sheet.fields - {"subject"}:
        return frame
    picked = directory.select("subject", *fields)
    if "branch code" in sheet.fields:
        picked = picked.with_columns(_branch_codes(directory))
    return frame.join(picked, on="subject", how="left")


def _branch_codes(units: pl.DataFrame) -> pl.Series:
    codes = units.select(branch="subject", code="code")
    found = units.select("branch").join(codes, on="branch", how="left", maintain_order="left")
    return found["code"].alias("branch code")


def _with_postings(frame: pl.DataFrame, sheet: Sheet, world: World) -> pl.DataFrame:
    if not sheet.postings:
        return frame
    postings = _with_stays(sheet, world.postings.select(pl.exclude("branch")))
    for code in sorted(sheet.postings):
        there = _with_places(sheet, world, valid_on(postings, sheet.ground.calendar[code].ends_on))
        picks = [pl.col(column).alias(f"post.{column}@{code}") for column in sorted(sheet.postings[code])]
        frame = frame.join(there.select("subject", *picks), on="subject", how="left")
    return frame


def valid_on(postings: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Postings include both their days and never overlap for one officer; should they, the first line counts."""
    there = postings.filter((pl.col("from") <= day) & (pl.col("to").is_null() | (pl.col("to") >= day)))
    again = there["subject"].is_duplicated()
    return there.unique("subject", keep="first", maintain_order=True) if again.any() else there


def _with_places(sheet: Sheet, world: World, postings: pl.DataFrame) -> pl.DataFrame:
    """The unit's branch, and the codes of both where a rule names them."""
    asked = set().union(*sheet.postings.values())
    codes = world.units.select("code", unit="subject", branch="branch").rename({"code": "unit code"})
    frame = postings.join(codes, on="unit", how="left")
    if "branch code" not in asked:
        return frame
    branches = world.units.select("code", branch="subject").rename({"code": "branch code"})
    return frame.join(branches, on="branch", how="left")


def _with_stays(sheet: Sheet, frame: pl.DataFrame) -> pl.DataFrame:
    """Since when one has been there: postings without a gap in the same unit, post or lead are one stay."""
    stays = sorted(name for name in set().union(*sheet.postings.values()) if name.endswith(" since"))
    if not stays:
        return frame
    frame = frame.sort("subject", "from")
    follows = (pl.col("subject") == pl.col("subject").shift()) & (
        pl.col("from") == pl.col("to").shift() + dt.timedelta(days=1)
    )
    for stay in stays:
        what = stay.removesuffix(" since")
        same = ["unit", "is_leader"] if what == "leader" else [what]
        goes_on = reduce(and_, [pl.col(name).eq_missing(pl.col(name).shift()) for name in same], follows)
        began = pl.when(~goes_on.fill_null(False)).then(pl.col("from")).forward_fill()
        began = pl.when(pl.col("is_leader")).then(began) if what == "leader" else began
        frame = frame.with_columns(began.alias(stay))
    return frame


def known_facts(sheet: Sheet, world: World) -> Known:
    facts = world.facts.filter(pl.col("who") == sheet.who, pl.col("kind").is_in(sorted(fact_kinds(sheet))))
    return Known.on(facts, world.directory(sheet.who), sheet.ground.calendar, sheet.as_of)


def fact_kinds(sheet: Sheet) -> set[str]:
    kinds: set[str] = set()
    for key in sheet.facts:
        inner: object = key.fact
        while isinstance(inner, m.Fact):
            kinds.update(inner.kind)
            inner = inner.arg
    return kinds


def _with_facts(frame: pl.DataFrame, sheet: Sheet, world: World) -> pl.DataFrame:
    if not sheet.facts:
        return frame
    known = known_facts(sheet, world)
    for key, column in sheet.facts.items():
        frame = frame.join(known.figure(key, column), on="subject", how="left")
    counted = [column for key, column in sheet.facts.items() if key.total in COUNTED]
    return frame.with_columns(pl.col(counted).fill_null(0)) if counted else frame


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
    found = pl.col("status").is_in(["open", "held"]) & reduce(or_, named, NO)
    if decision.within:
        found &= (pl.col("decided_on") > shift(as_of, decision.within)) & (pl.col("decided_on") <= as_of)
    return found & pl.col("ended").is_in(decision.ended) if decision.ended else found


def _with_steps(frame: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    for stage in sorted({step.stage for step in sheet.steps.values()}):
        here = {name: step for name, step in sheet.steps.items() if step.stage == stage}
        frame = frame.with_columns(**{name: step.expr for name, step in here.items() if step.expr is not None})
        for name, step in here.items():
            if step.lift:
                above = frame.select(branch="subject", **{name: step.lift})
                frame = frame.join(above, on="branch", how="left")
    return frame
