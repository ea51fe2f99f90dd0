"""Worked tables of the leaves: a rule, histories oldest first, and what comes out ("" where nothing fires)."""
# ruff: noqa: E501  a row of a table reads best on one line

from datetime import date

import polars as pl
import pytest

from linkage.rules import decide, parse

from .small_bureau import Bureau, fact, one_rule, posting, put, run_rule, statuses

GRADES = [
    # the grade of this cycle, and no other
    ("when: {grade: 优秀}", {"A": "open", "B": "", "AB": "", "-": "", "?": "", "A.": ""}),
    ("when: {grade: [优秀, 称职]}", {"A": "open", "B": "open", "C": ""}),
    ("when: {grade: {at least: 称职}}", {"A": "open", "B": "open", "C": "", "-": "", "?": ""}),
    ("when: {grade: {above: 称职}}", {"A": "open", "B": ""}),
    ("when: {grade: {at most: 基本称职}}", {"B": "", "C": "open", "D": "open"}),
    ("when: {grade: {below: 基本称职}}", {"C": "", "D": "open", "-": ""}),
    ("when: {grade: {is: [基本称职, 不称职]}}", {"B": "", "C": "open", "D": "open"}),
    # a grade of another scale is never given
    ("when: {grade: 较差}", {"D": ""}),
    # only graded ones are looked at, unless the population says otherwise
    ("population: listed\nwhen: {status: [ungraded, pending]}", {"-": "open", "?": "open", "A": "", "A.": ""}),
    ("population: everyone\nwhen: {status: absent}", {"A.": "open", "A": "", "-": ""}),
    # the directory and the posting
    ("when: {profile: {employment: 在编}}", {"A": "open"}),
    ("when: {profile: {employment: [辅警, 辅警试用]}}", {"A": ""}),
    ("when: {profile: {employment: 在编, sex: 男}}", {"A": ""}),
    ("when: {post: 巡防}", {"A": "open"}),
    ("when: {post: {unit: U1}}", {"A": "open"}),
    ("when: {post: {branch: U1}}", {"A": ""}),
    ("when: {post: {branch: U0, post_type: 巡防}}", {"A": "open"}),
]


@pytest.mark.parametrize(("rule", "expected"), GRADES)
def test_grades_and_the_directory(rule, expected):
    assert put(rule, expected) == expected


@pytest.mark.parametrize("yes", ["是", "yes", "true"])
@pytest.mark.parametrize("no", ["否", "no", "false"])
def test_a_leader_is_asked_for_in_any_spelling(yes, no):
    postings = [
        posting("p0", "U1", leads=True, since="2020-01-01"),
        posting("p1", "U1", leads=False, since="2020-01-01"),
    ]

    assert put(f"when: {{post: {{is_leader: {yes}}}}}", {"A": "open", "B": ""}, postings=postings) == {
        "A": "open",
        "B": "",
    }
    assert put(f"when: {{post: {{is_leader: {no}}}}}", {"A": "", "B": "open"}, postings=postings) == {
        "A": "",
        "B": "open",
    }


COMPARISONS = [
    ("at least: 80", "open", "open", ""),
    ("above: 80", "open", "", ""),
    ("at most: 80", "", "open", "open"),
    ("below: 80", "", "", "open"),
    ("is: 80", "", "open", ""),
]


@pytest.mark.parametrize(("comparison", "above", "same", "below"), COMPARISONS)
def test_comparisons_of_a_score(comparison, above, same, below):
    """Figures nearer than a thousand millionth are equal."""
    scores = {("p0", "2025"): 80.1, ("p1", "2025"): 80.0 + 1e-12, ("p2", "2025"): 79.9}
    expected = {"A": above, "B": same, "C": below}

    assert put(f"when: {{score: {{{comparison}}}}}", expected, scores=scores) == expected


def test_a_graded_row_without_a_score_is_neither_above_nor_below():
    scores = {("p0", "2025"): None}

    assert put("when: {any: [{score: {below: 60}}, {score: {at least: 60}}]}", {"A": ""}, scores=scores) == {"A": ""}


