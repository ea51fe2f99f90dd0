"""The rows a sentence is told over: some subjects of a sheet, the days of their facts, what is told of their unit."""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from . import model as m
from .build import known_facts
from .fact_rows import Known
from .find import Node, find
from .past import matching
from .run import RunResult
from .say_numbers import EN, ZH
from .sheet import At, FactKey
from .tell import Tell
from .tell_parts import above_column, decision_column, fact_column
from .world import UNIT

SHOWN = 5  # days of facts listed in a sentence


def prepare(result: RunResult, at: At, subjects: pl.Series, trees: Iterable[object]) -> pl.DataFrame:
    """One row per subject that the sheet knows, ready for what `Tell` makes of these trees."""
    trees = tuple(trees)
    frame = result.frames[at.sheet.who]
    rows = frame.filter(pl.col("subject").is_in(subjects.unique().implode()))
    known = facts_of(result, at, subjects)
    for fact in _facts(trees):
        rows = rows.join(_days(known, fact, at), on="subject", how="left")
    for above in here(trees, m.Above):
        rows = _with_unit(result, rows, above, at)
    for decision in find(trees, m.Decision):
        if decision.run:
            rows = rows.join(_decided_by(result, decision, at), on="subject", how="left")
    return rows


def facts_of(result: RunResult, at: At, subjects: pl.Series) -> Known:
    known = known_facts(at.sheet, result.world)
    mine = known.frame.filter(pl.col("subject").is_in(subjects.unique().implode()))
    return replace(known, frame=mine, sheet=result.frames[at.sheet.who])


def fact_key(fact: m.Fact, at: At) -> FactKey:
    return at.sheet.fact_key(fact, (at.code,))


def _facts(trees: tuple[object, ...]) -> list[m.Fact]:
    """The facts compared in this cycle itself, each once; those of other periods are told by their figure only."""
    out: dict[m.Fact, None] = {}
    for compare in here(trees, m.Compare):
        if isinstance(compare.number, m.Fact):
            out[compare.number] = None
    return list(out)


def here(tree: object, kind: type[Node]) -> list[Node]:
    """The nodes of a kind that are put to the cycle judged, not to periods."""
    if isinstance(tree, kind):
        return [tree]
    if isinstance(tree, tuple):
        return [found for part in tree for found in here(part, kind)]
    if isinstance(tree, m.All | m.AnyOf):
        return here(tree.parts, kind)
    return here(tree.part, kind) if isinstance(tree, m.Not | m.Met) else []


def _days(known: Known, fact: m.Fact, at: At) -> pl.DataFrame:
    """When the facts were, and until when the last of them is in force (null: no end)."""
    name, first = fact_column(fact, at), pl.col("from").sort()
    listed = first.head(SHOWN).cast(pl.String).str.join("、")
    until = pl.when(pl.col("to").null_count() == 0).then(pl.col("to").max())
    rows = known.rows(fact_key(fact, at)).group_by("subject")
    return rows.agg(listed.alias(f"{name} days"), until.alias(f"{name} until"))


def _with_unit(result: RunResult, rows: pl.DataFrame, above: m.Above, at: At) -> pl.DataFrame:
    key = "branch" if at.sheet.who == UNIT else f"post.{'unit' if above.what == 'unit' else 'branch'}@{at.code}"
    there = At(result.plan.units, at.code)
    units = prepare(result, there, rows[key], [above.part])
    kind = result.plan.ground.calendar[at.code].kind
    told = {
        above_column(above, at, lang): Tell(result.plan.policy, lang, kind).told(above.part, there) for lang in (ZH, EN)
    }
    return rows.join(units.select("subject", **told), left_on=key, right_on="subject", how="left")


def _decided_by(result: RunResult, decision: m.Decision, at: At) -> pl.DataFrame:
    """The rules of this run that decided it, of the first stratum."""
    first = [plan.rule.id for plan in result.plan.first_stratum()]
    found = result.decisions.with_columns(decided_on=result.plan.as_of, ended=pl.lit(None, pl.String)).filter(
        pl.col("rule").is_in(first), pl.col("who") == at.sheet.who, matching(decision, result.plan.as_of)
    )
    return found.group_by("subject").agg(pl.col("rule").sort().str.join("、").alias(decision_column(decision, at)))
