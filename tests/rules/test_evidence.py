"""What a decision rests on, as rows with the day each became known."""

from datetime import date

import polars as pl
import pytest

from linkage.rules import Policy, RunResult, World, decide, evidence, parse

from .small_bureau import DAY, Bureau, fact, one_rule, posting, run_rule


@pytest.fixture(scope="module")
def year(haizhou: World, pack: Policy) -> RunResult:
    return decide(pack, haizhou, "2025", date(2026, 1, 20))


def rows(result: RunResult, rule: str, subject: str) -> list[tuple]:
    return evidence(result, rule, [subject]).select("source", "ref", "figure", "recorded_on").rows()


def test_results_facts_and_postings_are_named_with_their_days(year):
    assert rows(year, "P01", "2200270") == [
        ("result", "2025", "优秀", date(2026, 1, 12)),
        ("fact", "sanction", "2025-12-14", date(2025, 12, 19)),
    ]
    assert rows(year, "P12", "2200017") == [
        ("result", "2025", "一般", date(2026, 1, 12)),
        ("result", "2024", "一般", date(2025, 1, 12)),
        ("posting", "F03P01", "2021-05-06", None),
    ]
    assert rows(year, "P14", "2200050") == [
        ("rank", "2025", "6/134", date(2026, 1, 12)),
        ("result", "2025", "优秀", date(2026, 1, 12)),
    ]


def test_under_not_what_was_looked_at_counts(year):
    assert rows(year, "P05", "2200539") == [
        ("result", "2025", "不称职", date(2026, 1, 12)),
        ("result", "2024", "基本称职", date(2025, 1, 12)),
    ]


def test_a_rule_about_decisions_names_them(haizhou, pack):
    result = decide(pack, haizhou, "2025Q4", date(2026, 1, 10))

    found = evidence(result, "P16", ["2200086"])

    assert found.select("source", "ref", "zh").rows() == [
        ("decision", "training", "本次认定中已有培训（P07）"),
        ("fact", "plan_closed", "改进计划结案（改进达标），2025-05-15"),
    ]


def test_every_decision_rests_on_something(year):
    found = evidence(year)

    decided = year.decisions.select("rule", "subject").unique()
    assert found.select("rule", "subject").unique().height == decided.height
    assert found.filter(pl.col("zh").is_null() | pl.col("en").is_null()).is_empty()
    assert found.is_duplicated().sum() == 0


RESTS = [
    # only what made it hold
    ("when: {periods: {kind: monthly, last: 1, none: {grade: 好}}}", "A", []),
    ("when: {periods: {last: 1, before: 1, each: {unit: {grade: 优秀}}}}", "A", [("result", "2024", "")]),
    (
        "when: {periods: {last: 4, count: {grade: 优秀}, at least: 2}}",
        "ABAB",
        [("result", "2024", "优秀"), ("result", "2022", "优秀")],
    ),
    ("when: {any: [{grade: 不称职}, {score: {at least: 60}}]}", "A", [("result", "2025", "80")]),
    ("when: {score: {at most: previous}}", "AA", [("result", "2025", "80"), ("result", "2024", "80")]),
    (
        "when: {periods: {last: 2, mean: score, at least: 60}}",
        "AA",
        [("result", "2025", "80"), ("result", "2024", "80")],
    ),
    (
        "when: {periods: {last: 2, worth: [{this: {grade: 优秀}, value: 1}], at least: 1}}",
        "AB",
        [("result", "2024", "优秀")],
    ),
    (
        "when: {periods: {last: 2, none: {grade: 不称职}}}",
        "AB",
        [("result", "2025", "称职"), ("result", "2024", "优秀")],
    ),
    (
        "when: {fact: {kind: points, total: amount, at least: 5}}",
        "A",
        [("fact", "points", "2"), ("fact", "points", "4.5")],
    ),
    ("when: {profile: {sex: 女}}", "A", [("profile", "sex", "")]),
    ("when: {post: 巡防}", "A", [("posting", "post_type", "")]),
    ("when: {served: {of: unit, at least: 6 months}}", "A", [("posting", "unit", "192")]),
    ("when: {indicator: {any of: scheme, below: 60}}", "A", [("result", "2025", "55")]),
    ("when: {unit: {grade: 较差}}", "A", [("result", "2025", "")]),
    ("population: listed\nwhen: {status: pending}", "?", [("result", "2025", "暂缓定等次")]),
    (
        "when: {sequence: {steps: [{grade: 不称职}, {grade: 优秀}], within: 3 years}}",
        "DA",
        [("result", "2025", "优秀"), ("result", "2024", "不称职")],
    ),
    ("when: {periods: {last: 9, count: {grade: 优秀}, at least: 1}}", "A", [("result", "2025", "优秀")]),
    ("when: {fact: {kind: none, at most: 0}}", "A", []),
    ("population: everyone\nwhen: {status: absent}", ".", [("result", "2025", "未参加")]),
    ("when: {not: {decision: {of: training}}}", "A", [("decision", "training", "")]),
]


@pytest.mark.parametrize(("rule", "history", "expected"), RESTS)
def test_every_construct_names_what_it_looked_at(rule, history, expected):
    facts = [fact("p", "points", "2025-06-01", amount=2.0), fact("p", "points", "2025-07-01", amount=4.5)]
    bureau = Bureau({"p": history}, units={"U1": "AD"}, facts=facts, figures={("p", "2025"): 55.0})

    found = evidence(run_rule(rule, bureau))

    assert found.select("source", "ref", "figure").rows() == expected


def test_the_unit_above_is_named_to_the_units_below():
    found = evidence(
        run_rule("for: unit\nwhen: {grade: 较差}\nto: {unit: children}", Bureau({"p": "A"}, units={"U0": "D"}))
    )

    assert found.select("subject", "source", "ref", "zh").rows() == [
        ("U1", "result", "2025", "2025年度等次较差"),
        ("U1", "profile", "U0", "上级单位U0"),
    ]


def test_a_correction_is_evidence_from_the_day_it_was_recorded():
    bureau = Bureau({"p": "B"})
    world = bureau.world()
    corrected = world.results["officer", "2025"].with_columns(grade=pl.lit("优秀"), recorded_on=date(2026, 1, 15))
    world.results["officer", "2025"].vstack(corrected, in_place=True)
    result = decide(parse(one_rule("when: {grade: 优秀}")), world, "2025", DAY)

    assert rows(result, "R", "p") == [("result", "2025", "优秀", date(2026, 1, 15))]


def test_facts_of_several_periods_are_each_named():
    facts = [fact("p", "late", "2024-05-01"), fact("p", "late", "2025-05-01"), fact("p", "late", "2023-05-01")]
    rule = "when: {periods: {last: 2, each: {fact: {kind: late, during: cycle}}}}"

    found = evidence(
        run_rule(
            rule, Bureau({"p": "BBB"}, facts=facts, postings=[posting("p", "U1", leads=False, since="2010-01-01")])
        )
    )

    assert found["figure"].to_list() == ["2025-05-01", "2024-05-01"]
