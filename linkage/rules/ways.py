"""The smallest sets of changes that may turn each node of a tree, from the leaves up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import product
from typing import Any, Final

import polars as pl

from . import model as m
from .changes import Option, Subject, changes, figure, one_each
from .numbers import operand
from .periods import Period, looked_at
from .say_numbers import ZH
from .sheet import At, cond, num

KEPT: Final = 16  # ways followed up at each node; the smallest are kept
SPANS: Final = 40  # cycles of which a sequence is put together


def size(way: Option) -> tuple[int, float]:
    return len(way), round(sum(change.effort for change in way), 6)


def cells_of(way: Option) -> dict[str, Any]:
    return {column: value for change in way for column, value in change.cells}


class Ways:
    """The smallest sets of changes that may turn each node, from the leaves up."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    def options(self, tree: m.Condition, at: At, want: bool) -> list[Option]:
        """The smallest first; one empty way where it is so already."""
        if self.subject.value(cond(tree, at)) is want:
            return [()]
        return least(self._options(tree, at, want))

    def _options(self, tree: m.Condition, at: At, want: bool) -> Iterable[Option]:
        if isinstance(tree, m.All | m.AnyOf):
            found = [self.options(part, at, want) for part in tree.parts]
            return together(found) if isinstance(tree, m.All) == want else either(found)
        if isinstance(tree, m.Not | m.Met):
            return self.options(tree.part, at, want != isinstance(tree, m.Not))
        if isinstance(tree, m.Periods):
            return self._periods(tree, at, want)
        if isinstance(tree, m.Sequence):
            return self._sequence(tree, at, want)
        if isinstance(tree, m.Compare):
            return self._compare(tree, at, want)
        return [(change,) for change in changes(tree, at, want, self.subject)]

    def with_population(self, option: Option, population: str, at: At) -> Option:
        """Whom the rule does not look at must first have a result."""
        column = f"status@{at.code}"
        if column in cells_of(option) or population == "everyone":
            return option
        status = self.subject.value(pl.col(column))
        if status == "graded" or (population == "listed" and status is not None):
            return option
        return (*changes(m.Status(("graded",)), at, True, self.subject), *option)

    # periods

    def _periods(self, tree: m.Periods, at: At, want: bool) -> Iterable[Option]:
        """Every miss made a hit, or one of them; every hit a miss, or one."""
        if tree.same or tree.how == "from":
            return []
        to_hits = (tree.how != "none") == want
        able = [period for period in looked_at(tree, tree.test, at) if self._is(period, hit=not to_hits)]
        ways = self._turns(tree, able, to_hits)
        return together(ways) if (tree.how == "some") != want else either(ways)

    def _is(self, period: Period, *, hit: bool) -> bool:
        return bool(self.subject.value(period.looked & (period.hit if hit else ~period.hit)))

    def _turns(self, tree: m.Periods, periods: Iterable[Period], want: bool) -> list[list[Option]]:
        """For each period the ways to make it a hit, or none; a period before the calendar begins has no way."""
        found = [[] if period.at is None else self._turn(tree, period.at, want) for period in periods]
        if not want or tree.test is None:
            return [[way for way in ways if way] for ways in found]
        of = (self.subject.tells[ZH].say.noun(tree.span.kind), *self.subject.say(tree.asked))
        return [[_of(way, of) for way in ways if way] for ways in found]

    def _turn(self, tree: m.Periods, at: At, want: bool) -> list[Option]:
        if tree.how != "worth":
            return self.options(tree.asked, at, want)
        if want:
            best = max(tree.worth, key=lambda worth: worth.value)
            return self.options(best.this, at, want=True)
        return together([self.options(worth.this, at, want=False) for worth in tree.worth])

    def _compare(self, tree: m.Compare, at: At, want: bool) -> Iterable[Option]:
        number = tree.number
        if isinstance(number, m.Indicator) and number.how != "one":
            found = [self.options(one, at, want) for one in one_each(tree, at)]
            return together(found) if (number.how == "each") == want else either(found)
        if isinstance(number, m.Periods) and number.number is not None:
            return self._figures(tree, number, at, want)
        if isinstance(number, m.Periods):
            return self._counted(tree, number, at, want)
        return [(change,) for change in changes(tree, at, want, self.subject)]

    def _counted(self, tree: m.Compare, number: m.Periods, at: At, want: bool) -> Iterator[Option]:
        """One period more or less, two, three, from the newest back and from the oldest on."""
        up = (tree.op in ("at least", "above")) == want
        for more in {up, up if tree.op != "is" else not up}:
            periods = [period for period in looked_at(number, number.test, at) if period.at is not None]
            able = [p for p in periods if number.how == "worth" or self._is(p, hit=not more)]
            ways = [found for found in self._turns(number, able, more) if found]
            for order in (ways, ways[::-1]):
                for many in range(1, len(order) + 1):
                    yield from together(order[:many])[:2]

    def _figures(self, tree: m.Compare, number: m.Periods, at: At, want: bool) -> Iterator[Option]:
        """A sum or mean is moved by its newest figure; a lowest or highest by those beyond the threshold."""
        threshold, inner = self.subject.value(operand(number, tree.operand, at)), m.present(number.number)
        now = self.subject.value(num(number, at))
        if threshold is None or not isinstance(inner, m.Score | m.Indicator) or number.how == "balance":
            return
        places = [p.at for p in looked_at(number, None, at) if p.at is not None]
        held = [(place, v) for place in places if (v := self.subject.value(num(inner, place))) is not None]
        up = (tree.op in ("at least", "above")) == want
        edge = float(threshold) + (0.0 if (tree.op in ("at least", "at most")) == want else 0.1 if up else -0.1)
        if number.how in ("sum", "mean") and held and now is not None:
            by = (edge - now) * (len(held) if number.how == "mean" else 1)
            place, value = held[0]
            yield (figure(inner, place, value, round(value + by, 4), self.subject),)
            return
        beyond = [(place, v) for place, v in held if (v < edge if up else v > edge)]
        every = [figure(inner, place, v, edge, self.subject) for place, v in beyond]
        yield from ([tuple(every)] if every else [])
        for change in every[:2] or ([figure(inner, places[0], None, edge, self.subject)] if places else []):
            yield (change,)

    def _sequence(self, tree: m.Sequence, at: At, want: bool) -> Iterable[Option]:
        """Each placing of the earlier steps in the cycles of the window; undone by its last step."""
        *earlier, last = tree.steps
        if not want:
            return self.options(last, at, want=False)
        codes = at.sheet.ground.calendar.known_span(m.Span(within=tree.within), at.code)[:SPANS]
        found: list[Option] = []
        for step in earlier:
            ways = [way for code in codes for way in self.options(step, at.to(code), want=True)]
            found = least(together([found, ways])) if found else least(ways, KEPT * 2)
        return together([found or [()], self.options(last, at, want=True)])


