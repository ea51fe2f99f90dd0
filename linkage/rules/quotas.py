"""Quotas: a report with its arithmetic before a cycle is final, not a decision."""

from collections.abc import Mapping

import polars as pl

from .numbers import portion
from .plan import Plan, QuotaPlan
from .world import OFFICER, UNIT


def quota_frame(plan: Plan, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """quota, group (a unit's key; null for the bureau), code, hits, base, share, cap, over; by quota and group."""
    schema = {"quota": pl.String(), "group": frames[UNIT].schema["subject"], "code": pl.String()}
    schema |= {"hits": pl.Int64(), "base": pl.Int64(), "share": pl.String(), "cap": pl.Int64(), "over": pl.Boolean()}
    parts = [_quota(plan, p, frames).cast(schema, strict=False) for p in plan.quotas.values()]  # type: ignore[arg-type]
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _quota(plan: Plan, p: QuotaPlan, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    status = pl.col(f"status@{plan.code}")
    counted = status.is_not_null() if p.quota.out_of == "listed" else status == "graded"
    hits = (p.hit & (status == "graded")).sum().cast(pl.Int64)
    found = frames[OFFICER].lazy().filter(counted).group_by(group=p.group).agg(base=pl.len().cast(pl.Int64), hits=hits)
    if p.quota.per == "bureau":
        found = found.with_columns(code=pl.lit("")).with_columns(_share(plan, p, lifted=False))
    else:
        units = frames[UNIT].lazy().select("code", _share(plan, p, lifted=True), group="subject")
        found = found.filter(pl.col("group").is_not_null()).join(units, on="group", how="left")
    out = found.collect().with_columns(cap=_cap(p), quota=pl.lit(p.quota.id))
    out = out.with_columns(share=_shares(p), over=pl.col("hits") > pl.col("cap"))
    columns = ("quota", "group", "code", "hits", "base", "share", "cap", "over")
    out = out.with_columns(group=None) if p.quota.per == "bureau" else out
    return out.select(columns).sort("code")


def _share(plan: Plan, p: QuotaPlan, *, lifted: bool) -> pl.Expr:
    """Which share holds: the quota's own (-1), or the last of the lifted whose condition the unit meets."""
    which = pl.lit(-1, pl.Int8)
    for i, condition in enumerate(p.lifted if lifted else ()):
        which = pl.when(condition).then(pl.lit(i, pl.Int8)).otherwise(which)
    return which.alias("which")


def _cap(p: QuotaPlan) -> pl.Expr:
    cap = portion(pl.col("base"), p.quota.share, p.quota.rounding)
    for i, floor in enumerate(p.quota.lifted):
        cap = pl.when(pl.col("which") == i).then(portion(pl.col("base"), floor.share, p.quota.rounding)).otherwise(cap)
    return cap


def _shares(p: QuotaPlan) -> pl.Expr:
    share = pl.lit(str(p.quota.share))
    for i, floor in enumerate(p.quota.lifted):
        share = pl.when(pl.col("which") == i).then(pl.lit(str(floor.share))).otherwise(share)
    return share