INDICATORS = [
    ("when: {indicator: {of: 指标, below: 60}}", "open", "", ""),
    # an unknown never fires, nor does its opposite
    ("when: {not: {indicator: {of: 指标, below: 60}}}", "", "open", ""),
    ("when: {indicator: {any of: scheme, below: 60}}", "open", "", ""),
    # figures that are not there do not speak; where none is there, nothing is known
    ("when: {indicator: {each of: scheme, below: 60}}", "open", "", ""),
]


@pytest.mark.parametrize(("rule", "low", "high", "none"), INDICATORS)
def test_indicators(rule, low, high, none):
    figures = {("p0", "2025"): 59.9, ("p1", "2025"): 60.0}
    expected = {"A": low, "B": high, "C": none}

    assert put(rule, expected, figures=figures) == expected


OPERANDS = [
    # previous, n cycles before, times and plus
    ("when: {score: {below: previous}}", {"BB": "open", "BBB": "", "B.B": "", "B": ""}),
    ("when: {score: {at most: {before: 1, plus: -10}}}", {"BB": "open", "BBB": "", "B.B": ""}),
    ("when: {score: {at most: {before: 1, times: 0.9}}}", {"BB": "open", "BBB": "", "B.B": ""}),
    ("when: {score: {at least: {before: 2}}}", {"BB": "", "BBB": "open", "B.B": ""}),
]


@pytest.mark.parametrize(("rule", "expected"), OPERANDS)
def test_numbers_are_compared_with_earlier_ones(rule, expected):
    scores = {
        ("p0", "2024"): 90.0,
        ("p0", "2025"): 80.0,
        ("p1", "2024"): 80.0,
        ("p1", "2025"): 80.0,
        ("p2", "2023"): 81.0,
    }

    assert put(rule, expected, scores=scores) == expected


@pytest.mark.parametrize("middle", ["median", "mean"])
def test_distance_from_the_peers_middle(middle):
    scores = {("p0", "2025"): 80.0, ("p1", "2025"): 80.0, ("p2", "2025"): 60.0, ("p3", "2025"): 80.0}
    expected = {"A": "", "B": "", "C": "open", "D": ""}

    assert put(f"when: {{score: {{below: {{{middle}: officers, plus: -10}}}}}}", expected, scores=scores) == expected


YEARS = [
    # born 1990-05-05, joined 2012-02-29, asked on 2026-01-20; the cycle ends on 2025-12-31
    ("when: {age: {on: cycle end, is: 35}}", "open"),
    ("when: {age: {at most: 34}}", ""),
    ("when: {years: {since: joined_on, is: 13}}", "open"),
    ("when: {years: {since: joined_on, on: cycle end, at least: 14}}", ""),
]


@pytest.mark.parametrize(("rule", "expected"), YEARS)
def test_full_years(rule, expected):
    assert put(rule, {"A": expected}) == {"A": expected}


@pytest.mark.parametrize(
    ("day", "years"),
    [
        (date(2025, 2, 28), 12),
        (date(2025, 3, 1), 13),  # whoever began on 29 February completes a year on 1 March
        (date(2024, 2, 28), 11),
        (date(2024, 2, 29), 12),
    ],
)
def test_a_year_begun_on_29_february(day, years):
    result = run_rule(
        f"when: {{years: {{since: joined_on, is: {years}}}}}", Bureau({"p": "AAA"}), cycle="2023", day=day
    )

    # the row of 2023 is known from January 2024 on
    assert statuses(result) == {"p": "open"}


STAYS = [
    # one posting
    ([("U1", "2025-07-20", None)], "6 months", "open"),
    ([("U1", "2025-07-21", None)], "6 months", ""),
    # the present stay began when the unit was entered, not with its latest posting
    ([("U1", "2024-01-01", "2025-09-30"), ("U1", "2025-10-01", None)], "2 years", "open"),
    # a gap, or another unit between, begins a new stay
    ([("U1", "2024-01-01", "2025-09-29"), ("U1", "2025-10-01", None)], "6 months", ""),
    (
        [("U1", "2020-01-01", "2024-12-31"), ("U2", "2025-01-01", "2025-09-30"), ("U1", "2025-10-01", None)],
        "1 years",
        "",
    ),
    # one begun on the 31st is complete on the last day of a shorter month
    ([("U1", "2025-12-20", None)], "31 days", "open"),
]


