"""Compiling the quantifier over cycles: hits, gaps, and what is made of them."""

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

import polars as pl

from . import model as m
from .calendar import anniversary, full_years, shift
from .find import find
from .made import kept
from .sheet import NO, YES, At, ask, cond, num
from .world import UNIT

HELD_BACK = 3  # how far `previous` reaches


@dataclass(frozen=True)
class Period:
    """One cycle: its place (None before the calendar begins), whether it is a hit, whether it is looked at."""

    at: At | None
    hit: pl.Expr
    looked: pl.Expr


def hit(tree: m.Periods, test: m.Condition, at: At | None, depth: int = HELD_BACK) -> pl.Expr:
    """Whether this period counts, never null: a gap is not a hit unless `gaps` says otherwise."""
    if at is None:
        return NO
    answer = plain = asked(test, at)
    for kind in tree.gaps:
        if kind.way in ("skip", "as is"):
            continue
        here = gap(kind, at, plain)
        if kind.way == "previous":
            taken = hit(tree, test, at.back(1), depth - 1) if depth else NO
        else:
            taken = {"pass": YES, "wait": pl.lit(at.wait), "break": NO}[kind.way]
        answer = pl.when(here).then(taken).otherwise(answer)
    return (answer & after(tree, at)).fill_null(False)


def asked(tree: m.Condition, at: At) -> pl.Expr:
    """A condition that looks at cycles itself has a column of its own: put in place each time it would grow huge."""
    if not _looks_at_cycles(tree):
        return ask(tree, at)
    return at.sheet.make_once(("asked", *at.answers(tree)), lambda: ask(tree, at))


def figured(tree: m.Number, at: At) -> pl.Expr:
    if not _looks_at_cycles(tree):
        return num(tree, at)
    return at.sheet.make_once(("figure", *at.answers(tree)), lambda: num(tree, at))


def _looks_at_cycles(tree: object) -> bool:
    return any(True for kind in (m.Periods, m.Sequence) for _ in find(tree, kind))


def after(tree: m.Periods, at: At) -> pl.Expr:
    """Whether the cycle ends after the latest fact or decision that resets the count."""
    if tree.after is None:
        return YES
    if isinstance(tree.after, m.Decision):
        latest = at.sheet.decided_figure(tree.after, "last")
    else:
        latest = at.sheet.fact(tree.after, (at.code,), "last")
    return latest.is_null() | (latest < pl.lit(at.sheet.ground.calendar[at.code].ends_on))


def gap(kind: m.Gap, at: At, answer: pl.Expr) -> pl.Expr:
    """Whether the cycle is a gap of this kind, never null."""
    status = at.sheet.result(at.code, "status")
    if kind.kind == "unmeasured":
        return (status == "graded").fill_null(False) & answer.is_null()
    if kind.kind == "absent":
        return status.is_null()
    if kind.kind in ("ungraded", "pending"):
        return (status == kind.kind).fill_null(False)
    found = _recorded_late(kind, at) if kind.kind == "back-filled" else _part_year(kind, at)
    return (at.sheet.graded(at.code) & found).fill_null(False)


def _recorded_late(kind: m.Gap, at: At) -> pl.Expr:
    ends_on = at.sheet.ground.calendar[at.code].ends_on
    return at.sheet.result(at.code, "recorded_on") > pl.lit(shift(ends_on, m.present(kind.late), 1))


def _part_year(kind: m.Gap, at: At) -> pl.Expr:
    """Fewer of the cycle's days in a posting, and not absent, than the share asks for."""
    if at.sheet.who == UNIT:
        return NO
    cycle, share = at.sheet.ground.calendar[at.code], m.present(kind.share)
    served = at.sheet.posting(at.code, "days").fill_null(0)
    if kind.without:
        absent = replace(kind.without, when="overlaps", arg="cycle", total="days", once_per=None)
        served = served - num(absent, at)
    days = (cycle.ends_on - cycle.starts_on).days + 1
    return served * share.denominator < days * share.numerator


