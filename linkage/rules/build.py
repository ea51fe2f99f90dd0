"""Building a sheet: one row per subject with a result in any visible cycle, one column per thing asked for."""

import datetime as dt
from functools import reduce
from operator import and_

import polars as pl

from . import model as m
from .calendar import Cycle
from .fact_rows import Known
from .find import find
from .past import earlier, with_decisions, with_figures
from .sheet import FactKey, Sheet, Step
from .world import UNIT, World

TYPES: dict[str, pl.DataType] = {"grade": pl.Int8(), "recorded_on": pl.Date()}
COUNTED = ("count", "days", "longest")  # no fact is none of them; of the others it is unknown


def build(sheet: Sheet, world: World, units: pl.DataFrame | None = None) -> pl.DataFrame:
    """The sheet's frame, without what the decisions of this run add; officers need the frame of units."""
    rows = {code: as_known(sheet, world, code) for code in sheet.results}
    frame = _subjects(sheet, world, rows)
    for row in rows.values():
        frame = frame.join(row, on="subject", how="left")
    frame = _with_directory(frame, sheet, world)
    if sheet.who != UNIT:
        frame = _with_postings(frame, sheet, world)
    past = earlier(world.decisions, sheet)
    known = known_facts(sheet, world)
    frame = _with_facts(frame, sheet, known)
    for column, (key, source) in sheet.above.items():
        answers = m.present(units).select("subject", pl.col(source).alias(column))
        frame = frame.join(answers, left_on=key, right_on="subject", how="left")
    frame = with_decisions(frame, sheet, past, [decision for decision in sheet.past if not decision.run])
    frame = with_figures(frame, sheet, past)
    return with_steps(frame, sheet, known)


def as_known(sheet: Sheet, world: World, code: str) -> pl.DataFrame:
    """The rows of a cycle as known on the day: of several the one recorded last, of equal days the later line.

    Figures are kept for graded rows only, and a grade becomes its place on the scale, best first.
    """
    names = sorted(sheet.results[code] - {"status"})
    frame = world.results.get((sheet.who, code))
    if frame is None:
        return pl.DataFrame(schema={"subject": world.key, f"status@{code}": pl.String(), **_figures(names, code)})
    held = [name for name in names if name in frame.columns and name != "recorded_on"]
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
    return {f"{name}@{code}": TYPES.get(name, pl.Float64()) for name in names}


def _figure(sheet: Sheet, frame: pl.DataFrame, code: str, name: str) -> pl.Expr:
    if name not in frame.columns:
        return pl.lit(None, TYPES.get(name, pl.Float64()))
    if name == "recorded_on":
        return pl.col(name)
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
        cycle = sheet.ground.calendar[code]
        if "days" in sheet.postings[code]:
            frame = frame.join(_days_served(postings, cycle), on="subject", how="left")
        there = _with_places(sheet, world, valid_on(postings, cycle.ends_on))
        picks = [pl.col(column).alias(f"post.{column}@{code}") for column in sorted(sheet.postings[code] - {"days"})]
        frame = frame.join(there.select("subject", *picks), on="subject", how="left")
    return frame


def _days_served(postings: pl.DataFrame, cycle: Cycle) -> pl.DataFrame:
    """On how many days of the cycle somebody had a posting; both its days are included."""
    first, last = pl.lit(cycle.starts_on), pl.lit(cycle.ends_on)
    inside = pl.min_horizontal(pl.col("to").fill_null(last), last) - pl.max_horizontal("from", first)
    days = (inside.dt.total_days() + 1).clip(0).sum().cast(pl.Int64)
    return postings.group_by("subject").agg(days.alias(f"post.days@{cycle.code}"))


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
    directory, past = world.directory(sheet.who), earlier(world.decisions, sheet)
    return Known.on(facts, directory, sheet.ground.calendar, sheet.as_of, past)


def fact_kinds(sheet: Sheet) -> set[str]:
    """Every kind of fact that is looked at, also those that only say which others count."""
    keys = [*sheet.facts, *(step.fact for step in sheet.steps.values() if step.fact)]
    return {kind for key in keys for fact in find(key.fact, m.Fact) for kind in fact.kind}


def _with_facts(frame: pl.DataFrame, sheet: Sheet, known: Known) -> pl.DataFrame:
    for key, column in sheet.facts.items():
        frame = _with_figure(frame, known, key, column)
    return frame


def _with_figure(frame: pl.DataFrame, known: Known, key: FactKey, column: str) -> pl.DataFrame:
    frame = frame.join(known.figure(key, column), on="subject", how="left")
    return frame.with_columns(pl.col(column).fill_null(0)) if key.total in COUNTED else frame


def with_steps(frame: pl.DataFrame, sheet: Sheet, known: Known) -> pl.DataFrame:
    steps = {name: step for name, step in sheet.steps.items() if not sheet.is_late(step)}
    for stage in sorted({step.stage for step in steps.values()}):
        frame = _with_stage(frame, {name: step for name, step in steps.items() if step.stage == stage}, known)
    return frame


def _with_stage(frame: pl.DataFrame, steps: dict[str, Step], known: Known) -> pl.DataFrame:
    made = {name: full_length(step.expr) for name, step in steps.items() if step.expr is not None}
    frame = frame.with_columns(**made)
    for name, step in steps.items():
        if step.lift:
            above = frame.select(branch="subject", **{name: step.lift})
            frame = frame.join(above, on="branch", how="left")
        elif step.fact:
            frame = _with_figure(frame, known.beside(frame), step.fact, name)
    return frame


def full_length(expr: pl.Expr) -> pl.Expr:
    """One value for each row: Polars holds a column of one value as that value, and cannot always spread it again."""
    return pl.when(pl.col("subject").is_not_null()).then(expr)


def with_late_steps(frame: pl.DataFrame, sheet: Sheet, world: World) -> pl.DataFrame:
    """The figures of facts that depend on what this run has decided."""
    late = {name: step for name, step in sheet.steps.items() if sheet.is_late(step)}
    return _with_stage(frame, late, known_facts(sheet, world)) if late else frame