@pytest.mark.parametrize(("stays", "length", "expected"), STAYS)
def test_service_in_the_present_unit(stays, length, expected):
    postings = [posting("p0", unit, leads=False, since=since, to=to) for unit, since, to in stays]

    assert put(f"when: {{served: {{of: unit, at least: {length}}}}}", {"A": expected}, postings=postings) == {
        "A": expected
    }


def test_service_as_leader_counts_for_leaders_only():
    postings = [
        posting("p0", "U1", leads=True, since="2020-01-01"),
        posting("p1", "U1", leads=False, since="2020-01-01"),
    ]
    expected = {"A": "open", "B": ""}

    assert put("when: {served: {of: leader, at least: 6 months}}", expected, postings=postings) == expected


DECIDED = pl.DataFrame(
    {
        "who": ["officer"] * 4 + ["unit"],
        "rule": ["T", "T", "T", "T", "T"],
        "subject": ["p0", "p1", "p2", "p3", "p4"],
        "status": ["open", "open", "blocked", "open", "open"],
        "outcome": ["training:x"] * 5,
        "decided_on": [date(2025, 1, 20), date(2025, 1, 20), date(2025, 1, 20), date(2024, 1, 20), date(2025, 1, 20)],
        "ended": ["failed", "passed", "failed", "failed", "failed"],
    }
)
REGISTER = [
    ("{of: training, within: 24 months, ended: failed}", ["open", "", "", "", ""]),
    ("{of: training, within: 25 months, ended: [failed, passed]}", ["open", "open", "", "open", ""]),
    ("{of: T, within: 24 months}", ["open", "open", "", "", ""]),
    ("{of: training:x}", ["open", "open", "", "open", ""]),
    ("{of: train}", ["", "", "", "", ""]),  # a kind is named whole
]


@pytest.mark.parametrize(("decision", "expected"), REGISTER)
def test_earlier_decisions_of_the_register(decision, expected):
    histories = dict(zip(("D", "DD", "DDD", "DDDD", "DDDDD"), expected, strict=True))

    assert put(f"when: [{{grade: 不称职}}, {{decision: {decision}}}]", histories, decisions=DECIDED) == histories


def test_the_register_may_be_empty():
    assert put("when: {not: {decision: {of: training}}}", {"A": "open"}) == {"A": "open"}


def test_the_units_result_is_asked_of_the_unit():
    rule = "when: [{unit: {grade: 较差}}, {grade: 优秀}]"

    assert put(rule, {"A": "open", "B": ""}, units={"U1": "D"}) == {"A": "open", "B": ""}
    assert put(rule, {"A": "", "B": ""}, units={"U1": "BC"}) == {"A": "", "B": ""}


def test_the_parents_result_is_asked_of_the_unit_above():
    assert put("when: {parent: {grade: 较差}}", {"A": "open"}, units={"U0": "D", "U1": "A"}) == {"A": "open"}
    assert put("when: {unit: {parent: {grade: 较差}}}", {"A": "open"}, units={"U0": "D", "U1": "A"}) == {"A": "open"}


UNIT_RULES = [
    ("when: {post: {unit: U1}}", {"U1"}),
    ("when: {post: {branch: U1}}", {"U2"}),
    ("when: {post: {kind: x}}", {"U0", "U1", "U2"}),
    ("when: {profile: {peer_group: [h]}}", set()),
    ("when: {parent: {grade: 较差}}", {"U1"}),
    ("when: [{parent: {grade: 较差}}, {any: [{parent: {grade: 较差}}, {grade: 优秀}]}]", {"U1"}),
    ("when: {grade: [优秀, 较差]}\nseats: {per: unit, share: 100%, order: [{lowest: subject}]}", {"U0", "U1", "U2"}),
]


