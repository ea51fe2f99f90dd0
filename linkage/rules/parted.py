"""Running a plan; where branches have values of their own, each subject is decided by those of its branch.

Every set of values is put to the whole bureau, so that ranks and medians are those of all; then each keeps its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from . import model as m
from .branches import Values
from .build import valid_on
from .plan import Plan, make_plan
from .run import RunResult, decisions_of, run_whole
from .world import OFFICER, UNIT, World


def run(plan: Plan, world: World) -> RunResult:
    whole = run_whole(plan, world)
    return _parted(whole, [run_whole(branch, world) for branch in plan.branches]) if plan.branches else whole


def decide(
    policy: m.Policy, world: World, code: str, as_of: date, local: Mapping[Any, Values] | None = None
) -> RunResult:
    """Plan and run in one go, where all frames are at hand already."""
    return run(make_plan(policy, world.ground, code, as_of, local), world)


def _parted(whole: RunResult, branches: list[RunResult]) -> RunResult:
    belongs, parts = _belonging(whole.plan, whole.world), []
    for n, part in enumerate((whole, *branches)):
        fired = {}
        for rule, rows in part.fired.items():
            changed = [i for i, branch in enumerate(branches, 1) if rule in branch.plan.rules]
            fired[rule] = _own(rows, "origin", belongs[part.plan.rules[rule].rule.subject], n, changed)
        decisions = decisions_of(part.plan, part.world, fired)
        parts.append(
            replace(part, fired=fired, decisions=decisions, quotas=_own_quotas(part, belongs[UNIT], n, branches))
        )
    held = {rule: pl.concat([p.fired[rule] for p in parts if rule in p.fired]).sort("subject") for rule in whole.fired}
    quotas = pl.concat([part.quotas for part in parts]).sort("quota", "code", maintain_order=True)
    decisions = decisions_of(whole.plan, whole.world, held)
    return replace(whole, fired=held, quotas=quotas, decisions=decisions, parts=tuple(parts), belongs=belongs)


def _own_quotas(part: RunResult, belongs: pl.DataFrame, n: int, branches: list[RunResult]) -> pl.DataFrame:
    found = [part.quotas.clear()]
    for quota in part.plan.quotas:
        changed = [i for i, branch in enumerate(branches, 1) if quota in branch.plan.quotas]
        found.append(_own(part.quotas.filter(pl.col("quota") == quota), "group", belongs, n, changed))
    return pl.concat(found)


def _own(rows: pl.DataFrame, key: str, belongs: pl.DataFrame, n: int, changed: list[int]) -> pl.DataFrame:
    """The rows of part n; the first part has also those of branches that change nothing here."""
    held = rows.select(subject=key).join(belongs, on="subject", how="left", maintain_order="left")["part"].fill_null(0)
    return rows.filter(held == n if n else ~held.is_in(changed))


def _belonging(plan: Plan, world: World) -> dict[str, pl.DataFrame]:
    """subject, part: by the unit itself or the nearest above it that has values; officers by their posting at the end.

    Part 0 has no values of its own.
    """
    numbers = {unit: n for n, branch in enumerate(plan.branches, 1) for unit in branch.branch_units}
    above = dict(world.units.select("subject", "branch").iter_rows())
    found = {unit: _nearest(unit, above, numbers) for unit in above}
    units = pl.DataFrame(
        {"subject": list(found), "part": list(found.values())}, schema={"subject": world.key, "part": pl.Int64()}
    )
    there = valid_on(world.postings, plan.ground.calendar[plan.code].ends_on).select("subject", "unit")
    officers = there.join(units.rename({"subject": "unit"}), on="unit").select("subject", "part")
    return {UNIT: units, OFFICER: officers}


def _nearest(unit: Any, above: Mapping[Any, Any], numbers: Mapping[Any, int]) -> int:
    for _ in range(len(above)):
        if unit is None or unit in numbers:
            break
        unit = above.get(unit)
    return numbers.get(unit, 0)


def part_of(result: RunResult, rule: str, subject: object, who: str) -> RunResult:
    """The part that decides the rule for a subject."""
    if not result.parts:
        return result
    belongs = result.belongs[who].filter(pl.col("subject") == subject)["part"]
    part = result.parts[belongs[0] if len(belongs) else 0]
    return part if rule in part.fired else result.parts[0]


def of_parts(
    result: RunResult, rule: str | None, make: Callable[[RunResult], pl.DataFrame], order: tuple[str, ...]
) -> pl.DataFrame:
    """What is made of a result, made of each part by its own rules."""
    found = [make(part) for part in result.parts if rule is None or rule in part.fired]
    return pl.concat(found).sort(*order, maintain_order=True)
