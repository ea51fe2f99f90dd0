"""The reference pack decides about Haizhou what the expected files say, row for row."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from linkage.rules import World, decide, parse

SAMPLE = Path(__file__).parents[2] / "samples" / "haizhou"
POLICIES = Path(__file__).parents[2] / "linkage" / "policies"
RUNS = [
    ("2025", "2026-01-20"),
    ("2025", "2026-03-31"),  # three results corrected or added since
    ("2024", "2025-01-20"),  # only what was known then
    ("2025Q4", "2026-01-10"),
    ("2025-12", "2026-01-05"),
]


@pytest.mark.parametrize(("code", "day"), RUNS)
@pytest.mark.parametrize("file", ["reference.yaml", "reference.zh.yaml"])
def test_the_pack_decides_what_is_expected(haizhou: World, file, code, day):
    policy = parse((POLICIES / file).read_text("utf-8"))
    expected = pl.read_csv(SAMPLE / "expected" / f"decisions-{code}-as-of-{day}.csv", infer_schema=False).fill_null("")

    decided = decide(policy, haizhou, code, date.fromisoformat(day)).decisions

    assert decided.select(expected.columns).rows() == expected.rows()


def test_both_spellings_of_the_pack_are_one_tree():
    english, chinese = (parse((POLICIES / name).read_text("utf-8")) for name in ("reference.yaml", "reference.zh.yaml"))

    assert english == chinese


def test_whole_numbers_serve_as_keys_as_well_as_badges(haizhou: World):
    """The same decisions come out when officers and units carry numbers that overlap."""
    policy = parse((POLICIES / "reference.yaml").read_text("utf-8"))
    officers = {badge: i for i, badge in enumerate(haizhou.officers["badge"])}
    units = {code: i for i, code in enumerate(haizhou.units["code"])}

    def numbered(frame: pl.DataFrame, **keys: dict[str, int]) -> pl.DataFrame:
        return frame.with_columns(
            pl.col(name).replace_strict(known, default=None, return_dtype=pl.Int64) for name, known in keys.items()
        )

    facts = [numbered(haizhou.facts.filter(who=w), subject=k) for w, k in (("officer", officers), ("unit", units))]
    world = World(
        officers=numbered(haizhou.officers, subject=officers),
        units=numbered(haizhou.units, subject=units, branch=units),
        postings=numbered(haizhou.postings, subject=officers, unit=units),
        cycles=haizhou.cycles,
        facts=pl.concat(facts),
        schemes=haizhou.schemes,
        results={
            key: numbered(rows, subject=officers if key[0] == "officer" else units)
            for key, rows in haizhou.results.items()
        },
    )
    by_number = decide(policy, world, "2025", date(2026, 1, 20)).decisions
    names = {"officer": {i: b for b, i in officers.items()}, "unit": {i: c for c, i in units.items()}}
    found = {(r, names[who][s], *rest) for r, s, *rest, who in by_number.iter_rows()}

    by_badge = decide(policy, haizhou, "2025", date(2026, 1, 20)).decisions
    assert found == {tuple(row[:-1]) for row in by_badge.iter_rows()}


def test_the_quota_of_2024_is_broken_in_three_units(haizhou: World):
    policy = parse((POLICIES / "reference.yaml").read_text("utf-8"))

    result = decide(policy, haizhou, "2024", date(2025, 1, 20))

    rows = result.breaches.select("code", "hits", "base", "share", "cap").rows()
    assert rows == [("F01P03", 5, 24, "1/5", 4), ("F02D01", 5, 24, "1/5", 4), ("F06P03", 6, 28, "1/5", 5)]
