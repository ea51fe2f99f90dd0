"""Compiling conditions: leaves and combinations, in Kleene logic."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import and_, or_
from typing import Final

import polars as pl

from . import model as m
from .calendar import shift
from .numbers import EQUAL, compare, operand, portion
from .periods import share_of
from .refusals import PolicyError
from .sheet import UNKNOWN, YES, At, ask, cond, num
from .words import FALSE, TRUE
from .world import SCHEME_OF_UNITS, UNIT

POSTING: Final = ("post_type", "unit", "branch", "is_leader")


@cond.register
def _all(tree: m.All, at: At) -> pl.Expr:
    return reduce(and_, [ask(part, at) for part in tree.parts] or [YES])


@cond.register
def _any(tree: m.AnyOf, at: At) -> pl.Expr:
    return reduce(or_, [ask(part, at) for part in tree.parts])


@cond.register
def _not(tree: m.Not, at: At) -> pl.Expr:
    return ~ask(tree.part, at.turned())


@cond.register
def _met(tree: m.Met, at: At) -> pl.Expr:
    return ask(tree.part, at)


@cond.register
def _grade(tree: m.Grade, at: At) -> pl.Expr:
    scale = at.sheet.scale(at.code)
    places = [scale.index(value) for value in tree.values if value in scale]
    grade = at.sheet.result(at.code, "grade")
    if not places:  # a grade of another scale is not this one, where there is one at all
        return grade < 0
    if tree.op == "is":
        return reduce(or_, [grade == place for place in places])
    first = places[0]
    return {"at least": grade <= first, "at most": grade >= first, "above": grade < first, "below": grade > first}[
        tree.op
    ]


@cond.register
def _status(tree: m.Status, at: At) -> pl.Expr:
    return at.sheet.result(at.code, "status").fill_null("absent").is_in(list(tree.values))


@cond.register
def _profile(tree: m.Profile, at: At) -> pl.Expr:
    column = at.sheet.directory(tree.name, tree.at)
    return one_of(column, at.sheet.ground.fields(at.sheet.who)[tree.name], tree.values)


@cond.register
def _post(tree: m.Post, at: At) -> pl.Expr:
    fields = at.sheet.ground.fields(UNIT)
    if at.sheet.who == UNIT and tree.name not in ("unit", "branch"):
        column = at.sheet.directory(tree.name, tree.at)
        return one_of(column, fields[tree.name], tree.values)
    if tree.name not in POSTING:
        raise PolicyError("no_field", tree.at, word=tree.name, valid=POSTING)
    if tree.name in ("unit", "branch"):
        return one_of(at.sheet.posting(at.code, f"{tree.name} code", tree.at), pl.String(), tree.values)
    kind = pl.Boolean() if tree.name == "is_leader" else pl.String()
    return one_of(at.sheet.posting(at.code, tree.name, tree.at), kind, tree.values)


def one_of(column: pl.Expr, kind: pl.DataType, values: Sequence[str]) -> pl.Expr:
    """Whether a field holds one of the values; 是, yes and true are the same answer."""
    if kind == pl.Boolean:
        return column.is_in([value == "yes" for value in values if value in ("yes", "no")])
    said = {"yes": TRUE, "no": FALSE}
    words = [word for value in values for word in said.get(value, (value,))]
    return (column if kind == pl.String else column.cast(pl.String)).is_in(words)


@cond.register
def _rank(tree: m.Rank, at: At) -> pl.Expr:
    place, size = rank_place(tree, at), rank_size(tree, at)
    k = pl.lit(tree.places, pl.Int64) if tree.share is None else portion(size, tree.share)
    if tree.side == "top":
        k = pl.max_horizontal(k, pl.lit(1, pl.Int64))
    return (place <= k) & (size >= tree.members)


def rank_size(tree: m.Rank, at: At) -> pl.Expr:
    """How many graded peers have the figure."""
    sheet, peers = at.sheet, at.sheet.peers(tree.among, tree.at)
    return sheet.make(
        ("size", peers, *at.answers(tree.of)),
        lambda: sheet.over_peers(peers, at.code, num(tree.of, at), lambda v, g: v.count().over(g).cast(pl.Int64)),
    )


def rank_place(tree: m.Rank, at: At) -> pl.Expr:
    """One's place: from the top the best of one's equals, from the bottom the best too, so that a tie never harms."""
    sheet, peers = at.sheet, at.sheet.peers(tree.among, tree.at)

    def place(value: pl.Expr, groups: list[pl.Expr]) -> pl.Expr:
        value = value.cast(pl.Float64).round(EQUAL)
        ranked = value.rank("min", descending=True) if tree.side == "top" else value.rank("max")
        return ranked.over(groups).cast(pl.Int64)

    return sheet.make(
        (tree.side, peers, *at.answers(tree.of)), lambda: sheet.over_peers(peers, at.code, num(tree.of, at), place)
    )


@cond.register
def _compare(tree: m.Compare, at: At) -> pl.Expr:
    if tree.op in ("at most", "below"):
        at = at.turned()
    if isinstance(tree.number, m.Indicator):
        return _indicators(tree, tree.number, at)
    if isinstance(tree.number, m.Periods) and tree.number.how == "share":
        hits, size = share_of(tree.number, at)
        share = m.present(tree.operand.constant)
        return compare(tree.op, hits * share.denominator, size * share.numerator) & (size > 0)
    return compare(tree.op, num(tree.number, at), operand(tree.number, tree.operand, at))


def _indicators(tree: m.Compare, number: m.Indicator, at: At) -> pl.Expr:
    parts = [one_indicator(tree, name, at) for name in indicator_names(number, at)]
    fold = and_ if number.how == "each" else or_
    if number.names != ("*",):
        return reduce(fold, parts)
    if not parts:
        return UNKNOWN
    spoken = pl.any_horizontal([part.is_not_null() for part in parts])
    return pl.when(spoken).then(reduce(fold, [part.fill_null(number.how == "each") for part in parts]))


def indicator_names(number: m.Indicator, at: At) -> Sequence[str]:
    return at.sheet.ground.indicators if number.names == ("*",) else number.names


def failing_indicators(tree: m.Compare, number: m.Indicator, at: At) -> list[tuple[pl.Expr, str]]:
    """Each with whether it meets the comparison, in the order written; those of the scheme in the scheme's order."""
    if number.names != ("*",) or at.sheet.who == UNIT:
        names = at.sheet.ground.schemes.get(SCHEME_OF_UNITS, ()) if number.names == ("*",) else number.names
        return [(one_indicator(tree, name, at), name) for name in names]
    post = at.sheet.posting(at.code, "post_type")
    schemes = at.sheet.ground.schemes.items()
    return [(one_indicator(tree, name, at) & (post == own), name) for own, names in schemes for name in names]


