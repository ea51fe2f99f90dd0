"""Compiling numbers, what they are compared with, and the comparison."""

from fractions import Fraction
from typing import Final

import polars as pl

from . import model as m
from .calendar import full_months, full_years
from .refusals import PolicyError
from .sheet import At, num

NEAR: Final = 1e-9  # figures closer than this are equal
EQUAL: Final = 9  # decimals of figures put in order: so that a sum of tenths is equal to itself in another order


def compare(op: str, a: pl.Expr, b: pl.Expr) -> pl.Expr:
    if op == "at least":
        return a >= b - NEAR
    if op == "at most":
        return a <= b + NEAR
    if op == "above":
        return a > b + NEAR
    if op == "below":
        return a < b - NEAR
    return (a - b).abs() <= NEAR


def portion(size: pl.Expr, share: Fraction, rounding: str = "down") -> pl.Expr:
    """share * size in whole numbers: rounded down, up, or a half up."""
    whole, n, d = size.cast(pl.Int64), share.numerator, share.denominator
    if rounding == "up":
        return -(-whole * n // d)
    return (2 * whole * n + d) // (2 * d) if rounding == "half" else whole * n // d


@num.register
def _score(tree: m.Score, at: At) -> pl.Expr:
    return at.sheet.result(at.code, "score")


@num.register
def _indicator(tree: m.Indicator, at: At) -> pl.Expr:
    if len(tree.names) != 1 or tree.names == ("*",):
        raise PolicyError("one_word", tree.at)
    return at.sheet.result(at.code, tree.names[0], tree.at)


@num.register
def _field(tree: m.Field, at: At) -> pl.Expr:
    column = at.sheet.directory(tree.name, tree.at)
    if not at.sheet.ground.fields(at.sheet.who)[tree.name].is_numeric():
        raise PolicyError("not_figure", tree.at, word=tree.name)
    return column


@num.register
def _years(tree: m.Years, at: At) -> pl.Expr:
    day = at.sheet.as_of if tree.on == "as of" else at.sheet.ground.calendar[at.code].ends_on
    return full_years(at.sheet.day_of(tree.since, tree.at), day)


@num.register
def _fact(tree: m.Fact, at: At) -> pl.Expr:
    return at.sheet.fact(tree, (at.code,))


@num.register
def _served(tree: m.Served, at: At) -> pl.Expr:
    if at.sheet.who != "officer":
        raise PolicyError("officers_only", tree.at, word="served")
    since, day = at.sheet.posting(at.code, f"{tree.what} since"), at.sheet.as_of
    if tree.unit == "months":
        return full_months(since, day)
    return full_years(since, day) if tree.unit == "years" else (pl.lit(day) - since).dt.total_days()


def sort_key(number: m.Number, at: At) -> pl.Expr:
    """A number to put people in order by: any field of the directory will do, and `subject` is the public id."""
    if not isinstance(number, m.Field):
        return num(number, at).round(6)
    return at.sheet.public_id() if number.name == "subject" else at.sheet.directory(number.name, number.at)


def operand(number: m.Number, against: m.Operand, at: At) -> pl.Expr:
    """What the number is compared with at this cycle."""
    if against.constant is not None:
        return pl.lit(float(against.constant))
    if against.number is not None:
        base = num(against.number, at)
    elif against.before is not None:
        earlier = at.back(against.before)
        base = num(number, earlier) if earlier else pl.lit(None, pl.Float64)
    else:
        base = peers_middle(number, against, at)
    return base * float(against.times) + float(against.plus)


def peers_middle(number: m.Number, against: m.Operand, at: At) -> pl.Expr:
    how, name = against.peers or ("median", None)
    peers = at.sheet.peers(name, against.at)

    def middle(value: pl.Expr, groups: list[pl.Expr]) -> pl.Expr:
        return (value.median() if how == "median" else value.mean()).over(groups)

    return at.sheet.make(
        (how, name, *at.answers(number)), lambda: at.sheet.over_peers(peers, at.code, num(number, at), middle)
    )
