"""Planning a run: every tree compiled for one cycle and day, with what must be loaded, before any data is read."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from . import conditions, made, numbers, periods  # each registers how it compiles its nodes
from . import model as m
from .branches import Branch, Values, branches_of
from .find import find
from .focus_columns import failing, tie
from .needs import Needs, needs_of
from .numbers import compare, sort_key
from .sheet import At, Budget, Sheet, ask, num, waits
from .strata import looks_at_run, refuse_hidden_run_decisions, refuse_third_stratum
from .world import OFFICER, UNIT, Ground

REGISTERED = (conditions, made, numbers, periods)


@dataclass(frozen=True)
class BandPlan:
    """The expressions of one band: `number` is put to the unit of the group, the others to those who compete."""

    band: m.Band
    group: pl.Expr
    number: pl.Expr | None
    taken: pl.Expr | None
    when: pl.Expr | None


@dataclass(frozen=True)
class SeatPlan:
    bands: tuple[BandPlan, ...]  # the inner ones first, the seats themselves last
    keys: tuple[pl.Expr, ...]
    descending: tuple[bool, ...]
    floors: tuple[pl.Expr, ...]


@dataclass(frozen=True)
class RulePlan:
    """The expressions of one rule; gates are put to the sheet of whom the decision falls on."""

    rule: m.Rule
    fires: pl.Expr
    may: pl.Expr | None  # would fire if every period that waits went against the subject
    gates: tuple[pl.Expr, ...]
    outcome: pl.Expr
    dose: pl.Expr
    focus: pl.Expr
    seats: SeatPlan | None


@dataclass(frozen=True)
class QuotaPlan:
    quota: m.Quota
    hit: pl.Expr
    group: pl.Expr
    lifted: tuple[pl.Expr, ...]


@dataclass
class Plan:
    """One policy put to one cycle as known on one day."""

    policy: m.Policy
    ground: Ground
    code: str
    as_of: dt.date
    branch: Branch | None = None  # only the rules that a branch's own values change
    local: Mapping[Any, Values] = field(default_factory=dict)  # the values of units, by key
    branches: tuple["Plan", ...] = field(init=False, default=())
    officers: Sheet = field(init=False)
    units: Sheet = field(init=False)
    rules: dict[str, RulePlan] = field(init=False)
    quotas: dict[str, QuotaPlan] = field(init=False)
    needs: Needs = field(init=False)

    def __post_init__(self) -> None:
        budget = Budget()
        self.units = Sheet(UNIT, self.policy, self.ground, self.code, self.as_of, budget)
        self.units.everyone = True  # they are few, and officers ask about units that have no result
        self.officers = Sheet(OFFICER, self.policy, self.ground, self.code, self.as_of, budget, self.units)
        cycle = self.ground.calendar[self.code]
        asked = [rule for rule in self.policy.rules.values() if self._wakes(rule)]
        refuse_third_stratum(asked)
        self.rules = {rule.id: self._rule(rule, budget) for rule in asked}
        self.quotas = {
            quota.id: self._quota(quota, budget)
            for quota in self.policy.quotas.values()
            if quota.cycle == cycle.kind and quota.valid.holds(cycle.ends_on) and self._changes(quota)
        }
        self.officers.closed = self.units.closed = True
        found = branches_of(self.policy, self.local)
        self.branches = tuple(Plan(one.policy, self.ground, self.code, self.as_of, one) for one in found)
        self.needs = needs_of(self)

    @property
    def branch_units(self) -> frozenset[Any]:
        return self.branch.units if self.branch else frozenset()

    def _wakes(self, rule: m.Rule) -> bool:
        cycle = self.ground.calendar[self.code]
        return rule.cycle in (cycle.kind, "any") and rule.valid.holds(cycle.ends_on) and self._changes(rule)

    def _changes(self, of: m.Rule | m.Quota) -> bool:
        """Whether a branch's own values change it; where no branch is meant, everything is asked."""
        if self.branch is None:
            return True
        return of.id in (self.branch.rules if isinstance(of, m.Rule) else self.branch.quotas)

    def sheet(self, who: str) -> Sheet:
        return self.units if who == UNIT else self.officers

    def at(self, rule: m.Rule) -> At:
        return At(self.sheet(rule.subject), self.code)

    def first_stratum(self) -> Iterable[RulePlan]:
        return (plan for plan in self.rules.values() if not looks_at_run(plan.rule))

    def second_stratum(self) -> Iterable[RulePlan]:
        return (plan for plan in self.rules.values() if looks_at_run(plan.rule))

    def throughout(self, rule: m.Rule) -> dt.date:
        """The first day of the oldest cycle in the rule's spans."""
        calendar = self.ground.calendar
        codes = [code for tree in find(rule.when, m.Periods) for code in calendar.known_span(tree.span, self.code)]
        return min(calendar[code].starts_on for code in [self.code, *codes])

    def reach_since(self, rule: m.Rule) -> dt.date:
        """From which day on one posting must hold for the decision to fall on its officer."""
        if m.present(rule.to)[1] == "throughout":
            return self.throughout(rule)
        return self.ground.calendar[self.code].ends_on

    # one rule

    def _rule(self, rule: m.Rule, budget: Budget) -> RulePlan:
        budget.at = rule.at
        refuse_hidden_run_decisions(rule)
        at, reached = self.at(rule), At(self.sheet(rule.reached), self.code)
        tie(rule, at)
        at.sheet.everyone |= rule.population == "everyone"
        reached.sheet.everyone |= reached.sheet is not at.sheet and bool(rule.gates)
        return RulePlan(
            rule,
            ask(rule.when, at),
            ask(rule.when, at.turned()) if waits(rule.when) else None,
            tuple(self._gate(gate, reached) for gate in rule.gates),
            self._outcome(rule, at),
            self._dose(rule, at),
            self._focus(rule, at),
            self._seats(rule.seats, at) if rule.seats else None,
        )

    def _gate(self, gate: m.Gate, at: At) -> pl.Expr:
        here = ask(gate.part, at)
        return (here & ~ask(gate.unless, at) if gate.unless else here).fill_null(False)

    def _outcome(self, rule: m.Rule, at: At) -> pl.Expr:
        if not rule.ladder:
            return pl.lit(rule.outcome)
        n, outcome = periods.figured(rule.ladder.by, at), pl.lit(None, pl.String)
        for reached, word in rule.ladder.rungs:
            outcome = pl.when(compare("at least", n, pl.lit(reached))).then(pl.lit(word)).otherwise(outcome)
        return outcome

    def _dose(self, rule: m.Rule, at: At) -> pl.Expr:
        dose = rule.dose
        if not dose:
            return pl.lit("")
        by = periods.figured(dose.by, at).cast(pl.Float64)
        n = float(dose.first) + float(dose.step) * pl.max_horizontal(by - 1, 0.0)
        n = pl.min_horizontal(n, float(dose.cap)) if dose.cap is not None else n
        whole = all(part is None or part.denominator == 1 for part in (dose.first, dose.step, dose.cap))
        return pl.format("{} {}", n.cast(pl.Int64) if whole else n, pl.lit(dose.unit))

    def _focus(self, rule: m.Rule, at: At) -> pl.Expr:
        if rule.focus == "weakest":
            for name in at.sheet.ground.indicators:
                at.sheet.result(self.code, name)
            for column in ("post_type", "branch"):
                at.sheet.posting(self.code, column)
        if rule.focus == "failing":
            return failing(rule.when, at)
        return pl.lit("" if rule.focus in (None, "weakest") else rule.focus)

    def _seats(self, seats: m.Seats, at: At) -> SeatPlan:
        keys = [sort_key(key.number, at) for key in seats.order]
        return SeatPlan(
            tuple(self._band(band, at) for band in (*seats.bands, seats.band)),
            (*keys, at.sheet.public_id()),  # nothing is drawn by lot, whatever the order says
            (*(key.way == "highest" for key in seats.order), False),
            tuple(ask(floor.when, at).fill_null(False) for floor in seats.floors),
        )

    def _band(self, band: m.Band, at: At) -> BandPlan:
        at.sheet.everyone |= band.taken is not None
        units = At(self.units, self.code)
        if band.number is not None:
            self.units.directory("branch")
        return BandPlan(
            band,
            self._group(band.per, at),
            num(band.number, units) if band.number is not None else None,
            ask(band.taken, at).fill_null(False) if band.taken else None,
            ask(band.when, at).fill_null(False) if band.when else None,
        )

    def _group(self, per: str, at: At) -> pl.Expr:
        return pl.lit("all") if per == "bureau" else at.sheet.posting(self.code, per)

    def _quota(self, quota: m.Quota, budget: Budget) -> QuotaPlan:
        budget.at = quota.at
        refuse_hidden_run_decisions(quota)
        at, units = At(self.officers, self.code), At(self.units, self.code)
        self.units.public_id()
        lifted = tuple(ask(floor.when, units).fill_null(False) for floor in quota.lifted)
        return QuotaPlan(quota, ask(quota.test, at).fill_null(False), self._group(quota.per, at), lifted)


def make_plan(
    policy: m.Policy, ground: Ground, code: str, as_of: dt.date, local: Mapping[Any, Values] | None = None
) -> Plan:
    """What a run will ask and what must be loaded for it; PolicyError where the policy cannot be put to this bureau.

    `local`: the key of a unit -> its own values of local parameters, which hold for it and all below it.
    """
    if code not in ground.calendar:
        raise KeyError(f"no cycle {code}")
    return Plan(policy, ground, code, as_of, local=local or {})
