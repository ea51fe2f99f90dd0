"""A bureau's folder becomes a world."""

import shutil
from pathlib import Path

import polars as pl

from linkage.rules import World, read_folder

SAMPLE = Path(__file__).parents[2] / "samples" / "haizhou"


def test_haizhou_is_read_whole(haizhou: World):
    assert (haizhou.officers.height, haizhou.units.height) == (1200, 59)
    assert haizhou.key == pl.String
    assert haizhou.facts["who"].unique().sort().to_list() == ["officer", "unit"]
    assert haizhou.postings.schema["is_leader"] == pl.Boolean
    assert [len(codes) for codes in haizhou.ground.calendar.kinds.values()] == [5, 8, 12]
    assert "群众满意度" in haizhou.ground.indicators


def test_a_bureau_without_months_or_amounts_may_do(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "bureau", ignore=shutil.ignore_patterns("results-monthly.csv", "expected"))

    world = read_folder(tmp_path / "bureau")

    assert not any(code == "2025-12" for _, code in world.results)


def test_amounts_are_read_where_there_are_any(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "bureau", ignore=shutil.ignore_patterns("expected"))
    facts = pl.read_csv(tmp_path / "bureau" / "facts.csv", infer_schema=False).with_columns(amount=pl.lit("1.5"))
    facts.write_csv(tmp_path / "bureau" / "facts.csv")

    assert read_folder(tmp_path / "bureau").facts["amount"].cast(pl.Float64).unique().to_list() == [1.5]
