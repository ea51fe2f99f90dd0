"""How near each subject stands to each threshold of a rule: number, threshold and distance, as one long frame."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from . import model as m
from .conditions import indicator_names, rank_place, rank_size
from .numbers import compare, operand, portion
from .parted import of_parts
from .periods import Period, looked_at, share_of
from .run import RunResult
from .sheet import NO, At, cond, num

SCHEMA: Final = {
    "rule": pl.String(),
    "node": pl.Int32(),
    "cycle": pl.String(),
    "part": pl.String(),
    "unit": pl.String(),
    "op": pl.String(),
    "subject": pl.String(),
    "number": pl.Float64(),
    "threshold": pl.Float64(),
    "distance": pl.Float64(),
    "met": pl.Boolean(),
}
QUANTIFIED: Final = {"each": "at least", "some": "at least", "none": "at most"}
FIGURES: Final = ("number", "threshold", "distance")
UNITS: Final = {"count": "times", "days": "days", "longest": "days", "amount": "amount", "latest": "amount"}


@dataclass(frozen=True)
class Margin:
    """One comparison put to one cycle. `node` counts the comparisons of the rule in the order written."""

    node: int
    tree: m.Condition
    cycle: str
    unit: str  # points, periods, places, times, days, years, ...
    op: str
    number: pl.Expr
    threshold: pl.Expr
    met: pl.Expr
    part: str = ""  # which indicator, of a comparison that puts several

    @property
    def distance(self) -> pl.Expr:
        """How far within the threshold (at least 0), or how far short of it (below 0)."""
        if self.op in ("at least", "above"):
            return self.number - self.threshold
        if self.op in ("at most", "below"):
            return self.threshold - self.number
        return -(self.number - self.threshold).abs()


def margins(result: RunResult, rule: str | None = None) -> pl.DataFrame:
    """rule, node, cycle, part, unit, op, subject, number, threshold, distance, met; a row per subject and comparison.

    Of all subjects the rule looks at, decided or not (units, of a rule that reaches from units to officers). A
    comparison inside periods has a row for each cycle looked at, and the quantifier itself one, in periods. Number and
    distance are null where there is no figure. `distance` is below 0 where it is missed; with `above` and `below` a
    distance of 0 misses too.
    """
    if result.parts:
        return of_parts(result, rule, lambda part: margins(part, rule), ("rule", "node", "subject"))
    names = sorted(result.plan.rules) if rule is None else [rule]
    schema = SCHEMA | {"subject": result.world.key}
    return pl.concat([pl.DataFrame(schema=schema), *(_of_rule(result, name, schema) for name in names)])


def margins_of(result: RunResult, rule: str) -> list[Margin]:
    """The comparisons of a rule, outer before inner, in the order written."""
    plan = result.plan.rules[rule]
    return list(_numbered(plan.rule.when, result.plan.at(plan.rule)))


def _of_rule(result: RunResult, rule: str, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """All figures in one select over the rule's population; then a slice for each comparison."""
    found, who = margins_of(result, rule), result.plan.rules[rule].rule.subject
    rows = result.frames[who].filter(population(result, rule))
    columns = {f"{name}{i}": _figure(getattr(margin, name)) for i, margin in enumerate(found) for name in FIGURES}
    wide = rows.select("subject", **columns, **{f"met{i}": margin.met for i, margin in enumerate(found)})
    parts = [
        wide.select(
            pl.lit(rule).alias("rule"),
            pl.lit(margin.node, pl.Int32).alias("node"),
            *(pl.lit(getattr(margin, name)).alias(name) for name in ("cycle", "part", "unit", "op")),
            "subject",
            *(pl.col(f"{name}{i}").alias(name) for name in (*FIGURES, "met")),
        )
        for i, margin in enumerate(found)
    ]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _figure(figure: pl.Expr) -> pl.Expr:
    return figure.cast(pl.Float64).round(6)


def population(result: RunResult, rule: str) -> pl.Expr:
    """Whom the rule looks at."""
    status = pl.col(f"status@{result.plan.code}")
    graded = {"graded": status == "graded", "listed": status.is_not_null(), "everyone": pl.lit(True)}
    return graded[result.plan.rules[rule].rule.population].fill_null(False)


def _numbered(tree: m.Condition, at: At) -> Iterator[Margin]:
    for node, (comparison, there) in enumerate(comparisons(tree, at)):
        for place in there:
            yield from _margins(node, comparison, place)