def skipped(tree: m.Periods, test: m.Condition | None, at: At | None) -> pl.Expr | None:
    """Whether the period is a gap of a kind that is not looked at; None where no kind is."""
    kinds = [kind for kind in tree.gaps if kind.way == "skip"]
    if at is None or not kinds:
        return None
    answer = asked(test, at) if test is not None else YES
    if tree.number is not None:
        answer = pl.when(figured(tree.number, at).is_not_null()).then(YES)
    return reduce(or_, [gap(kind, at, answer) for kind in kinds])


def looked_at(tree: m.Periods, test: m.Condition | None, at: At) -> list[Period]:
    """The periods, newest first; with gaps to skip, `last: n` reaches n cycles further back for n that are no gaps."""
    codes = at.span(tree.span)
    reaches = tree.span.last is not None and any(kind.way == "skip" for kind in tree.gaps)
    if reaches:
        codes = codes + _further(at, codes)
    places = [None if code is None else at.to(code) for code in codes]
    out, seen = [], pl.lit(0, pl.Int32)
    for n, place in enumerate(places):
        gone = skipped(tree, test, place)
        looked = YES if gone is None else ~gone
        if tree.span.year_of and place:
            own = _in_personal_year(tree, place, at)
            looked = own if gone is None else looked & own
        if reaches:
            so_far = seen + looked.cast(pl.Int32)
            seen = at.sheet.keep(("seen", n, test is None, *at.answers(tree)), so_far)
            looked = looked & (seen <= tree.span.last)
        out.append(Period(place, hit(tree, test, place) if test is not None else NO, looked))
    return out


def _in_personal_year(tree: m.Periods, place: At, at: At) -> pl.Expr:
    """Whether the cycle ends in the personal year that holds the last day of the cycle judged, or one before it."""
    calendar, since = at.sheet.ground.calendar, at.sheet.day_of(str(tree.span.year_of), tree.at)
    first = full_years(since, calendar[at.code].ends_on) - tree.span.before
    day = pl.lit(calendar[place.code].ends_on)
    inside = (anniversary(since, first) <= day) & (day < anniversary(since, first + 1))
    return inside.fill_null(False)


def _further(at: At, codes: list[str | None]) -> list[str | None]:
    calendar, oldest = at.sheet.ground.calendar, codes[-1] if codes else None
    return [None if oldest is None else calendar.back(oldest, i + 1) for i in range(len(codes))]


def _hits(periods: list[Period]) -> list[pl.Expr]:
    return [period.looked & period.hit for period in periods]


