"""Seats: who of the open ones gets in, in order, as far as the seats of each group reach."""

from collections.abc import Mapping

import polars as pl

from . import model as m
from .numbers import portion
from .plan import BandPlan, Plan, RulePlan
from .world import UNIT

ALL = "all"  # the one group of the bureau


def seat(out: pl.DataFrame, p: RulePlan, plan: Plan, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Those beyond the seats become over quota; the keys end in a unique one, so no ties are left to settle.

    Bands nested inside come first: whoever has no room there does not take a seat further out.
    """
    order = m.present(p.seats)
    keys = [f"key{i}" for i in range(len(order.keys))]
    out = out.sort(*keys, descending=list(order.descending), nulls_last=True)
    out = out.with_columns(band=pl.lit(None, pl.Int8), seats=pl.lit(None, pl.Int64), place=pl.lit(None, pl.Int64))
    out = out.with_columns(group=pl.lit(None, pl.String))
    last = len(order.bands) - 1
    for i, band in enumerate(order.bands):
        out = out.join(_room(plan, p, band, frames), left_on=f"group{i}", right_on="group", how="left")
        if i == last:
            out = _floors_first(out, m.present(p.rule.seats).floors, f"group{i}")
        out = _placed(out, i, last)
    return out.with_columns(group=pl.col("group").cast(frames[UNIT].schema["subject"], strict=False))


def _placed(out: pl.DataFrame, i: int, last: int) -> pl.DataFrame:
    """Places within one band; of a nested one only those who find no room there are told."""
    group, counts = f"group{i}", (pl.col("status") == "open") & pl.col(f"in{i}")
    room = pl.col("room").fill_null(0)
    place = pl.when(counts).then(counts.cast(pl.Int64).cum_sum().over(group))
    over = (place > room).fill_null(False)
    told = over if i < last else pl.col("band").is_null()
    return out.with_columns(
        status=pl.when(over).then(pl.lit("over_quota")).otherwise("status"),
        seats=pl.when(told).then(room).otherwise("seats"),
        place=pl.when(told).then(place).otherwise("place"),
        group=pl.when(told).then(pl.col(group).cast(pl.String)).otherwise("group"),
        band=pl.when(over).then(pl.lit(i, pl.Int8)).otherwise("band"),
    ).drop("room")


def _room(plan: Plan, p: RulePlan, band: BandPlan, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """group, room: how many seats each group has, less those that are taken."""
    frame = frames[p.rule.subject].lazy()
    bases = _of_unit(band, frames[UNIT]) if band.number is not None else _of_people(band, frame, plan.code)
    if band.band.share is not None:
        bases = bases.with_columns(room=portion(pl.col("room"), band.band.share, band.band.rounding))
    if band.taken is not None:
        taken = frame.filter(band.taken).group_by(group=band.group).len("taken")
        bases = bases.join(taken, on="group", how="left")
        bases = bases.with_columns(room=pl.col("room") - pl.col("taken").cast(pl.Int64).fill_null(0))
    return bases.select("group", pl.col("room").clip(0)).collect()


def _of_people(band: BandPlan, frame: pl.LazyFrame, code: str) -> pl.LazyFrame:
    status = pl.col(f"status@{code}")
    counted = status == "graded" if band.band.out_of == "graded" else status.is_not_null()
    return frame.filter(counted).group_by(group=band.group).agg(room=pl.len().cast(pl.Int64))


def _of_unit(band: BandPlan, units: pl.DataFrame) -> pl.LazyFrame:
    """The figure of the group's unit, in whole numbers; of the bureau that of the units with nothing above them."""
    figure = m.present(band.number).cast(pl.Float64).floor().cast(pl.Int64)
    if band.band.per == "bureau":
        top = units.lazy().filter(pl.col("branch").is_null())
        return top.select(group=pl.lit(ALL), room=figure).group_by("group").agg(pl.col("room").sum())
    return units.lazy().select(group="subject", room=figure.fill_null(0))


def _floors_first(out: pl.DataFrame, floors: tuple[m.Floor, ...], group: str) -> pl.DataFrame:
    """The best of each protected group first, as many as its floor asks for: ceil(floor * seats)."""
    if not floors:
        return out
    kept = [pl.lit(False)]
    for i, floor in enumerate(floors):
        mine = (pl.col("status") == "open") & pl.col(f"floor{i}")
        most = -portion(-pl.col("room"), floor.share)
        kept.append(mine & (mine.cast(pl.Int64).cum_sum().over(group) <= most))
    return out.with_columns(kept=pl.any_horizontal(kept)).sort("kept", descending=True, maintain_order=True)