Comparison = m.Compare | m.Rank | m.Periods


def comparisons(tree: m.Condition, at: At) -> Iterator[tuple[Comparison, list[At]]]:
    """Each comparison with the cycles it is put to; those put to the unit above have no figure of the subject's own."""
    yield from _within(tree, [at])


def _within(tree: object, there: list[At]) -> Iterator[tuple[Comparison, list[At]]]:
    if isinstance(tree, m.All | m.AnyOf):
        for part in tree.parts:
            yield from _within(part, there)
    elif isinstance(tree, m.Not | m.Met):
        yield from _within(tree.part, there)
    elif isinstance(tree, m.Compare | m.Rank):
        yield tree, there
        if isinstance(tree, m.Compare) and isinstance(tree.number, m.Periods):
            yield from _within(tree.number.test, _cycles(tree.number, there))
    elif isinstance(tree, m.Periods) and tree.how in QUANTIFIED:
        yield tree, there
        yield from _within(tree.test, _cycles(tree, there))


def _cycles(tree: m.Periods, there: list[At]) -> list[At]:
    """The cycles a quantifier looks at, newest first, each once."""
    found = {period.at.code: period.at for at in there for period in looked_at(tree, None, at) if period.at}
    return list(found.values())


def _margins(node: int, tree: Comparison, at: At) -> Iterator[Margin]:
    if isinstance(tree, m.Rank):
        yield _rank(node, tree, at)
    elif isinstance(tree, m.Periods):
        if tree.how != "from":  # a state has no number
            yield _quantified(node, tree, at)
    elif isinstance(tree.number, m.Indicator):
        for name in indicator_names(tree.number, at):
            yield _compared(node, tree, m.Indicator((name,), at=tree.number.at), at, part=name)
    elif isinstance(tree.number, m.Periods) and tree.number.how == "share":
        hits, size = share_of(tree.number, at)
        threshold = size * float(m.present(tree.operand.constant))
        yield Margin(node, tree, at.code, "periods", tree.op, hits, threshold, cond(tree, at))
    else:
        yield _compared(node, tree, tree.number, at)


def _compared(node: int, tree: m.Compare, number: m.Number, at: At, *, part: str = "") -> Margin:
    if tree.op in ("at most", "below"):
        at = at.turned()
    figure, against = num(number, at), operand(number, tree.operand, at)
    return Margin(
        node, tree, at.code, unit_of(number), tree.op, figure, against, compare(tree.op, figure, against), part
    )


def _rank(node: int, tree: m.Rank, at: At) -> Margin:
    """The place, from the side asked for, against the last that is in; null where the group is too small to rank."""
    size = rank_size(tree, at)
    last = pl.lit(tree.places, pl.Int64) if tree.share is None else portion(size, tree.share)
    last = pl.max_horizontal(last, pl.lit(1, pl.Int64)) if tree.side == "top" else last
    place = pl.when(size >= tree.members).then(rank_place(tree, at))
    return Margin(node, tree, at.code, "places", "at most", place, last, cond(tree, at))


def _quantified(node: int, tree: m.Periods, at: At) -> Margin:
    """The hits against how many there must be."""
    there = at.turned() if tree.how == "none" else at
    periods = looked_at(tree, tree.test, there)
    hits = _total([period.looked & period.hit for period in periods])
    return Margin(node, tree, at.code, "periods", QUANTIFIED[tree.how], hits, _asked(tree, periods), cond(tree, at))


def _asked(tree: m.Periods, periods: list[Period]) -> pl.Expr:
    if tree.how != "each":
        return pl.lit(1 if tree.how == "some" else 0, pl.Int64)
    return pl.lit(tree.span.last, pl.Int64) if tree.span.last else _total([period.looked for period in periods])


def _total(parts: list[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal([part.cast(pl.Int64) for part in parts or [NO]])


def unit_of(number: m.Number) -> str:
    """What a number counts: points of a score or indicator, periods, times, days, years."""
    if isinstance(number, m.Score | m.Indicator):
        return "points"
    if isinstance(number, m.Periods):
        return unit_of(number.number) if number.number is not None else "periods"
    if isinstance(number, m.Fact):
        return UNITS.get(number.total, "figure")
    if isinstance(number, m.Served):
        return number.unit
    return "years" if isinstance(number, m.Years) else "figure"
