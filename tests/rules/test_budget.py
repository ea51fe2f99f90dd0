"""A hostile policy is refused, or answered within its budget: nothing written in it takes the machine."""

import time
from dataclasses import replace

import polars as pl
import pytest

from linkage.rules import PolicyError, decide, parse

from .small_bureau import DAY, Bureau, d, one_rule, run_rule

BUREAU = Bureau({"p0": "ABABAB", "p1": "A?A"}, months={"p0": "ABCDABCDABCD"})
SECONDS = 30  # of one core that others share
MONTHS = pl.DataFrame(
    [
        (f"{year}-{month:02}", "monthly", d(f"{year}-{month:02}-01"), d(f"{year}-{month:02}-28"))
        for year in range(2016, 2026)
        for month in range(1, 13)
    ],
    schema=["code", "kind", "starts_on", "ends_on"],
    orient="row",
)


def in_time(body: str) -> str:
    """Put to 120 months; the code of the refusal, or nothing."""
    started, found = time.perf_counter(), ""
    try:
        decide(parse(one_rule(f"cycle: monthly\n{body}")), replace(BUREAU.world(), cycles=MONTHS), "2025-12", DAY)
    except PolicyError as refusal:
        found = refusal.code
    assert time.perf_counter() - started < SECONDS
    return found


def nested(levels: int, around: str, inside: str) -> str:
    """The inside, put that many times where the bar stands."""
    for _ in range(levels):
        inside = around.replace("|", inside)
    return inside


GAPS = "unmeasured: skip, absent: previous, pending: wait, ungraded: previous"
SKIPS = "unmeasured: skip, absent: skip, pending: skip, ungraded: skip"
NESTED = [
    f"{{periods: {{last: 1, gaps: {{{GAPS}}}, each: |}}}}",
    f"{{periods: {{last: 2, gaps: {{{SKIPS}}}, each: |}}}}",
    "{periods: {last: 3, from: |, until: {grade: 优秀}}}",
    "{periods: {last: 2, count: |, at least: 1}}",
]


@pytest.mark.parametrize("around", NESTED)
@pytest.mark.parametrize("levels", [3, 6])
def test_gaps_within_gaps_are_answered_or_refused_in_time(around, levels):
    """What a gap asks again is answered once: otherwise each level would be written out many times in the next."""
    started, refused = time.perf_counter(), ""
    try:
        run_rule(f"when: {nested(levels, around, '{grade: 优秀}')}", BUREAU)
    except PolicyError as refusal:
        refused = refusal.code

    assert refused in ("", "budget")
    assert time.perf_counter() - started < SECONDS


LONG = [
    "{periods: {last: 120, sum: |}}",
    "{periods: {last: 120, balance: |, floor: 0, cap: 9}}",
    "{periods: {last: 120, mean: {add: [|, 1]}}}",
    "{limit: {of: {periods: {last: 120, max: |}}, cap: 9}}",
]


@pytest.mark.parametrize("around", LONG)
@pytest.mark.parametrize(("levels", "codes"), [(1, {""}), (3, {"budget", "too_deep"})])
def test_sums_of_sums_cost_like_conditions(around, levels, codes):
    """A figure of a cycle is spent from the budget like a condition."""
    assert in_time(f"when: {{add: {{of: [{nested(levels, around, 'score')}], at least: 1}}}}") in codes
