"""From a unit to its leader, its members or the units below it."""

import polars as pl

from . import model as m
from .plan import Plan
from .world import UNIT, World


def reach(plan: Plan, world: World, rule: m.Rule, hits: pl.DataFrame) -> pl.DataFrame:
    """One row per person (or unit) reached, however many units lead there; `origin` is the first of those by key."""
    whom, how = m.present(rule.to)
    found = below(world, hits, how) if whom == UNIT else people(plan, world, rule, hits)
    return found.sort("origin").unique("subject", keep="first", maintain_order=True)


def below(world: World, hits: pl.DataFrame, how: str) -> pl.DataFrame:
    tree = world.units.select("subject", origin="branch")
    columns, level = hits.columns, hits.rename({"subject": "above"})
    out = [hits.clear()]
    while level.height:
        level = level.join(tree.rename({"origin": "above"}), on="above")
        out.append(level.select(columns))
        level = level.drop("above").rename({"subject": "above"}) if how == "descendants" else level.clear()
    return pl.concat(out)


def people(plan: Plan, world: World, rule: m.Rule, hits: pl.DataFrame) -> pl.DataFrame:
    there = holders(plan, world, rule).select("subject", origin="unit")
    return hits.drop("subject").join(there, on="origin").select(hits.columns)


def holders(plan: Plan, world: World, rule: m.Rule) -> pl.DataFrame:
    """Postings that cover every day the rule asks for, as leader where it asks for the leader."""
    first, last = plan.reach_since(rule), plan.ground.calendar[plan.code].ends_on
    covers = (pl.col("from") <= first) & (pl.col("to").is_null() | (pl.col("to") >= last))
    leads = pl.col("is_leader") if rule.to and rule.to[0] == "leader" else pl.lit(True)
    return world.postings.filter(covers & leads)
