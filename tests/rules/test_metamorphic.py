"""What must not change when the data is told differently, and who must not lose by a change."""
# ruff: noqa: S311  seeded chance, so that a failure can be seen again

import json
import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.rules import Policy, PolicyError, World, decide, parse
from linkage.rules.words import KEYS
from linkage.rules.yaml_nodes import NAMES_BELOW

from . import random_rules, slow
from .random_bureau import draw_bureau, draw_run, world_of
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


# Over random bureaus and policies -----------------------------------------------------------------------------------


def changes(bureau: slow.Bureau, day: date, chance: random.Random) -> dict[str, slow.Bureau]:
    """The bureau told otherwise in ways that change no answer."""
    return {
        "rows in another order": shuffled(bureau, chance),
        "recorded days split": split(bureau, day),
        "an unrelated unit with its people": with_strangers(bureau),
        "an older cycle": with_older_cycles(bureau),
        "what is recorded later": with_later_rows(bureau),
    }


def shuffled(bureau: slow.Bureau, chance: random.Random) -> slow.Bureau:
    """Results and facts of one recorded day keep their order: the later line counts."""
    postings, cycles, decisions = (
        chance.sample(rows, len(rows)) for rows in (bureau.postings, bureau.cycles, bureau.decisions)
    )
    results, facts = ({id(row): chance.random() for row in rows} for rows in (bureau.results, bureau.facts))
    keys = {(row.who, row.cycle, row.subject): results[id(row)] for row in bureau.results}
    own = {fact.subject: facts[id(fact)] for fact in bureau.facts}
    return replace(
        bureau,
        officers=mixed(bureau.officers, chance),
        units=mixed(bureau.units, chance),
        postings=postings,
        cycles=cycles,
        decisions=decisions,
        results=sorted(bureau.results, key=lambda row: keys[row.who, row.cycle, row.subject]),
        facts=sorted(bureau.facts, key=lambda fact: own[fact.subject]),
    )