def _of(way: Option, of: tuple[str, str, str]) -> Option:
    """One more of a count, where a single change makes it one."""
    return (replace(way[0], of=of),) if len(way) == 1 else way


def either(found: Iterable[Iterable[Option]]) -> list[Option]:
    return [way for ways in found for way in ways]


def together(found: Sequence[Sequence[Option]]) -> list[Option]:
    """Every part in one of its ways; where two ways differ over one cell, either may have its say."""
    return reduce(lambda out, ways: least(_joined(out, ways)), found, [()])


def _joined(one: Iterable[Option], other: Iterable[Option]) -> Iterator[Option]:
    for a, b in product(list(one), list(other)):
        ours, theirs = cells_of(a), cells_of(b)
        apart = {column for column in ours.keys() & theirs.keys() if ours[column] != theirs[column]}
        if not apart:
            yield _merged(a, b)
            continue
        yield _merged(a, tuple(c for c in b if not apart & set(c.columns)))
        yield _merged(tuple(c for c in a if not apart & set(c.columns)), b)


def _merged(a: Option, b: Option) -> Option:
    known = {frozenset(change.cells) for change in a}
    return (*a, *(change for change in b if frozenset(change.cells) not in known))


def least(ways: Iterable[Option], most: int = KEPT) -> list[Option]:
    return sorted(dict.fromkeys(ways), key=size)[:most]