def one_indicator(tree: m.Compare, name: str, at: At) -> pl.Expr:
    place = tree.number.at if isinstance(tree.number, m.Indicator) else tree.operand.at
    single = m.Indicator((name,), at=place)
    answer = compare(tree.op, num(single, at), operand(single, tree.operand, at))
    of_scheme = isinstance(tree.number, m.Indicator) and tree.number.names == ("*",)
    return pl.when(_in_scheme(name, at)).then(answer) if of_scheme else answer


def _in_scheme(name: str, at: At) -> pl.Expr:
    """Whether the subject's own scheme weighs it; figures of another post do not speak."""
    schemes = at.sheet.ground.schemes
    if at.sheet.who == UNIT:
        return pl.lit(name in schemes.get(SCHEME_OF_UNITS, ()))
    posts = [post for post, names in schemes.items() if name in names]
    return at.sheet.posting(at.code, "post_type").is_in(posts)


@cond.register
def _above(tree: m.Above, at: At) -> pl.Expr:
    sheet = at.sheet
    if sheet.who == UNIT:
        return sheet.lift(at.answers(tree.part), lambda: ask(tree.part, at))
    there = At(m.present(sheet.units), at.code, at.wait)
    return sheet.of_unit(at.code, tree.what, there.answers(tree.part), lambda: ask(tree.part, there))


@cond.register
def _decision(tree: m.Decision, at: At) -> pl.Expr:
    return at.sheet.decided(tree)


@cond.register
def _sequence(tree: m.Sequence, at: At) -> pl.Expr:
    """Fitted from the newest back, always taking the latest that fits: if any placing fits, this one does."""
    return step_days(tree, at)[-1].is_not_null()


def step_days(tree: m.Sequence, at: At) -> list[pl.Expr]:
    """The day of each step, newest first; null from the first that nothing fits."""
    days = [_last_day(tree.steps[-1], at)]
    for n, step in reversed(list(enumerate(tree.steps[:-1]))):
        # A column of its own: put in place for every cycle of every step it would grow without bound.
        last, fact = at.sheet.keep(("step", n, *at.answers(tree)), days[-1]), dated(step)
        days.append(_fact_before(tree, fact, last, at) if fact else _cycle_before(tree, step, last, at))
    return days


def dated(step: m.Condition) -> m.Fact | None:
    """The fact of a step that asks for nothing but a fact: such a step has the fact's own day, not a cycle's."""
    if not isinstance(step, m.Compare) or not isinstance(step.number, m.Fact):
        return None
    plain = (step.number.when, step.number.total, step.number.once_per) == ("ever", "count", None)
    return step.number if plain and step.op == "at least" and step.operand.constant == 1 else None


def _last_day(step: m.Condition, at: At) -> pl.Expr:
    """The last step is this cycle, or the latest such fact dated in it."""
    fact = dated(step)
    if fact:
        return at.sheet.fact(replace(fact, when="during", arg="cycle"), (at.code,), "last")
    return pl.when(ask(step, at)).then(pl.lit(at.sheet.ground.calendar[at.code].ends_on))


def _fact_before(tree: m.Sequence, fact: m.Fact, last: pl.Expr, at: At) -> pl.Expr:
    """The latest such fact early enough before the step that follows."""
    since = shift(at.sheet.ground.calendar[at.code].ends_on, tree.within)
    key = at.sheet.fact_key(fact, (at.code,), "last")
    key = replace(key, until=last.meta.output_name(), apart=tree.apart, since=since)
    return at.sheet.figure(key)


def _cycle_before(tree: m.Sequence, step: m.Condition, last: pl.Expr, at: At) -> pl.Expr:
    calendar = at.sheet.ground.calendar
    days = {code: calendar[code].ends_on for code in calendar.known_span(m.Span(within=tree.within), at.code)}
    fits = [
        pl.when(ask(step, at.to(code)) & (pl.lit(_earliest_next(day, tree.apart)) <= last)).then(pl.lit(day))
        for code, day in days.items()
    ]
    return pl.max_horizontal(fits) if fits else pl.lit(None, pl.Date)


def _earliest_next(day: dt.date, apart: m.Length | None) -> dt.date:
    return shift(day, apart, 1) if apart else day + dt.timedelta(days=1)
