"""Seats: who of the open ones gets in, in order, as far as the seats of each group reach."""

import polars as pl

from . import model as m
from .numbers import portion
from .plan import RulePlan


def seat(out: pl.DataFrame, p: RulePlan, frame: pl.DataFrame, code: str) -> pl.DataFrame:
    """Those beyond the seats become over quota; the keys end in a unique one, so no ties are left to settle."""
    seats, order = m.present(p.rule.seats), m.present(p.seats)
    out = out.join(_bases(seats, order.group, frame, code), on="group", how="left")
    out = out.with_columns(seats=portion(pl.col("base"), seats.share).fill_null(0))
    keys = [f"key{i}" for i in range(len(order.keys))]
    out = out.sort(*keys, descending=list(order.descending), nulls_last=True)
    out = _floors_first(out, seats.floors)
    is_open = pl.col("status") == "open"
    place = pl.when(is_open).then(is_open.cast(pl.Int64).cum_sum().over("group"))
    out = out.with_columns(place=place, group=pl.col("group").cast(frame.schema["subject"], strict=False))
    over = pl.col("place") > pl.col("seats")
    return out.with_columns(status=pl.when(over).then(pl.lit("over_quota")).otherwise("status"))


def _bases(seats: m.Seats, group: pl.Expr, frame: pl.DataFrame, code: str) -> pl.DataFrame:
    status = pl.col(f"status@{code}")
    counted = status == "graded" if seats.out_of == "graded" else status.is_not_null()
    return frame.lazy().filter(counted).group_by(group=group).len("base").collect()


def _floors_first(out: pl.DataFrame, floors: tuple[m.Floor, ...]) -> pl.DataFrame:
    """The best of each protected group first, as many as its floor asks for: ceil(floor * seats)."""
    if not floors:
        return out
    kept = [pl.lit(False)]
    for i, floor in enumerate(floors):
        mine = (pl.col("status") == "open") & pl.col(f"floor{i}")
        most = -portion(-pl.col("seats"), floor.share)
        kept.append(mine & (mine.cast(pl.Int64).cum_sum().over("group") <= most))
    return out.with_columns(kept=pl.any_horizontal(kept)).sort("kept", descending=True, maintain_order=True)
