"""A sheet has a row per subject and a column per thing the policy asks for; compiling a tree registers these.

Nothing is read here. The registered columns tell first what the database must load, and then how the sheet is built.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import reduce, singledispatch
from operator import and_
from typing import Any, Final

import polars as pl

from . import model as m
from .find import find
from .refusals import NOWHERE, Place, PolicyError
from .world import UNIT, Ground

ASKED: Final = 20_000  # conditions times cycles in one run
YES, NO, UNKNOWN = pl.lit(True), pl.lit(False), pl.lit(None, pl.Boolean)
RESULT: Final = ("status", "grade", "score", "recorded_on")


@dataclass
class Budget:
    """How much a policy may still ask in one run, and the rule that is asking."""

    left: int = ASKED
    at: Place = NOWHERE

    def spend(self, n: int = 1) -> None:
        self.left -= n
        if self.left < 0:
            raise PolicyError("budget", self.at, most=ASKED)


@dataclass(frozen=True)
class FactKey:
    """A figure of a subject's facts: the fact, the cycles it depends on, and what is made of the rows."""

    fact: m.Fact
    codes: tuple[str, ...]
    total: str  # as in the language, or last, or same level, same note
    values: tuple[tuple[str, float], ...] = ()  # of a table: what each level is worth
    focus: str = ""  # a column with the cause they must have
    until: str = ""  # a column with the day they must come before
    apart: m.Length | None = None  # by how much
    since: date | None = None  # the day they must come after


@dataclass(frozen=True)
class Step:
    """A column made from others of the sheet.

    `lift` copies a column from the row of the unit above; `fact` is a figure of facts that depends on other columns.
    """

    stage: int
    expr: pl.Expr | None = None
    lift: str = ""
    fact: FactKey | None = None


class NotPlanned(RuntimeError):
    """A column that the plan did not ask for, after the sheet was built."""