def _total(parts: list[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal([part.cast(pl.Int64) for part in parts]) if parts else pl.lit(0, pl.Int64)


@cond.register
def _test(tree: m.Periods, at: At) -> pl.Expr:
    if tree.same:
        return _same(tree, at)
    if tree.how == "from":
        return _state(tree, at)
    if tree.how == "none":
        return ~pl.any_horizontal([NO, *_hits(looked_at(tree, tree.test, at.turned()))])
    periods = looked_at(tree, tree.test, at)
    if tree.how == "some":
        return pl.any_horizontal([NO, *_hits(periods)])
    return _each(tree, periods)


def _each(tree: m.Periods, periods: list[Period]) -> pl.Expr:
    if not periods:
        return NO
    if all(period.looked is YES for period in periods):
        return pl.all_horizontal([period.hit for period in periods])
    if tree.span.last is not None:
        return _total(_hits(periods)) == tree.span.last
    missed = [period.looked & ~period.hit for period in periods]
    return ~pl.any_horizontal(missed) & pl.any_horizontal([period.looked for period in periods])


def _same(tree: m.Periods, at: At) -> pl.Expr:
    """Each of the cycles holds a fact with the same level (or note): asked of the facts themselves, item by item."""
    fact = next(find(tree.test, m.Fact))
    codes = at.span(tree.span)
    if not codes or None in codes:
        return NO
    known = tuple(code for code in codes if code is not None)
    return at.sheet.fact(fact, known, f"same {tree.same}").fill_null(0) > 0


def _state(tree: m.Periods, at: At) -> pl.Expr:
    """A state that one condition begins and another ends, cycle by cycle from the oldest."""
    turned, on = at.turned(), NO
    for period in reversed(looked_at(tree, tree.test, at)):
        if period.at is None:
            continue
        if tree.until is not None:
            over = period.looked & hit(tree, tree.until, turned.to(period.at.code))
            on = pl.when(over).then(NO).otherwise(on)
        on = pl.when(period.looked & period.hit).then(YES).otherwise(on)
    return on


@num.register
def _number(tree: m.Periods, at: At) -> pl.Expr:
    if tree.how == "worth":
        return _worth(tree, at)
    if tree.number is not None:
        return _balance(tree, at) if tree.how == "balance" else _figure(tree, at)
    if tree.how == "share":
        hits, size = share_of(tree, at)
        return pl.when(size > 0).then(hits / size)
    periods = looked_at(tree, tree.test, at)
    return _run(periods) if tree.how == "run" else _total(_hits(periods))


def _run(periods: list[Period]) -> pl.Expr:
    """How many hits there are before the first period that breaks the run."""
    hits, all_looked_at = _hits(periods), all(period.looked is YES for period in periods)
    length = _total(hits)
    for i in reversed(range(len(periods))):
        broken = periods[i].looked & ~periods[i].hit
        so_far = pl.lit(i, pl.Int64) if all_looked_at else _total(hits[:i])
        length = pl.when(broken).then(so_far).otherwise(length)
    return length


def share_of(tree: m.Periods, at: At) -> tuple[pl.Expr, pl.Expr]:
    """Hits, and the cycles graded or passed by `gaps`."""
    periods = [period for period in looked_at(tree, tree.test, at) if period.at is not None]
    counted = [period.looked & (period.at.sheet.graded(period.at.code) | period.hit) for period in periods if period.at]
    return _total(_hits(periods)), _total(counted)


def _worth(tree: m.Periods, at: At) -> pl.Expr:
    parts = []
    for period in looked_at(tree, None, at):
        if period.at is None:
            continue
        value = pl.lit(0.0)
        for worth in reversed(tree.worth):
            value = pl.when(hit(tree, worth.this, period.at)).then(pl.lit(float(worth.value))).otherwise(value)
        parts.append(pl.when(period.looked).then(value).otherwise(pl.lit(0.0)))
    return pl.sum_horizontal(parts) if parts else pl.lit(0.0)


def _figures(tree: m.Periods, at: At) -> list[pl.Expr]:
    """The figure of each cycle that counts, newest first; each is spent from the budget like a condition."""
    number = tree.summed
    out: list[pl.Expr] = []
    broken = [kind for kind in tree.gaps if kind.way == "break"]
    for period in looked_at(tree, None, at):
        if period.at is None:
            continue
        at.sheet.spend()
        figure = figured(number, period.at).cast(pl.Float64)
        counts = period.looked & after(tree, period.at)
        for kind in broken:
            counts = counts & ~gap(kind, period.at, figure)
        out.append(pl.when(counts).then(figure))
    return out


def _figure(tree: m.Periods, at: At) -> pl.Expr:
    """Over the cycles that have the figure; unknown where none has."""
    parts = _figures(tree, at)
    if not parts:
        return pl.lit(None, pl.Float64)
    if tree.how == "sum":
        return pl.when(pl.any_horizontal([part.is_not_null() for part in parts])).then(pl.sum_horizontal(parts))
    over = {"mean": pl.mean_horizontal, "min": pl.min_horizontal, "max": pl.max_horizontal}
    return over[tree.how](parts)


def _balance(tree: m.Periods, at: At) -> pl.Expr:
    """Carried from cycle to cycle, oldest first, and kept between the limits each time; unknown where none has it."""
    parts, total = _figures(tree, at), pl.lit(0.0)
    if not parts:
        return pl.lit(None, pl.Float64)
    for part in reversed(parts):
        total = kept(total + part.fill_null(0.0), tree)
    return pl.when(pl.any_horizontal([part.is_not_null() for part in parts])).then(total)