def mixed(fields: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    return {key: fields[key] for key in chance.sample(list(fields), len(fields))}


def split(bureau: slow.Bureau, day: date) -> slow.Bureau:
    """Every row known by then was recorded before with something else in it, a day earlier and in an earlier line."""
    earlier = [
        replace(row, recorded_on=row.recorded_on - timedelta(days=1), score="1", grade=None, figures={})
        for row in bureau.results
        if row.status == "graded" and row.recorded_on <= day
    ]
    return replace(bureau, results=[*earlier, *bureau.results])


def with_strangers(bureau: slow.Bureau) -> slow.Bureau:
    """A unit below none, in a peer group, a post and a rank of its own."""
    top = bureau.units["U0"] | {"code": "X0", "peer_group": "别处", "branch": None}
    fields = next(iter(bureau.officers.values())) | {"badge": "X1", "rank": "别级"}
    posting = slow.Posting("x1", "X0", "别岗", True, date(2010, 1, 1), None)
    rows = [
        slow.Row(who, cycle.code, subject, "graded", "99", grade, {"指标": "1"}, cycle.ends_on)
        for cycle in bureau.cycles
        for who, subject, grade in (("officer", "x1", "优秀"), ("unit", "X0", "较差"))
    ]
    return replace(
        bureau,
        officers={"x1": fields, **bureau.officers},
        units={"X0": top, **bureau.units},
        postings=[posting, *bureau.postings],
        results=[*rows, *bureau.results],
    )


def with_older_cycles(bureau: slow.Bureau) -> slow.Bureau:
    """Ten years before the calendar began, in which everybody was bad."""
    years = [slow.Cycle(str(y), "annual", date(y, 1, 1), date(y, 12, 31)) for y in range(1990, 2000)]
    rows = [
        slow.Row("officer", year.code, officer, "graded", "1", "不称职", {"指标": "1"}, year.ends_on)
        for year in years
        for officer in bureau.officers
    ]
    return replace(bureau, cycles=[*bureau.cycles, *years], results=[*bureau.results, *rows])


def with_later_rows(bureau: slow.Bureau) -> slow.Bureau:
    """Everything is recorded again in the year 2099."""
    on = date(2099, 1, 1)
    results = [
        replace(row, status="pending", score=None, grade=None, figures={}, recorded_on=on) for row in bureau.results
    ]
    facts = [replace(fact, recorded_on=on, amount="77", end=fact.start + timedelta(days=1)) for fact in bureau.facts]
    return replace(bureau, results=[*bureau.results, *results], facts=[*bureau.facts, *facts])


def of_this_bureau(rows: Any) -> Any:
    return sorted(row for row in rows if row[1] not in ("x1", "X0"))


def is_related(policy: dict[str, Any], name: str) -> bool:
    """Whether the policy may see what was added."""
    text = json.dumps(policy, ensure_ascii=False)
    if name == "an older cycle":  # a span without a word is the whole calendar; before it begins, cycles are gaps
        return any(word in text for word in ('"all"', '"before"', '"previous"', '"last"', '"within"', '"periods"'))
    return name == "an unrelated unit with its people" and '"bureau"' in text


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_telling_it_otherwise_changes_no_decision(chance: random.Random):
    bureau = draw_bureau(chance)
    cycle, day = draw_run(chance, bureau)
    policy = random_rules.policy(chance, cycle.kind)
    text = json.dumps(policy, ensure_ascii=False)
    told = decided(text, bureau, cycle.code, day)
    for name, other in changes(bureau, day, chance).items():
        if not is_related(policy, name):
            assert of_this_bureau(decided(text, other, cycle.code, day)) == told, name
    rules = mixed(policy["rules"], chance)
    assert decided(json.dumps({**policy, "rules": rules}), bureau, cycle.code, day) == told


def decided(text: str, bureau: slow.Bureau, code: str, day: date) -> Any:
    try:
        rows = decide(parse(text), world_of(bureau), code, day).decisions.rows()
    except PolicyError as refusal:
        return [(refusal.code, refusal.code)]
    return sorted(rows)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_renaming_everybody_renames_the_decisions_and_nothing_else(chance: random.Random):
    bureau = draw_bureau(chance)
    cycle, day = draw_run(chance, bureau)
    text = json.dumps(random_rules.policy(chance, cycle.kind), ensure_ascii=False)
    names = {name: f"n{i:03}" for i, name in enumerate(chance.sample(list(bureau.officers), len(bureau.officers)))}
    told = decided(text, bureau, cycle.code, day)

    again = decided(text, renamed(bureau, names), cycle.code, day)

    assert again == sorted((row[0], names.get(row[1], row[1]), *row[2:]) for row in told)


def renamed(bureau: slow.Bureau, names: dict[str, str]) -> slow.Bureau:
    """Other keys for officers; badges, which end every order of seats, stay."""

    def rows(of: list[Any]) -> list[Any]:
        return [replace(row, subject=names.get(row.subject, row.subject)) for row in of]

    return replace(
        bureau,
        officers={names[name]: fields for name, fields in bureau.officers.items()},
        postings=rows(bureau.postings),
        results=rows(bureau.results),
        facts=rows(bureau.facts),
        decisions=[{**row, "subject": names.get(row["subject"], row["subject"])} for row in bureau.decisions],
    )


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=True))
def test_the_other_spelling_is_the_same_tree(chance: random.Random):
    policy = random_rules.policy(chance, "annual")

    assert parse(json.dumps(in_chinese(policy), ensure_ascii=False)) == parse(json.dumps(policy, ensure_ascii=False))


def in_chinese(tree: Any, below: str = "") -> Any:
    """Every keyword in its Chinese spelling; the bureau's own names stay."""
    if isinstance(tree, dict):
        names = below in NAMES_BELOW
        return {key if names else KEYS[key][0]: in_chinese(part, "" if names else key) for key, part in tree.items()}
    return [in_chinese(part) for part in tree] if isinstance(tree, list) else tree
