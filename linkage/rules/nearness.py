"""How many sit so near a threshold that one point, period, place, time or year more or less would turn the answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from .margins import Margin, margins, margins_of
from .run import RunResult
from .say import Say
from .say_numbers import EN, ZH

UNITS: Final = ("points", "periods", "places", "times", "years")
STRICT: Final = ("above", "below")


@dataclass(frozen=True)
class Near:
    """One comparison of a rule put to one cycle, with those inside and outside that one unit would turn.

    `low` and `high` are the thresholds met with: one for all, or from a group's median to another's.
    """

    rule: str
    node: int
    cycle: str
    part: str
    unit: str
    zh: str
    en: str
    low: float
    high: float
    known: int  # how many have a figure
    inside: tuple[int | str, ...]  # met, and with one less no more
    outside: tuple[int | str, ...]  # not met, and with one more it would be


def nearness(result: RunResult, rules: Iterable[str] | None = None) -> Iterator[Near]:
    """Every comparison whose unit can be counted in ones, by rule in the order of the policy.

    Raises `NotPlanned` where a figure was not among what the run has read.
    """
    for rule in result.plan.rules if rules is None else rules:
        told = {(one.node, one.cycle, one.part): one for one in margins_of(result, rule)}
        rows = margins(result, rule).filter(pl.col("unit").is_in(UNITS), pl.col("distance").is_not_null())
        groups = rows.with_columns(turns=_turns()).group_by("node", "cycle", "part", maintain_order=True)
        for key, group in groups:
            yield _near(result, rule, told[key], group)


def _turns() -> pl.Expr:
    """Whether one unit turns the answer: with `above` and `below` also a figure just one away from its threshold."""
    distance, strict = pl.col("distance"), pl.col("op").is_in(STRICT)
    inside = (distance < 1) | (strict & (distance == 1))
    outside = (distance > -1) | (~strict & (distance == -1))
    return pl.when(pl.col("met")).then(inside).otherwise(outside).fill_null(False)


def _near(result: RunResult, rule: str, margin: Margin, group: pl.DataFrame) -> Near:
    turning = group.filter("turns")
    kind = result.plan.ground.calendar[margin.cycle].kind
    zh, en = (Say(result.plan.policy, lang, kind).condition(margin.tree) for lang in (ZH, EN))
    return Near(
        rule=rule,
        node=margin.node,
        cycle=margin.cycle,
        part=margin.part,
        unit=margin.unit,
        zh=zh,
        en=en,
        low=min(group["threshold"].to_list()),
        high=max(group["threshold"].to_list()),
        known=group.height,
        inside=tuple(turning.filter("met")["subject"].sort()),
        outside=tuple(turning.filter(~pl.col("met"))["subject"].sort()),
    )
