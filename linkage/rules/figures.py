"""The figures of a condition whether it holds or not: 2/3：2023（称职）、2024（优秀）、2025（优秀）."""

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from . import model as m
from .conditions import indicator_names, step_days
from .periods import looked_at
from .sheet import At, num
from .tell import Tell
from .tell_parts import above_column, fact_column, grade_shown, shown, text
from .world import UNIT


def figures(tell: Tell, tree: m.Condition, at: At) -> pl.Expr:
    """Null where there are none to show."""
    known = KNOWN.get(type(tree))
    return known(tell, tree, at) if known else tell.figure(tree, at)


def _grade(tell: Tell, tree: m.Grade, at: At) -> pl.Expr:
    return pl.when(at.sheet.graded(at.code)).then(grade_shown(at)).otherwise(tell.status(at))


def _status(tell: Tell, tree: m.Status, at: At) -> pl.Expr:
    return tell.status(at)


def _field(tell: Tell, tree: m.Profile | m.Post, at: At) -> pl.Expr:
    sheet = at.sheet
    if isinstance(tree, m.Profile) or (sheet.who == UNIT and tree.name not in ("unit", "branch")):
        column, kind = sheet.directory(tree.name), sheet.ground.fields(sheet.who)[tree.name]
    else:
        name = f"{tree.name} code" if tree.name in ("unit", "branch") else tree.name
        column, kind = sheet.posting(at.code, name), pl.Boolean() if tree.name == "is_leader" else pl.String()
    if kind != pl.Boolean:
        return column.cast(pl.String)
    return pl.when(column).then(pl.lit(tell.t("是", "yes"))).when(~column).then(pl.lit(tell.t("否", "no")))


def _compare(tell: Tell, tree: m.Compare, at: At) -> pl.Expr:
    number = tree.number
    if isinstance(number, m.Indicator):
        return tell.joined([_indicator(name, at) for name in indicator_names(number, at)], tell.comma)
    if isinstance(number, m.Fact):
        return text(shown(num(number, at)), tell.colon(pl.col(f"{fact_column(number, at)} days")))
    if isinstance(number, m.Periods) and number.test is not None:
        value = shown(num(number, at)) if number.how == "run" else None
        return _periods(tell, number, at, value)
    return tell.figure(tree, at)


def _indicator(name: str, at: At) -> pl.Expr:
    figure = num(m.Indicator((name,)), at)
    return pl.when(figure.is_not_null()).then(text(f"{name} ", shown(figure)))


def _periods(tell: Tell, tree: m.Periods, at: At, value: pl.Expr | None = None) -> pl.Expr:
    looked = looked_at(tree, tree.test, at)
    hits = pl.sum_horizontal([(period.looked & period.hit).cast(pl.Int64) for period in looked] or [pl.lit(0)])
    value = text(shown(hits), f"/{len(looked)}") if value is None else value
    return text(value, tell.colon(tell.items(tree, looked, hits_only=False, every_figure=True)))


def _above(tell: Tell, tree: m.Above, at: At) -> pl.Expr:
    return pl.col(above_column(tree, at, tell.lang))


def _sequence(tell: Tell, tree: m.Sequence, at: At) -> pl.Expr:
    """The day of each step that was found, oldest first."""
    days = [day.cast(pl.String) for day in reversed(step_days(tree, at))]
    found = tell.joined(days, " → ")
    return pl.when(found != "").then(found)


KNOWN: Final[dict[type, Callable[[Tell, Any, At], pl.Expr]]] = {
    m.Grade: _grade,
    m.Status: _status,
    m.Profile: _field,
    m.Post: _field,
    m.Compare: _compare,
    m.Periods: _periods,
    m.Above: _above,
    m.Sequence: _sequence,
}
