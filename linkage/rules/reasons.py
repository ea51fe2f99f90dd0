"""One sentence per decision, with figures, in Chinese and English; made in bulk, over the decided rows only."""

from collections.abc import Collection

import polars as pl

from . import model as m
from .find import find
from .parted import of_parts
from .phrases import GROUP, Pair
from .plan import RulePlan
from .prepare import prepare
from .reach import holders
from .run import RunResult
from .say_numbers import EN, ZH
from .sheet import At
from .tell import Tell
from .tell_parts import text
from .world import UNIT

LANGUAGES = {"zh": ZH, "en": EN}
COLUMNS = ("rule", "subject", "status", "zh", "en", "note_zh", "note_en")


def reasons(result: RunResult, rule: str | None = None, subjects: Collection[object] | None = None) -> pl.DataFrame:
    """rule, subject, status, zh, en, note_zh, note_en; the note says only why it is held, blocked or over quota."""
    if result.parts:
        return of_parts(result, rule, lambda part: reasons(part, rule, subjects), ("rule", "subject"))
    schema = dict.fromkeys(COLUMNS, pl.String) | {"subject": result.world.key}
    parts = [_of_rule(result, result.plan.rules[name], fired) for name, fired in chosen(result, rule, subjects)]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def chosen(result: RunResult, rule: str | None, subjects: Collection[object] | None) -> list[tuple[str, pl.DataFrame]]:
    """The fired rows asked for, by rule; rules without any are left out."""
    out = []
    for name in sorted(result.fired) if rule is None else [rule]:
        fired = result.fired[name]
        if subjects is not None:
            fired = fired.filter(pl.col("subject").is_in(list(subjects)))
        if fired.height:
            out.append((name, fired))
    return out


def _of_rule(result: RunResult, plan: RulePlan, fired: pl.DataFrame) -> pl.DataFrame:
    rule = plan.rule
    told = fired.join(_told(result, plan, fired), on="origin", how="left")
    if rule.gates:
        told = told.join(_gates(result, plan, fired), on="subject", how="left")
    if rule.to:
        told = told.join(reached(result, rule, fired).drop("code", "since"), on=["subject", "origin"], how="left")
    else:
        told = told.with_columns(reach_zh=None, reach_en=None)
    told = told.with_columns(**{f"note_{word}": _note(plan, word) for word in LANGUAGES})
    return told.select(
        pl.lit(rule.id).alias("rule"),
        "subject",
        "status",
        *(_sentence(word) for word in LANGUAGES),
        "note_zh",
        "note_en",
    ).sort("subject")


def _sentence(word: str) -> pl.Expr:
    stop = {"zh": "；", "en": "; "}[word]
    note = pl.when(pl.col(f"note_{word}") != "").then(pl.col(f"note_{word}"))
    return pl.concat_str([f"reach_{word}", f"told_{word}", note], separator=stop, ignore_nulls=True).alias(word)


def _told(result: RunResult, plan: RulePlan, fired: pl.DataFrame) -> pl.DataFrame:
    """What is told of the subjects whose results were looked at, and which periods are waited for."""
    rule, at = plan.rule, result.plan.at(plan.rule)
    rows = prepare(result, at, fired["origin"], [rule.when])
    out = {}
    for word, lang in LANGUAGES.items():
        tell = _tell(result, lang)
        out[f"told_{word}"] = tell.told(rule.when, at)
        waits = [tree for tree in find(rule.when, m.Periods) if any(gap.way == "wait" for gap in tree.gaps)]
        waiting = [tell.waiting(tree, at) for tree in waits]
        out[f"waiting_{word}"] = tell.joined(waiting, tell.comma) if waiting else pl.lit("")
    return rows.select(pl.col("subject").alias("origin"), **out)


def _tell(result: RunResult, lang: int) -> Tell:
    return Tell(result.plan.policy, lang, result.plan.ground.calendar[result.plan.code].kind)


def _gates(result: RunResult, plan: RulePlan, fired: pl.DataFrame) -> pl.DataFrame:
    """What each gate says of whom the decision falls on."""
    at = At(result.plan.sheet(plan.rule.reached), result.plan.code)
    rows = prepare(result, at, fired["subject"], [gate.part for gate in plan.rule.gates])
    out = {
        f"gate{i}_{word}": _tell(result, lang).gate(gate.part, at)
        for i, gate in enumerate(plan.rule.gates)
        for word, lang in LANGUAGES.items()
    }
    return rows.select("subject", **out)


def _note(plan: RulePlan, word: str) -> pl.Expr:
    """Why the decision is not open."""
    lang, note = LANGUAGES[word], pl.lit("")
    for i in range(len(plan.rule.gates)):
        note = pl.when(pl.col("gate") == i).then(pl.col(f"gate{i}_{word}")).otherwise(note)
    waits = ("等待补定：", "waiting for: ")[lang]
    note = pl.when("waits").then(text(waits, pl.col(f"waiting_{word}"))).otherwise(note)
    if plan.rule.seats:
        seats = pl.col("seats").cast(pl.String), pl.col("place").cast(pl.String)
        over = pl.col("status") == "over_quota"
        for i, band in enumerate((*plan.rule.seats.bands, plan.rule.seats.band)):
            here = over & (pl.col("band") == i)
            note = pl.when(here).then(_over_quota(GROUP[band.per], lang, *seats)).otherwise(note)
    return note


def _over_quota(group: Pair, lang: int, seats: pl.Expr, place: pl.Expr) -> pl.Expr:
    if lang == ZH:
        return text(f"条件符合；{group[ZH]}名额", seats, "个，排第", place)
    return text(f"conditions met; seats in the {group[EN]}: ", seats, ", place: ", place)


def reached(result: RunResult, rule: m.Rule, fired: pl.DataFrame) -> pl.DataFrame:
    """Which unit led to whom, and since when the one reached has been there: subject, origin, code, since, reach_*."""
    units = result.world.units
    name = pl.coalesce("name", "code") if "name" in units.columns else pl.col("code")
    pairs = fired.select("subject", "origin").join(
        units.select("code", origin="subject", unit=name), on="origin", how="left"
    )
    unit, day = pl.col("unit"), pl.col("since").cast(pl.String)
    if rule.reached == UNIT:
        return pairs.with_columns(
            since=pl.lit(None, pl.Date), reach_zh=text("上级单位", unit), reach_en=text("unit above: ", unit)
        )
    since = holders(result.plan, result.world, rule).select("subject", origin="unit", since="from")
    leads = m.present(rule.to)[0] == "leader"
    zh = text("自", day, "起任", unit, "负责人") if leads else text("自", day, "起在", unit)
    en = text("leads " if leads else "in ", unit, " since ", day)
    pairs = pairs.join(since.unique(["subject", "origin"], keep="first"), on=["subject", "origin"], how="left")
    return pairs.with_columns(reach_zh=zh, reach_en=en)
