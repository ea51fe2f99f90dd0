"""Running a plan: sheets built once, one select per sheet for all rules, those that fired finished rule by rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

import polars as pl

from .build import build, full_length, with_late_steps
from .focus import weakest
from .past import with_decisions, with_focus
from .plan import Plan, RulePlan
from .quotas import quota_frame
from .reach import reach
from .seats import seat
from .sheet import Sheet
from .world import OFFICER, UNIT, World

COLUMNS: Final = ("rule", "subject", "status", "outcome", "focus", "dose", "who")


@dataclass(frozen=True)
class RunResult:
    """What one run decided, and enough beside it to say why.

    decisions: rule, subject, status, outcome, focus, dose, who; sorted by rule and subject
    quotas: quota, group, code, hits, base, share, cap, over; one row per group
    fired: per rule also origin (the unit that led to an officer), gate (which applied), waits, group, seats, place,
    band (which of the nested ones had no room; the seats themselves are the last)
    """

    plan: Plan
    world: World
    frames: Mapping[str, pl.DataFrame]
    fired: Mapping[str, pl.DataFrame]
    decisions: pl.DataFrame
    quotas: pl.DataFrame
    parts: "tuple[RunResult, ...]" = ()  # where branches have their own values: each with what was decided by them
    belongs: Mapping[str, pl.DataFrame] = field(default_factory=dict)  # officer, unit -> subject, part

    @property
    def breaches(self) -> pl.DataFrame:
        return self.quotas.filter("over")


def run_whole(plan: Plan, world: World) -> RunResult:
    """All rules of a plan, over everybody."""
    units = build(plan.units, world)
    frames = {UNIT: units, OFFICER: build(plan.officers, world, units)}
    _mark(plan, frames, list(plan.first_stratum()))
    fired = {p.rule.id: _finish(plan, world, frames, p) for p in plan.first_stratum()}
    second = list(plan.second_stratum())
    if second:
        decided = _decided(plan, fired)
        frames |= {who: _with_run(plan.sheet(who), frame, decided, world) for who, frame in frames.items()}
        _mark(plan, frames, second)
        fired |= {p.rule.id: _finish(plan, world, frames, p) for p in second}
    return RunResult(plan, world, frames, fired, decisions_of(plan, world, fired), quota_frame(plan, frames))


def _mark(plan: Plan, frames: dict[str, pl.DataFrame], rules: Iterable[RulePlan]) -> None:
    """Answer all rules of a sheet in one select: a column per rule that says who may be decided."""
    for who, frame in list(frames.items()):
        mine = {f"fires:{p.rule.id}": _fires(plan, p) for p in rules if p.rule.subject == who}
        if mine:
            frames[who] = frame.with_columns(**mine)


def _fires(plan: Plan, p: RulePlan) -> pl.Expr:
    status = pl.col(f"status@{plan.code}")
    population = {"graded": status == "graded", "listed": status.is_not_null(), "everyone": pl.lit(True)}
    fires = p.fires if p.may is None else p.fires | p.may
    if p.rule.ladder:  # below its first rung nothing is decided
        fires = fires & p.outcome.is_not_null()
    return full_length((fires & population[p.rule.population]).fill_null(False))


def _finish(plan: Plan, world: World, frames: Mapping[str, pl.DataFrame], p: RulePlan) -> pl.DataFrame:
    """Whom the rule falls on, with status, outcome, focus and dose."""
    rule, frame = p.rule, frames[p.rule.subject]
    hits = frame.lazy().filter(pl.col(f"fires:{rule.id}")).select("subject", **_answers(p)).collect()
    hits = hits.with_columns(origin="subject")
    if rule.to:
        hits = reach(plan, world, rule, hits)
    out = _gated(hits, p, frames[rule.reached])
    out = seat(out, p, plan, frames) if p.seats else out.with_columns(group=None, seats=None, place=None, band=None)
    if rule.focus == "weakest":
        out = weakest(out, plan, frames[OFFICER])
    keep = (
        "subject",
        "origin",
        "status",
        "outcome",
        "focus",
        "dose",
        "gate",
        "waits",
        "group",
        "seats",
        "place",
        "band",
    )
    return out.select(keep).sort("subject")


def _answers(p: RulePlan) -> dict[str, pl.Expr]:
    waits = pl.lit(False) if p.may is None else ~p.fires.fill_null(False)
    out = {"outcome": p.outcome, "dose": p.dose, "focus": p.focus, "waits": waits}
    if p.seats:
        for i, band in enumerate(p.seats.bands):
            out |= {f"group{i}": band.group, f"in{i}": pl.lit(True) if band.when is None else band.when}
        out |= {f"key{i}": key for i, key in enumerate(p.seats.keys)}
        out |= {f"floor{i}": floor for i, floor in enumerate(p.seats.floors)}
    return out


def _gated(hits: pl.DataFrame, p: RulePlan, frame: pl.DataFrame) -> pl.DataFrame:
    """The first gate that applies to whom the decision falls on names the status; a rule that waits is held."""
    gates = pl.lit(None, pl.Int8)
    for i, gate in reversed(list(enumerate(p.gates))):
        gates = pl.when(gate).then(pl.lit(i, pl.Int8)).otherwise(gates)
    found = frame.lazy().join(hits.lazy().select("subject"), on="subject", how="semi").select("subject", gate=gates)
    names = dict(enumerate(gate.status for gate in p.rule.gates))
    status = reduce(
        lambda out, i: pl.when(pl.col("gate") == i).then(pl.lit(names[i])).otherwise(out), names, pl.lit("open")
    )
    out = hits.lazy().join(found, on="subject", how="left").with_columns(status=status)
    return out.with_columns(status=pl.when("waits").then(pl.lit("held")).otherwise("status")).collect()


def _decided(plan: Plan, fired: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    parts = [
        rows.select(
            "subject", "status", "outcome", "focus", rule=pl.lit(rule), who=pl.lit(plan.policy.rules[rule].reached)
        )
        for rule, rows in fired.items()
    ]
    if not parts:
        return pl.DataFrame()
    return pl.concat(parts).with_columns(decided_on=plan.as_of, ended=pl.lit(None, pl.String))


def _with_run(sheet: Sheet, frame: pl.DataFrame, decided: pl.DataFrame, world: World) -> pl.DataFrame:
    frame = with_decisions(frame, sheet, decided, [decision for decision in sheet.past if decision.run])
    return with_late_steps(with_focus(frame, sheet, decided), sheet, world)


def decisions_of(plan: Plan, world: World, fired: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    parts = [
        fired[rule].select(
            pl.lit(rule).alias("rule"), *COLUMNS[1:6], pl.lit(plan.policy.rules[rule].reached).alias("who")
        )
        for rule in sorted(fired)
    ]
    schema = dict.fromkeys(COLUMNS, pl.String) | {"subject": world.key}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)
