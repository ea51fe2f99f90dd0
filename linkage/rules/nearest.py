"""The smallest change that would turn a rule's answer for one subject, tried on the very conditions that decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from . import model as m
from .build import known_facts, with_steps
from .changes import Change, Option, Subject
from .margins import population
from .plan import RulePlan
from .run import RunResult
from .say_numbers import EN, ZH
from .sheet import At
from .tell import Tell
from .ways import KEPT, Ways, cells_of, least, size

TRIED: Final = 4  # answers put once more to the whole sheet
ROUNDS: Final = 3  # how often what turns one part and undoes another is mended
WIDE: Final = 64  # ways tried in one select


@dataclass(frozen=True)
class Nearest:
    """The smallest change: whether the rule would then decide, the changes, and the sentence."""

    fires: bool
    changes: Option
    zh: str
    en: str


def nearest(result: RunResult, rule_id: str, subject: object, who: str | None = None) -> Nearest | None:
    """What would have to be otherwise for the rule to decide, or not to; None where nothing that is looked at would.

    `subject` is, as with `why`, on whom the decision falls. Of a decision that a gate holds up it is what would lift
    the gate; what others would have to change is never said.
    """
    plan = result.plan.rules[rule_id]
    reached = (who or plan.rule.reached) == plan.rule.reached
    found = result.fired[rule_id].filter(pl.col("subject" if reached else "origin") == subject)
    if plan.rule.to and reached and found.is_empty():
        return None  # it is not the figures that keep the decision from him, but his post
    if found.height and reached and found["gate"][0] is not None:
        way = Search(result, *_gate(result, plan, subject, found["gate"][0])).smallest()
        return said(way, decides=True) if way else None
    fires = found.height > 0 and not found["waits"][0]
    at, key = result.plan.at(plan.rule), found["origin"][0] if found.height else subject
    whole = (plan.fires & population(result, rule_id)).fill_null(False)
    way = Search(result, Goal(plan.rule.when, not fires, plan.rule.population), at, key, whole).smallest()
    return said(way, decides=not fires, of_unit=bool(plan.rule.to) and reached) if way else None


@dataclass(frozen=True)
class Goal:
    """What is to be answered otherwise; a gate may also be lifted by its exception."""

    tree: m.Condition
    want: bool
    population: str = "everyone"
    unless: m.Condition | None = None

    def options(self, ways: Ways, at: At) -> list[Option]:
        found = ways.options(self.tree, at, self.want)
        if self.unless:
            found = found + ways.options(self.unless, at, want=True)
        return [ways.with_population(option, self.population, at) for option in found] if self.want else found


def _gate(result: RunResult, plan: RulePlan, subject: object, number: int) -> tuple[Goal, At, object, pl.Expr]:
    gate, at = plan.rule.gates[number], At(result.plan.sheet(plan.rule.reached), result.plan.code)
    return Goal(gate.part, want=False, unless=gate.unless), at, subject, plan.gates[number]


class Search:
    """The ways to a goal for one row of a sheet, each tried on the very expression that decided."""

    def __init__(self, result: RunResult, goal: Goal, at: At, key: object, whole: pl.Expr) -> None:
        self.goal, self.at, self.key, self.whole, self.sheet = goal, at, key, whole, at.sheet
        policy, kind = result.plan.policy, result.plan.ground.calendar[at.code].kind
        self.tells = Tell(policy, ZH, kind), Tell(policy, EN, kind)
        mine, self.frame = pl.col("subject") == key, result.frames[at.sheet.who]
        row = self.frame.filter(mine)
        self.row = row if row.height else row.clear(1).with_columns(subject=pl.lit(key, row.schema["subject"]))
        self.others = self.frame.filter(~mine)
        self.known = known_facts(at.sheet, result.world)

    def smallest(self) -> Option | None:
        """Ways that do not do alone, because what turns one part undoes another, are followed further."""
        good: list[Option] = []
        base: list[Option] = [()]
        for _ in range(ROUNDS):
            ways = least((way for known in base for way in self._further(known)), WIDE)
            turned = self._answers(ways) if ways else []
            good += [way for way, answer in zip(ways, turned, strict=True) if answer == self.goal.want]
            most = min(map(len, good), default=WIDE)
            failed = [way for way, answer in zip(ways, turned, strict=True) if answer != self.goal.want]
            base = [way for way in failed if len(way) < most][:KEPT]
        return next((way for way in sorted(good, key=size)[:TRIED] if self._holds(way)), None)

    def _further(self, known: Option) -> Iterator[Option]:
        row = patched(self.row, [cells_of(known)])
        ways = Ways(Subject(row, self.others, self.tells))
        taken = set(cells_of(known))
        for option in self.goal.options(ways, self.at):
            new = tuple(change for change in option if not known_already(change, known))
            if new and not taken & {column for change in new for column in change.columns if "status" not in column}:
                yield (*known, *new)

    def _answers(self, ways: Sequence[Option]) -> list[bool]:
        rows = patched(self.row, [cells_of(way) for way in ways])
        return rows.select(answer=self.whole)["answer"].fill_null(False).to_list()

    def _holds(self, way: Option) -> bool:
        """Where a place or a middle hangs on the change: once more, with all of them made anew."""
        steps, cells = self.sheet.steps, cells_of(way)
        roots = [step.expr.meta.root_names() for step in steps.values() if step.expr is not None]
        if not {name for names in roots for name in names} & set(cells):
            return True
        figures = {column: value for column, value in cells.items() if column not in steps}
        made = [name for name, step in steps.items() if not self.sheet.is_late(step)]
        whole = pl.concat([self.others, patched(self.row, [figures])]).drop(made)
        anew = with_steps(whole, self.sheet, self.known).filter(pl.col("subject") == self.key)
        return bool(anew.select(answer=self.whole)["answer"].fill_null(False)[0]) == self.goal.want


def known_already(change: Change, known: Option) -> bool:
    """A change that is among those known."""
    return any(change.cells == one.cells for one in known)


def said(way: Option, *, decides: bool, of_unit: bool = False) -> Nearest:
    zh, en = "，且".join(clauses(way, ZH)), ", and ".join(clauses(way, EN))
    lead = ("如所在单位", "If of the unit ") if of_unit else ("如", "If ")
    end = ("，即认定", ", it would be decided") if decides else ("，则不认定", ", it would not be decided")
    return Nearest(decides, way, f"{lead[ZH]}{zh}{end[ZH]}", f"{lead[EN]}{en}{end[EN]}")


def patched(row: pl.DataFrame, ways: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """The row once for each way, with the way's cells."""
    rows = pl.concat([row] * len(ways))
    columns = {column for cells in ways for column in cells if column in row.columns}
    now = {column: row[column][0] for column in columns}
    made = [
        pl.Series(column, [cells.get(column, now[column]) for cells in ways], dtype=row.schema[column], strict=False)
        for column in sorted(columns)
    ]
    return rows.with_columns(made)


# words


def clauses(way: Option, lang: int) -> Iterator[str]:
    """A clause for each change; those that would be one more of the same count together."""
    counted: dict[tuple[str, str, str], list[Change]] = {}
    for change in way:
        if change.of:
            counted.setdefault(change.of, []).append(change)
    for of, alike in counted.items():
        yield _counted(of, alike, lang)
    for change in way:
        if not change.of:
            yield change.said(lang)


def _counted(of: tuple[str, str, str], alike: Sequence[Change], lang: int) -> str:
    noun, zh, en = of
    if lang == ZH:
        items = "、".join(f"{change.when[ZH]}现{change.now[ZH]}" for change in alike)
        return f"再有{len(alike)}个{noun}{zh}（{items}）"
    items = ", ".join(f"{change.when[EN].removeprefix('in ')}{change.now[EN]}" for change in alike)
    many = f"{len(alike)} more cycle{'s' if len(alike) > 1 else ''}"
    return f"in {many} {en} (now {items})"
