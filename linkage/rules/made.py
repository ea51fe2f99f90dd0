"""Compiling numbers made of others: sums, products, limits, tables, and how often something was decided."""

from dataclasses import replace
from functools import reduce
from operator import mul

import polars as pl

from . import model as m
from .refusals import PolicyError
from .sheet import At, FactKey, num
from .world import UNIT


@num.register
def _constant(tree: m.Constant, at: At) -> pl.Expr:
    return pl.lit(float(tree.value))


@num.register
def _reckoned(tree: m.Reckoned, at: At) -> pl.Expr:
    """A part that is missing adds nothing, but makes a product unknown; a sum of nothing but constants is unknown."""
    parts = [num(part, at).cast(pl.Float64) for part in tree.parts]
    if tree.how == "multiply":
        return reduce(mul, parts)
    known = [part.is_not_null() for part, of in zip(parts, tree.parts, strict=True) if not isinstance(of, m.Constant)]
    return pl.when(pl.any_horizontal(known or [pl.lit(True)])).then(pl.sum_horizontal(parts))


@num.register
def _limit(tree: m.Limit, at: At) -> pl.Expr:
    return kept(num(tree.of, at).cast(pl.Float64), tree)


def kept(figure: pl.Expr, limits: m.Limit | m.Periods) -> pl.Expr:
    """The figure between the two limits; what is missing stays missing."""
    low, high = (None if limit is None else float(limit) for limit in (limits.low, limits.high))
    return figure.clip(low, high) if low is not None or high is not None else figure


@num.register
def _table(tree: m.Table, at: At) -> pl.Expr:
    found = _of_facts(tree, tree.of, at) if isinstance(tree.of, m.Fact) else _of_field(tree, tree.of, at)
    of_grade = isinstance(tree.of, m.Lookup) and tree.of.what == "grade"
    return found if tree.otherwise is None or of_grade else found.fill_null(float(tree.otherwise))


def _of_facts(tree: m.Table, fact: m.Fact, at: At) -> pl.Expr:
    return at.sheet.figure(table_key(tree, fact, at))


def table_key(tree: m.Table, fact: m.Fact, at: At) -> FactKey:
    key = at.sheet.fact_key(fact, (at.code,), tree.pick)
    return replace(key, values=tuple((level, float(value)) for level, value in tree.values))


def _of_field(tree: m.Table, lookup: m.Lookup, at: At) -> pl.Expr:
    if lookup.what == "grade":
        return _of_grade(tree, at)
    column = field_of(lookup, at)
    words, worth = [word for word, _ in tree.values], [float(value) for _, value in tree.values]
    return column.cast(pl.String).replace_strict(words, worth, default=None, return_dtype=pl.Float64)


def field_of(lookup: m.Lookup, at: At) -> pl.Expr:
    """The field, of the directory or of the posting on the cycle's last day."""
    of_posting = ("post_type", "unit", "branch")
    if lookup.what == "profile" or (at.sheet.who == UNIT and lookup.name not in of_posting):
        return at.sheet.directory(lookup.name, lookup.at)
    if lookup.name not in of_posting:
        raise PolicyError("no_field", lookup.at, word=lookup.name, valid=of_posting)
    name = f"{lookup.name} code" if lookup.name in ("unit", "branch") else lookup.name
    return at.sheet.posting(at.code, name, lookup.at)


def _of_grade(tree: m.Table, at: At) -> pl.Expr:
    scale = at.sheet.scale(at.code)
    known = {scale.index(word): float(value) for word, value in tree.values if word in scale}
    grade = at.sheet.result(at.code, "grade")
    found = grade.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Float64)
    if not known:
        found = pl.lit(None, pl.Float64)
    if tree.otherwise is None:
        return found
    return pl.when(grade.is_not_null()).then(found.fill_null(float(tree.otherwise)))


@num.register
def _decided(tree: m.Decided, at: At) -> pl.Expr:
    return at.sheet.decided_figure(tree.decision, "count")
