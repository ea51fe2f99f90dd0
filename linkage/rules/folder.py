"""Reading a bureau's folder of CSV files into a world."""

from pathlib import Path

import polars as pl

from .words import CYCLE_KINDS, TRUE
from .world import OFFICER, UNIT, World

PLAIN = ("cycle", "subject", "status", "grade", "recorded_on")


def read_folder(path: str | Path) -> World:
    """The world a bureau's files tell of; badges and unit codes are the keys."""
    folder = Path(path)
    units = _text(folder / "units.csv").rename({"parent": "branch"}).with_columns(subject="code")
    officers = _days(_text(folder / "officers.csv"), "born_on", "joined_on").with_columns(subject="badge")
    facts = _days(_text(folder / "facts.csv"), "from", "to", "recorded_on")
    if "amount" not in facts.columns:
        facts = facts.with_columns(amount=pl.lit(None, pl.Float64))
    schemes = _text(folder / "schemes.csv").group_by("applies_to", maintain_order=True)
    return World(
        officers=officers,
        units=units,
        postings=_postings(folder / "postings.csv"),
        cycles=_days(_text(folder / "cycles.csv"), "starts_on", "ends_on"),
        facts=facts.with_columns(who=_who(units)),
        schemes={str(key[0]): tuple(rows["indicator"]) for key, rows in schemes},
        results=_results(folder, units),
    )


def _text(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def _days(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(*names).str.to_date("%Y-%m-%d"))


def _who(units: pl.DataFrame) -> pl.Expr:
    is_unit = pl.col("subject").is_in(units["subject"].implode())
    return pl.when(is_unit).then(pl.lit(UNIT)).otherwise(pl.lit(OFFICER))


def _postings(path: Path) -> pl.DataFrame:
    frame = _days(_text(path), "from", "to").rename({"badge": "subject"})
    return frame.with_columns(is_leader=pl.col("is_leader").is_in(list(TRUE)))


def _results(folder: Path, units: pl.DataFrame) -> dict[tuple[str, str], pl.DataFrame]:
    out = {}
    for kind in CYCLE_KINDS:
        path = folder / f"results-{kind}.csv"
        if not path.exists():
            continue
        frame = _days(_text(path), "recorded_on").with_columns(who=_who(units))
        frame = frame.with_columns(pl.exclude(*PLAIN, "who").cast(pl.Float64))
        for (who, code), rows in frame.group_by("who", "cycle", maintain_order=True):
            out[str(who), str(code)] = rows.drop("who", "cycle")
    return out