@dataclass
class Sheet:
    who: str
    policy: m.Policy
    ground: Ground
    code: str
    as_of: date
    budget: Budget
    units: "Sheet | None" = None  # the sheet of units, for officers
    closed: bool = False  # once planned, nothing new may be asked
    everyone: bool = False  # also those of the directory without any result
    results: dict[str, set[str]] = field(default_factory=dict)
    postings: dict[str, set[str]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    facts: dict[FactKey, str] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    above: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # column -> the officer's key column, the units' column
    past: dict[m.Decision, str] = field(default_factory=dict)
    past_figures: dict[tuple[m.Decision, str], str] = field(default_factory=dict)  # with its total: count or last
    focus: dict[str, str] = field(default_factory=dict)  # rule -> the column that holds its focus
    run_focus: dict[m.Decision, str] = field(default_factory=dict)  # what decisions of this run are about
    names: dict[Any, str] = field(default_factory=dict)  # what a made column answers -> its name
    costs: dict[Any, int] = field(default_factory=dict)  # what such a column took from the budget

    def __post_init__(self) -> None:
        self.result(self.code, "status")

    # what a tree asks for

    def result(self, code: str, column: str, at: Place | None = None) -> pl.Expr:
        if column not in RESULT and column not in self.ground.indicators:
            raise PolicyError("no_indicator", at or self.budget.at, word=column, valid=self.ground.indicators)
        self._open(column in self.results.get(code, ()))
        self.results.setdefault(code, {"status"}).add(column)
        return pl.col(f"{column}@{code}")

    def spend(self, n: int = 1) -> None:
        """So many conditions or figures more at one cycle, counted while the run is planned."""
        if not self.closed:
            self.budget.spend(n)

    def graded(self, code: str) -> pl.Expr:
        return (self.result(code, "status") == "graded").fill_null(False)

    def directory(self, name: str, at: Place | None = None) -> pl.Expr:
        known = self.ground.fields(self.who)
        if name not in known:
            raise PolicyError("no_field", at or self.budget.at, word=name, valid=known)
        self._open(name in self.fields)
        self.fields.add(name)
        return pl.col(name)

    def public_id(self) -> pl.Expr:
        return self.directory("code" if self.who == UNIT else "badge")

    def posting(self, code: str, column: str, at: Place | None = None) -> pl.Expr:
        """A column of the posting valid on the cycle's last day; a unit answers from the directory."""
        if self.who == UNIT:
            if column == "unit":
                return pl.col("subject")
            if column == "branch code":
                self._open(column in self.fields)
                self.fields |= {column, "branch"}
                return pl.col(column)
            return self.directory({"unit code": "code"}.get(column, column), at)
        self._open(column in self.postings.get(code, ()))
        self.postings.setdefault(code, set()).add(column)
        return pl.col(f"post.{column}@{code}")

    def fact_key(self, fact: m.Fact, codes: tuple[str, ...], total: str | None = None) -> FactKey:
        focus = self.focus[fact.rule] if fact.same == "focus" else ""
        return FactKey(fact, codes if depends_on_cycle(fact) else (), total or fact.total, focus=focus)

    def fact(self, fact: m.Fact, codes: tuple[str, ...], total: str | None = None) -> pl.Expr:
        return self.figure(self.fact_key(fact, codes, total))

    def figure(self, key: FactKey) -> pl.Expr:
        for inner in find(key.fact, m.Fact):
            if inner.when == "year of":
                self.day_of(str(inner.arg), inner.at)
        if key.focus or key.until:
            return self._figure_of_others(key)
        self._open(key in self.facts)
        return pl.col(self.facts.setdefault(key, f"fact:{len(self.facts)}"))

    def _figure_of_others(self, key: FactKey) -> pl.Expr:
        if key not in self.names:
            self._open(known=False)
            self.names[key] = name = f"made:{len(self.names)}"
            self.steps[name] = Step(self._stage([key.focus, key.until]), fact=key)
        return pl.col(self.names[key])

    def is_late(self, step: Step) -> bool:
        """Whether the step must wait for this run's decisions."""
        return step.fact is not None and step.fact.focus in self.run_focus.values()

    def day_of(self, name: str, at: Place) -> pl.Expr:
        column = self.directory(name, at)
        if self.ground.fields(self.who)[name] != pl.Date:
            raise PolicyError("not_date", at, word=name)
        return column

    def decided(self, decision: m.Decision) -> pl.Expr:
        self._open(decision in self.past)
        return pl.col(self.past.setdefault(decision, f"decision:{len(self.past)}"))

    def decided_figure(self, decision: m.Decision, total: str) -> pl.Expr:
        key = (decision, total)
        self._open(key in self.past_figures)
        return pl.col(self.past_figures.setdefault(key, f"decisions:{len(self.past_figures)}"))

    @property
    def key(self) -> pl.DataType:
        return self.ground.fields(self.who)["subject"]

    # made columns

    def make(self, answers: Any, expr: Callable[[], pl.Expr]) -> pl.Expr:
        """A column over the whole sheet, made once however often it is asked for."""
        if answers not in self.names:
            self._open(known=False)
            column = expr()
            self.names[answers] = name = f"made:{len(self.names)}"
            self.steps[name] = Step(self._stage(column.meta.root_names()), expr=column)
        return pl.col(self.names[answers])

    def keep(self, answers: Any, column: pl.Expr) -> pl.Expr:
        """The same of an expression that is at hand."""
        return self.make(answers, lambda: column)

    def make_once(self, answers: Any, expr: Callable[[], pl.Expr]) -> pl.Expr:
        """A made column whose conditions are spent from the budget each time it is asked for, as if put in place."""
        if self.closed and answers not in self.names:
            return expr()  # a planned sheet does not have the column
        if answers not in self.names:
            before = self.budget.left
            made = self.make(answers, expr)
            self.costs[answers] = before - self.budget.left
            return made
        if not self.closed:
            self.budget.spend(self.costs[answers])
        return self.make(answers, expr)

    def lift(self, answers: Any, expr: Callable[[], pl.Expr]) -> pl.Expr:
        """What is answered for the unit above, in this unit's row."""
        key = ("lift", answers)
        if key not in self.names:
            own = self.make(answers, expr).meta.output_name()
            self.directory("branch")
            self.names[key] = name = f"above:{len(self.names)}"
            self.steps[name] = Step(self._stage([own]), lift=own)
        return pl.col(self.names[key])

    def of_unit(self, code: str, what: str, answers: Any, expr: Callable[[], pl.Expr]) -> pl.Expr:
        """What is answered for the officer's unit (or its parent), in the officer's row."""
        column = m.present(self.units).make(answers, expr).meta.output_name()
        mine = self.posting(code, "unit" if what == "unit" else "branch").meta.output_name()
        key = (mine, column)
        if key not in self.names:
            self._open(known=False)
            self.names[key] = f"of unit:{len(self.names)}"
            self.above[self.names[key]] = key
        return pl.col(self.names[key])

    def _stage(self, roots: list[str]) -> int:
        return 1 + max((self.steps[name].stage for name in roots if name in self.steps), default=-1)

    def _open(self, known: bool) -> None:
        if self.closed and not known:
            raise NotPlanned("a planned sheet was asked for something new")

    # peers

    def peers(self, name: str | None, at: Place) -> m.Peers:
        groups = self.policy.peers
        if name is None:
            name = next((key for key, peers in groups.items() if peers.subject == self.who), None)
            if name is None:
                raise PolicyError("no_peers", at, who=self.who)
        if groups[name].subject != self.who:
            raise PolicyError("wrong_peers", at, word=name, who=self.who)
        return groups[name]

    def groups(self, peers: m.Peers, code: str) -> list[pl.Expr]:
        """What peers have in common in that cycle."""
        of_posting = ("post_type", "branch", "unit")
        return [
            self.posting(code, name, peers.at) if name in of_posting else self.directory(name, peers.at)
            for name in peers.same
        ]

    def over_peers(
        self, peers: m.Peers, code: str, value: pl.Expr, make: Callable[[pl.Expr, list[pl.Expr]], pl.Expr]
    ) -> pl.Expr:
        """`make(value, groups)` over the graded peers of that cycle; null for whoever has no group or is not graded."""
        groups = self.groups(peers, code)
        inside = reduce(and_, [group.is_not_null() for group in groups], self.graded(code))
        return pl.when(inside).then(make(pl.when(inside).then(value), groups))

    def scale(self, code: str) -> tuple[str, ...]:
        kind = UNIT if self.who == UNIT else self.ground.calendar[code].kind
        return self.policy.grades.get(kind, ())


@dataclass(frozen=True)
class At:
    """Where a tree is put: a sheet, a cycle, and how a period that waits is taken (False: against firing)."""

    sheet: Sheet
    code: str
    wait: bool = False

    def to(self, code: str) -> "At":
        return At(self.sheet, code, self.wait)

    def turned(self) -> "At":
        return At(self.sheet, self.code, not self.wait)

    def span(self, span: m.Span) -> list[str | None]:
        return self.sheet.ground.calendar.span(span, self.code)

    def back(self, n: int) -> "At | None":
        code = self.sheet.ground.calendar.back(self.code, n)
        return None if code is None else self.to(code)

    def answers(self, tree: object) -> tuple[object, str, bool]:
        """A key for what this tree says here; the side only matters where something waits."""
        return tree, self.code, self.wait and waits(tree)


def waits(tree: object) -> bool:
    return any(gap.way == "wait" for periods in find(tree, m.Periods) for gap in periods.gaps)


def depends_on_cycle(fact: m.Fact) -> bool:
    if any(depends_on_cycle(other) for other in (fact.arg, fact.exempt, *fact.like) if isinstance(other, m.Fact)):
        return True
    return fact.when in ("during", "overlaps") or (fact.when == "active" and fact.arg != "now")


@singledispatch
def cond(tree: object, at: At) -> pl.Expr:
    """A condition as a Boolean expression, null where unknown."""
    raise TypeError(f"{type(tree).__name__} is no condition")


@singledispatch
def num(tree: object, at: At) -> pl.Expr:
    """A number as an expression, null where there is none."""
    raise TypeError(f"{type(tree).__name__} is no number")


def ask(tree: m.Condition, at: At) -> pl.Expr:
    """The condition, counted against the budget while the run is planned."""
    at.sheet.spend()
    return cond(tree, at)
