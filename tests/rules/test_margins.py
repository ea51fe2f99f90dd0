"""How near each subject stands to each threshold: number, threshold, distance, and whether it is met."""
# ruff: noqa: E501  a row of a table reads best on one line

from datetime import date

import polars as pl
import pytest

from linkage.rules import decide
from linkage.rules.margins import margins

from .small_bureau import Bureau, fact, run_rule

ROWS = [
    ("when: {score: {at least: 80}}", [("2025", "points", "at least", 79.5, 80.0, -0.5, False)]),
    ("when: {score: {below: 80}}", [("2025", "points", "below", 79.5, 80.0, 0.5, True)]),
    ("when: {not: {score: {above: 79.5}}}", [("2025", "points", "above", 79.5, 79.5, 0.0, False)]),
    ("when: {indicator: {of: 指标, at most: 60}}", [("2025", "points", "at most", 62.0, 60.0, -2.0, False)]),
    ("when: {score: {below: previous}}", [("2025", "points", "below", 79.5, 81.0, 1.5, True)]),
    ("when: {fact: {kind: late, at least: 3}}", [("2025", "times", "at least", 1.0, 3.0, -2.0, False)]),
    ("when: {age: {on: cycle end, at most: 45}}", [("2025", "years", "at most", 35.0, 45.0, 10.0, True)]),
    ("when: {rank: {top: 1}}", [("2025", "places", "at most", 2.0, 1.0, -1.0, False)]),
    ("when: {rank: {top: 1, members: 9}}", [("2025", "places", "at most", None, 1.0, None, False)]),
    ("when: {periods: {last: 3, each: {grade: 优秀}}}", [("2025", "periods", "at least", 2.0, 3.0, -1.0, False)]),
    ("when: {periods: {last: 3, none: {grade: 称职}}}", [("2025", "periods", "at most", 1.0, 0.0, -1.0, False)]),
    ("when: {periods: {last: 3, some: {grade: 称职}}}", [("2025", "periods", "at least", 1.0, 1.0, 0.0, True)]),
    ("when: {periods: {last: 3, share: {grade: 优秀}, above: 50%}}", [("2025", "periods", "above", 2.0, 1.5, 0.5, True)]),
    ("when: {periods: {last: 3, run: {grade: 优秀}, at least: 2}}", [("2025", "periods", "at least", 1.0, 2.0, -1.0, False)]),
    (
        "when: {any: [{grade: 不称职}, {periods: {last: 2, each: {score: {at least: 80}}}}]}",
        [
            ("2025", "periods", "at least", 1.0, 2.0, -1.0, False),
            ("2025", "points", "at least", 79.5, 80.0, -0.5, False),
            ("2024", "points", "at least", 81.0, 80.0, 1.0, True),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), ROWS)
def test_each_comparison_by_construct(rule, expected):
    scores = {("p", "2025"): 79.5, ("p", "2024"): 81.0, ("q", "2025"): 90.0}
    bureau = Bureau(
        {"p": "ABA", "q": "AAA"}, scores=scores, figures={("p", "2025"): 62.0}, facts=[fact("p", "late", "2025-03-01")]
    )

    found = margins(run_rule(rule, bureau)).filter(subject="p")

    assert found.select("cycle", "unit", "op", "number", "threshold", "distance", "met").rows() == expected


@pytest.mark.parametrize("code", ["2025", "2025Q4", "2025-12"])
def test_a_threshold_is_met_where_the_distance_says_so(haizhou, pack, code):
    found = margins(decide(pack, haizhou, code, date(2026, 1, 20))).filter(pl.col("distance").is_not_null())
    strict = pl.col("op").is_in(["above", "below"])
    within = pl.when(strict).then(pl.col("distance") > 0).otherwise(pl.col("distance") >= 0)

    assert found.height > 0
    assert found.filter(within != pl.col("met")).is_empty()


def test_only_those_are_measured_whom_the_rule_looks_at(haizhou, pack):
    result = decide(pack, haizhou, "2025", date(2026, 1, 20))
    graded = result.frames["officer"].filter(pl.col("status@2025") == "graded").height

    assert margins(result, "P02").height == graded


def test_every_comparison_of_a_rule_has_its_own_number(haizhou, pack):
    found = margins(decide(pack, haizhou, "2025", date(2026, 1, 20)), "P03")

    assert found["node"].unique().sort().to_list() == [0, 1, 2, 3]