@pytest.mark.parametrize(("rule", "fires"), UNIT_RULES)
def test_rules_about_units(rule, fires):
    result = run_rule(f"for: unit\n{rule}", Bureau({"p": "A"}, units={"U0": "D", "U1": "A", "U2": "A"}))

    assert set(statuses(result)) == fires


def test_the_same_question_to_the_unit_is_asked_once():
    rule = "when: [{unit: {grade: 较差}}, {not: {all: [{unit: {grade: 较差}}, {grade: 优秀}]}}]"
    result = run_rule(rule, Bureau({"p": "A", "q": "B"}, units={"U1": "D"}))

    assert statuses(result) == {"q": "open"}
    assert len(result.plan.officers.above) == 1


def test_an_indicator_nobody_was_measured_by_is_unknown():
    world = Bureau({"p": "A"}).world()
    world.results["officer", "2025"].drop_in_place("指标")

    for rule in ("when: {indicator: {of: 指标, below: 60}}", "when: {not: {indicator: {of: 指标, below: 60}}}"):
        assert decide(parse(one_rule(rule)), world, "2025", date(2026, 1, 20)).decisions.is_empty()


def test_a_figure_of_the_directory_may_be_ranked():
    fields = {"p0": {"points": 3}, "p1": {"points": 5}}

    assert statuses(run_rule("when: {rank: {top: 1, of: points}}", Bureau({"p0": "A", "p1": "A"}, fields=fields))) == {
        "p1": "open"
    }


def test_should_postings_overlap_the_first_line_counts():
    postings = [posting("p0", unit, leads=False, since="2020-01-01") for unit in ("U2", "U1")]

    assert put("when: {post: {unit: U2}}", {"A": "open"}, postings=postings) == {"A": "open"}


def test_what_is_unknown_of_the_unit_is_unknown():
    assert put("when: {not: {unit: {grade: 较差}}}", {"A": ""}) == {"A": ""}
    assert put("when: {not: {unit: {fact: {kind: veto}}}}", {"A": "open"}) == {"A": "open"}


COMBINED = [
    (
        "when: {any: [{grade: 不称职}, {periods: {last: 2, each: {grade: 基本称职}}}]}",
        {"D": "open", "CC": "open", "BC": ""},
    ),
    ("when: {all: [{grade: 优秀}, {post: 巡防}]}", {"A": "open", "B": ""}),
    ("when: [{grade: 优秀}, {not: {post: 巡防}}]", {"A": ""}),
    # an unknown beside a known one does not stop "any"
    ("when: {any: [{indicator: {of: 指标, below: 60}}, {grade: 优秀}]}", {"A": "open", "B": ""}),
]


@pytest.mark.parametrize(("rule", "expected"), COMBINED)
def test_combinations(rule, expected):
    assert put(rule, expected) == expected


def test_named_tests_and_named_rules_stand_for_their_conditions():
    extra = "tests: {poor: {grade: [基本称职, 不称职]}}\n"
    result = run_rule("when: {test: poor}", Bureau({"p": "C", "q": "B"}), extra=extra)
    assert statuses(result) == {"p": "open"}

    other = "when: [{grade: 不称职}, {not: {met: S}}]\n"
    second = "  S:\n    title: t\n    for: officer\n    cycle: annual\n    when: {periods: {last: 2, each: {grade: 不称职}}}\n    outcome: reward:y\n"
    found = decide(
        parse(one_rule(other) + second), Bureau({"p": "D", "q": "DD"}).world(), "2025", date(2026, 1, 20)
    ).decisions
    assert found.select("rule", "subject").rows() == [("R", "p"), ("S", "q")]


def test_facts_of_officers_and_units_with_the_same_key_are_told_apart():
    facts = [fact("U1", "veto", "2025-05-01")]

    assert put("when: {fact: {kind: veto}}", {"A": ""}, facts=facts) == {"A": ""}
