"""What a decision rests on, as rows: results, facts, postings, ranks; what made it hold, and when that became known."""

from collections.abc import Collection
from typing import Final

import polars as pl

from . import model as m
from .build import latest_rows
from .parted import of_parts
from .phrases import FACTS
from .plan import RulePlan
from .prepare import facts_of, here, prepare
from .reasons import chosen, reached
from .rests_on import Grounds, Item
from .run import RunResult
from .say_numbers import EN, ZH
from .sheet import At
from .tell import Tell
from .tell_parts import text
from .world import UNIT

SCHEMA: Final = {
    "subject": pl.String(),
    "source": pl.String(),
    "ref": pl.String(),
    "zh": pl.String(),
    "en": pl.String(),
    "figure": pl.String(),
    "recorded_on": pl.Date(),
}


def evidence(result: RunResult, rule: str | None = None, subjects: Collection[object] | None = None) -> pl.DataFrame:
    """rule, subject, source (result, rank, fact, posting, profile, decision), ref, zh, en, figure, recorded_on."""
    if result.parts:
        return of_parts(result, rule, lambda part: evidence(part, rule, subjects), ("rule", "subject"))
    schema = {"rule": pl.String(), **SCHEMA, "subject": result.world.key}
    parts = [
        _of_rule(result, result.plan.rules[name], fired).select(pl.lit(name).alias("rule"), *SCHEMA)
        for name, fired in chosen(result, rule, subjects)
    ]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def looked_at(result: RunResult, rule: str, subject: object) -> pl.DataFrame:
    """All that a rule looks at for one subject, whether it decided or not: the rows of `evidence` without the rule."""
    plan = result.plan.rules[rule]
    if plan.rule.to:
        return pl.DataFrame(schema=SCHEMA | {"subject": result.world.key})
    at, mine = result.plan.at(plan.rule), pl.Series([subject], dtype=result.world.key)
    there = At(result.plan.sheet(plan.rule.reached), result.plan.code)
    parts = [_collected(result, at, mine, plan.rule.when, everything=True)]
    parts += [_collected(result, there, mine, gate.part) for gate in plan.rule.gates]
    return pl.concat(parts).unique(maintain_order=True)


def _of_rule(result: RunResult, plan: RulePlan, fired: pl.DataFrame) -> pl.DataFrame:
    rule = plan.rule
    there = At(result.plan.sheet(rule.reached), result.plan.code)
    pairs = fired.select("subject", "origin")
    found = _collected(result, result.plan.at(rule), fired["origin"], rule.when)
    parts = [pairs.join(found.rename({"subject": "origin"}), on="origin").select(*SCHEMA)]
    for i, gate in enumerate(rule.gates):
        mine = fired.filter(pl.col("gate") == i)["subject"]
        if len(mine):
            parts.append(_collected(result, there, mine, gate.part))
    if rule.to:
        parts.append(_reached(result, rule, fired))
    return pl.concat(parts).unique(maintain_order=True).sort("subject", maintain_order=True)


def _reached(result: RunResult, rule: m.Rule, fired: pl.DataFrame) -> pl.DataFrame:
    """The posting, or the place in the tree of units, by which the decision falls on this subject."""
    source = "profile" if rule.reached == UNIT else "posting"
    found = reached(result, rule, fired)
    return found.select(
        "subject",
        pl.lit(source).alias("source"),
        pl.col("code").alias("ref"),
        pl.col("reach_zh").alias("zh"),
        pl.col("reach_en").alias("en"),
        pl.col("since").cast(pl.String).alias("figure"),
        pl.lit(None, pl.Date).alias("recorded_on"),
    )


def _collected(
    result: RunResult, at: At, subjects: pl.Series, tree: m.Condition, *, everything: bool = False
) -> pl.DataFrame:
    kind = result.plan.ground.calendar[at.code].kind
    zh, en = (Tell(result.plan.policy, lang, kind) for lang in (ZH, EN))
    grounds = Grounds(zh, en, near=here(tree, m.Above))
    grounds.condition(tree, at, negated=everything)
    rows = prepare(result, at, subjects, [tree])
    parts = [_of_item(result, at, rows, item) for item in grounds.items.values()]
    none = pl.DataFrame(schema=SCHEMA | {"subject": result.world.key})
    return pl.concat([none, *parts, *_of_facts(result, at, rows, grounds)])


def _of_item(result: RunResult, at: At, rows: pl.DataFrame, item: Item) -> pl.DataFrame:
    held = rows.lazy().filter(item.holds.fill_null(False))
    picked = held.select(
        "subject",
        pl.lit(item.source).alias("source"),
        pl.lit(item.ref).alias("ref"),
        item.zh.alias("zh"),
        item.en.alias("en"),
        item.figure.alias("figure"),
    )
    if not item.code:
        return picked.with_columns(recorded_on=pl.lit(None, pl.Date)).collect()
    return picked.join(_recorded(result, at, item.code), on="subject", how="left").collect()


def _recorded(result: RunResult, at: At, code: str) -> pl.LazyFrame:
    frame = result.world.results.get((at.sheet.who, code))
    if frame is None:
        return pl.LazyFrame(schema={"subject": result.world.key, "recorded_on": pl.Date()})
    return latest_rows(frame.select("subject", "recorded_on"), at.sheet.as_of).lazy()


def _of_facts(result: RunResult, at: At, rows: pl.DataFrame, grounds: Grounds) -> list[pl.DataFrame]:
    known = facts_of(result, at, rows["subject"])
    out = []
    for key, holds in grounds.facts.items():
        mine = rows.lazy().filter(holds.fill_null(False)).select("subject").collect()
        found = known.rows(key).join(mine, on="subject", how="semi").sort("from", maintain_order=True)
        named = {word: _fact_said(word, lang) for word, lang in (("zh", ZH), ("en", EN))}
        out.append(
            found.select(
                "subject",
                pl.lit("fact").alias("source"),
                pl.col("kind").alias("ref"),
                **named,
                figure=_figure(key.total),
                recorded_on="recorded_on",
            )
        )
    return out


def _figure(total: str) -> pl.Expr:
    if total in ("amount", "latest"):
        return pl.col("amount").cast(pl.Float64).cast(pl.String).str.replace(r"\.0$", "")
    return pl.col("from").cast(pl.String)


def _fact_said(word: str, lang: int) -> pl.Expr:
    """处分（警告），2025-03-01至2026-09-01."""
    kinds, names = list(FACTS), [pair[lang] for pair in FACTS.values()]
    name = pl.col("kind").replace_strict(kinds, names, default=pl.col("kind"), return_dtype=pl.String)
    brackets, comma, to = (("（", "）"), "，", "至") if lang == ZH else ((" (", ")"), ", ", " to ")
    level = pl.when(pl.col("level").fill_null("") != "").then(text(brackets[0], pl.col("level"), brackets[1]))
    until = pl.when(pl.col("to").is_not_null()).then(text(to, pl.col("to").cast(pl.String)))
    return text(name, level, comma, pl.col("from").cast(pl.String), until).alias(word)
