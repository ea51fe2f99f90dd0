"""What a decision is about, as a column of the sheet: the failing indicator, the weakest, or a name."""

from typing import Any

import polars as pl

from . import conditions
from . import model as m
from .find import find, rebuild
from .sheet import At, ask

PEERS = m.Peers("officer", ("post_type", "branch"))


def failing(tree: m.Condition, at: At) -> pl.Expr:
    """The first indicator test, in the order written, that is met within a met branch."""
    focus = pl.lit("")
    for met, name in reversed(_failing(tree, at)):
        focus = pl.when(met.fill_null(False)).then(pl.lit(name)).otherwise(focus)
    return focus


def _failing(tree: m.Condition, at: At) -> list[tuple[pl.Expr, str]]:
    if isinstance(tree, m.All):
        here = ask(tree, at)
        return [(here & met, name) for part in tree.parts for met, name in _failing(part, at)]
    if isinstance(tree, m.AnyOf):
        return [found for part in tree.parts for found in _failing(part, at)]
    if isinstance(tree, m.Met):
        return _failing(tree.part, at)
    if isinstance(tree, m.Compare) and isinstance(tree.number, m.Indicator):
        return conditions.failing_indicators(tree, tree.number, at)
    return []


def weakest(at: At) -> pl.Expr:
    """The indicator of one's scheme furthest below the peers' median; of equals the first."""
    gaps = {name: _gap(name, at) for name in at.sheet.ground.indicators}
    post, focus = at.sheet.posting(at.code, "post_type"), pl.lit("")
    for applies_to, names in at.sheet.ground.schemes.items():
        mine = {name: gaps[name] for name in names}
        focus = pl.when(post == applies_to).then(_furthest(mine)).otherwise(focus)
    return focus


def _gap(name: str, at: At) -> pl.Expr:
    value = at.sheet.result(at.code, name)
    median = at.sheet.make(
        ("median of peers", name, at.code),
        lambda: at.sheet.over_peers(PEERS, at.code, value, lambda v, groups: v.median().over(groups)),
    )
    return (value - median).round(6)


def _furthest(gaps: dict[str, pl.Expr]) -> pl.Expr:
    if not gaps:
        return pl.lit("")
    least, focus = pl.min_horizontal(list(gaps.values())), pl.lit("")
    for name, gap in reversed(gaps.items()):
        focus = pl.when(gap == least).then(pl.lit(name)).otherwise(focus)
    return focus


def tie(rule: m.Rule, at: At) -> None:
    """Make the column that facts of the same focus are compared with, where the rule asks for any."""
    if not any(fact.same == "focus" for fact in find(rule, m.Fact)):
        return
    sheet = at.sheet
    if rule.focus is None:
        decision = next(found for found in find(rule.when, m.Decision) if found.run)
        sheet.run_focus.setdefault(decision, f"focus of run:{len(sheet.run_focus)}")
        sheet.focus[rule.id] = sheet.run_focus[decision]
        return
    column = sheet.make(("focus", rule.id), lambda: _focus(rule, at))
    sheet.focus[rule.id] = column.meta.output_name()


def _focus(rule: m.Rule, at: At) -> pl.Expr:
    if rule.focus == "weakest":
        return weakest(at)
    if rule.focus == "failing":
        return failing(rebuild(rule.when, _without_focus), at)
    return pl.lit(rule.focus)


def _without_focus(node: Any) -> Any:
    """What asks for the focus itself cannot help to find it: it is taken as met."""
    inner = node.part if isinstance(node, m.Not) else node
    fact = inner.number if isinstance(inner, m.Compare) else None
    return m.All(()) if isinstance(fact, m.Fact) and fact.same == "focus" else None
