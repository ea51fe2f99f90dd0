"""What must not change when the data is told differently, and who must not lose by a change."""
# ruff: noqa: S311  seeded chance, so that a failure can be seen again

import random
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from linkage.rules import Policy, World, decide, parse

from .small_bureau import Bureau, run_rule, statuses

RUNS = [("2025", date(2026, 3, 31)), ("2025Q4", date(2026, 1, 10)), ("2025-12", date(2026, 1, 5))]
POLICIES = Path(__file__).parents[2] / "linkage" / "policies"


def changed(world: World, **frames: object) -> World:
    parts = {
        name: getattr(world, name)
        for name in ("officers", "units", "postings", "cycles", "facts", "schemes", "results")
    }
    return World(**{**parts, **frames})


def same_decisions(pack: Policy, one: World, other: World, code: str, day: date) -> bool:
    return decide(pack, one, code, day).decisions.equals(decide(pack, other, code, day).decisions)


@pytest.mark.parametrize(("code", "day"), RUNS)
def test_the_order_of_rows_does_not_matter(pack: Policy, haizhou: World, code, day):
    """Save that of two rows recorded on one day the later line counts: those keep their order."""

    def mixed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.sample(fraction=1, shuffle=True, seed=7)

    results = {
        key: mixed(rows.unique(["subject", "recorded_on"], keep="last")) for key, rows in haizhou.results.items()
    }
    names = ("officers", "units", "postings", "cycles", "facts")
    other = changed(haizhou, results=results, **{name: mixed(getattr(haizhou, name)) for name in names})

    assert same_decisions(pack, haizhou, other, code, day)


@pytest.mark.parametrize(("code", "day"), RUNS)
def test_rows_recorded_later_do_not_exist_yet(pack: Policy, haizhou: World, code, day):
    results = {key: rows.filter(pl.col("recorded_on") <= day) for key, rows in haizhou.results.items()}
    other = changed(haizhou, results=results, facts=haizhou.facts.filter(pl.col("recorded_on") <= day))

    assert same_decisions(pack, haizhou, other, code, day)


def test_only_what_the_plan_needs_is_read(pack: Policy, haizhou: World):
    """A world that holds no more than the needs say gives the same decisions."""
    for code, day in RUNS:
        needs = decide(pack, haizhou, code, day).plan.needs
        first, last = needs.postings or (day, day)
        touching = (pl.col("from") <= last) & (pl.col("to").is_null() | (pl.col("to") >= first))
        wanted = [
            (pl.col("who") == who) & pl.col("kind").is_in(sorted(kinds)) for who, kinds in needs.facts.items() if kinds
        ]
        other = changed(
            haizhou,
            officers=haizhou.officers.select(sorted(needs.officer_fields)),
            units=haizhou.units.select(sorted(needs.unit_fields)),
            postings=haizhou.postings.filter(touching),
            facts=haizhou.facts.filter(pl.any_horizontal(wanted)),
            results={
                key: haizhou.results[key].select("subject", "status", "recorded_on", *sorted(columns))
                for key, columns in needs.results.items()
                if key in haizhou.results
            },
        )
        assert same_decisions(pack, haizhou, other, code, day)


def test_the_order_of_rules_does_not_matter(pack: Policy, haizhou: World):
    head, rules = (POLICIES / "reference.yaml").read_text("utf-8").split("\nrules:\n")
    rules, quotas = rules.split("\nquotas:\n")
    parts = [f"  P{part}" for part in ("\n" + rules).split("\n  P")[1:]]
    random.Random(3).shuffle(parts)
    other = parse(head + "\nrules:\n" + "\n".join(parts) + "\nquotas:\n" + quotas)
    day = date(2026, 1, 20)

    assert decide(other, haizhou, "2025", day).decisions.equals(decide(pack, haizhou, "2025", day).decisions)


@pytest.mark.parametrize("seed", range(8))
def test_a_tie_never_harms(seed):
    """Whoever is overtaken up to a tie stays at the top; whoever is joined from above is not brought to the bottom."""
    chance = random.Random(seed)
    names = {f"p{i}": "B" for i in range(12)}
    scores = {(name, "2025"): float(chance.randrange(60, 100)) for name in names}
    low, high = sorted(chance.sample(list(names), 2), key=lambda name: scores[name, "2025"])
    raised = {**scores, (low, "2025"): scores[high, "2025"]}
    lowered = {**scores, (high, "2025"): scores[low, "2025"]}

    def ranked(side: str, figures: dict[tuple[str, str], float]) -> set[str]:
        return set(statuses(run_rule(f"when: {{rank: {{{side}: 25%}}}}", Bureau(names, scores=figures))))

    above = {name for name in names if scores[name, "2025"] >= scores[high, "2025"]}
    below = {name for name in names if scores[name, "2025"] <= scores[low, "2025"]}
    assert ranked("top", scores) & above <= ranked("top", raised)
    assert ranked("bottom", lowered) & below <= ranked("bottom", scores)


def test_running_twice_decides_the_same(pack: Policy, haizhou: World):
    once, again = (decide(pack, haizhou, "2025", date(2026, 1, 20)).decisions for _ in range(2))

    assert once.equals(again)
