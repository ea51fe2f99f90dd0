"""Worked tables of the quantifier over cycles: streaks, counts, gaps, sums, runs, sequences."""
# ruff: noqa: E501  a row of a table reads best on one line

import polars as pl
import pytest

from linkage.rules import PolicyError, parse

from .small_bureau import Bureau, fact, one_rule, put, run_rule, statuses

EACH = "when: {periods: {last: 3, each: {grade: 优秀}%s}}"
GAPS = [
    ("", {"AAA": "open", "BAAA": "open", "ABA": "", "A-A": "", "AA": "", "A?AA": "", "AAAB": "", "AAA.": ""}),
    # not looked at, three more cycles at most
    (", gaps: {ungraded: skip}", {"A-AA": "open", "AA-A": "open", "A.AA": "", "AAB-A": "", "AAA-": "", "-AA": ""}),
    (", gaps: {ungraded: skip}", {"A--AA": "open", "AA---A": "open", "A----AA": "", "AA----A": ""}),
    (", gaps: {absent: pass}", {"A.A": "open", "A-A": "", "AA": "open", "A": "open"}),
    # as the cycle before, three back at most
    (", gaps: {ungraded: previous}", {"AA-A": "open", "BA-A": "open", "AB-A": "", "A--A": "open", "AA-AA": "open"}),
    (", gaps: {pending: wait}", {"A?A": "held", "AAA": "open", "B?A": "", "A?AA": "held", "AA?": ""}),
    (", gaps: {ungraded: break}", {"A-A": "", "AAA": "open"}),
]


@pytest.mark.parametrize(("gaps", "expected"), GAPS)
def test_three_in_a_row_over_gaps(gaps, expected):
    assert put(EACH % gaps, expected) == expected


QUANTIFIED = [
    ("none: {grade: {below: 称职}}, last: 3", {"BBB": "open", "CBB": "", "CBBB": "open", "B-B": "open"}),
    ("some: {grade: {below: 称职}}, last: 3", {"BBB": "", "CBB": "open", "CBBB": "", "B-B": ""}),
    ("count: {grade: 优秀}, last: 3, at least: 2", {"AAB": "open", "ABB": "", "AABB": "", "A-A": "open"}),
    ("count: {grade: 优秀}, last: 3, at most: 1", {"AAB": "", "ABB": "open"}),
    ("count: {grade: 优秀}, last: 2, at least: 2, gaps: {ungraded: skip}", {"A-A": "open", "A-B": "", "A.A": ""}),
    ("share: {grade: 不称职}, last: 4, above: 50%", {"DDDB": "open", "DDBB": "", "DD-B": "open", "D.B": ""}),
    ("share: {grade: 不称职}, last: 3, at least: 1/3", {"DBB": "open", "DBBB": ""}),  # exactly a third
    ("run: {grade: 优秀}, last: 5, at least: 2", {"BAA": "open", "AAB": "", "ABA": "", "A-A": ""}),
    ("run: {grade: 优秀}, last: 5, at least: 2, gaps: {ungraded: skip}", {"A-A": "open", "ABA": "", "A.A": ""}),
    ("run: {grade: 优秀}, last: 5, is: 3", {"BAAA": "open", "AAAA": ""}),
    (
        "worth: [{this: {grade: 优秀}, value: 1.5}, {this: {grade: 称职}, value: 1}], last: 10, at least: 4",
        {"AAB": "open", "ABB": "", "BBBB": "open", "BBCB-B": "open", "BBCB-C": ""},
    ),
    ("each: {grade: 优秀}, last: 2, before: 1", {"AAB": "open", "ABB": "", "AA": ""}),
    ("each: {grade: 优秀}, within: 24 months", {"AA": "open", "BAA": "open", "ABA": "", "A": ""}),
    ("each: {grade: 优秀}, within: 3 cycles", {"AAA": "open", "AA": "", "A": ""}),
    ("count: {grade: 优秀}, last: all, at least: 3", {"ABABA": "open", "ABABB": ""}),
    ("count: {grade: 优秀}, within: year, at least: 1", {"AB": "", "BA": "open"}),
    ("each: {grade: 优秀}, within: 24 months, gaps: {ungraded: skip}", {"-A": "open", "BA": "", "A-A": "open"}),
    # no cycle at all is nothing to go by
    ("each: {grade: 优秀}, within: 0 days", {"A": ""}),
    ("mean: score, within: 0 days, at least: 0", {"A": ""}),
    ("share: {grade: 优秀}, within: 0 days, at least: 0%", {"A": ""}),
    ("count: {grade: 优秀}, within: 0 days, at most: 0", {"A": "open"}),
    ("worth: [{this: {grade: 优秀}, value: 1}], within: 0 days, at most: 0", {"A": "open"}),
    ("worth: [{this: {grade: 优秀}, value: 1}], last: 8, is: 1", {"A": "open"}),
    ("mean: score, last: 9, is: 80", {"A": "open"}),
    ("each: {score: {at least: 1}}, last: 2, gaps: {unmeasured: pass}", {"AA": "open", "A": ""}),
    ("each: {fact: {kind: x, during: cycle}}, last: 9, same: level", {"A": ""}),
]


@pytest.mark.parametrize(("periods", "expected"), QUANTIFIED)
def test_quantifiers(periods, expected):
    assert put(f"when: {{periods: {{{periods}}}}}", expected) == expected


def test_a_count_starts_anew_after_an_award():
    rule = "when: {periods: {last: all, count: {grade: {at least: 称职}}, at least: 2, after: {fact: {kind: award, level: 晋档}}}}"
    facts = [
        fact("p0", "award", "2023-12-30", level="晋档"),  # 2023 ends after it
        fact("p1", "award", "2024-01-01", level="晋档"),
        fact("p2", "award", "2026-02-01", level="晋档"),  # not yet
        fact("p3", "award", "2025-06-01", level="嘉奖"),  # of another level
        fact("p4", "award", "2024-06-01", level="晋档", recorded_on="2026-01-21"),  # not known yet
    ]
    expected = {"AAAB": "open", "BBCB": "", "BBBA": "open", "BBBB": "open", "CBBB": "open"}

    assert put(rule, expected, facts=facts) == expected


EXPIRED = "when: {periods: {last: 2, each: {grade: {at least: 称职}}, after: {fact: {kind: sanction, level: 警告, expired: yes%s}}}}"


def test_a_run_starts_anew_once_the_latest_fact_has_ended():
    facts = [
        fact("p0", "sanction", "2023-06-30", level="警告", to="2024-06-30"),
        fact("p1", "sanction", "2024-02-01", level="警告", to="2025-02-01"),  # 2024 ends before it has ended
        fact("p2", "sanction", "2020-02-01", level="警告"),  # without an end it goes on
        fact("p3", "sanction", "2022-02-01", level="警告", to="2026-09-01"),  # still running
        fact("p4", "sanction", "2024-06-01", level="警告", to="2024-12-31"),  # the year must end after that day
        fact("p5", "sanction", "2024-06-01", level="警告", to="2024-12-30"),
        fact("p6", "sanction", "2025-06-01", level="记过", to="2026-06-01"),  # of another level
    ]
    expected = {"AA": "open", "AB": "", "BA": "", "BB": "", "AAA": "", "BBB": "open", "BBA": "open"}

    assert put(EXPIRED % "", expected, facts=facts) == expected


def test_a_term_by_length_ends_too():
    facts = [fact("p0", "sanction", "2024-03-01", level="警告"), fact("p1", "sanction", "2024-09-01", level="警告")]

    expected = {"BB": "open", "AA": ""}

    assert put(EXPIRED % ", lasts: 6 months", expected, facts=facts) == expected


def test_what_looks_at_ends_itself_cannot_have_ended():
    with pytest.raises(PolicyError, match="expired"):
        parse(one_rule(EXPIRED % ", active: now"))


FIGURES = [
    ("sum: score, last: 2, at least: 170", {"BB": "open", "B-": "", "B": ""}),
    ("mean: score, last: 2, at least: 85", {"BB": "open", "B": ""}),
    ("min: score, last: 2, at least: 80", {"BB": "open", "B": "open"}),
    ("max: score, last: 2, at least: 90", {"BB": "open", "B": ""}),
]


@pytest.mark.parametrize(("periods", "expected"), FIGURES)
def test_figures_over_the_cycles_that_have_them(periods, expected):
    scores = {("p0", "2024"): 90.0, ("p0", "2025"): 80.0, ("p2", "2025"): 80.0, ("p1", "2025"): 80.0}

    assert put(f"when: {{periods: {{{periods}}}}}", expected, scores=scores) == expected


def test_cycles_without_the_figure_may_be_skipped():
    """Of the last two that have a score; the third-last counts where one between has none."""
    rule = "when: {periods: {last: 2, mean: score, is: 85, gaps: {unmeasured: skip, absent: skip}}}"
    scores = {("p0", "2023"): 90.0, ("p0", "2024"): None, ("p1", "2023"): 90.0}

    assert put(rule, {"BBB": "open", "B.B": "open", "BB": ""}, scores=scores) == {
        "BBB": "open",
        "B.B": "open",
        "BB": "",
    }


def test_no_figure_at_all_is_unknown_not_nought():
    rule = "when: {periods: {last: 2, sum: {indicator: 指标}, below: 10}}"

    assert put(rule, {"B": ""}) == {"B": ""}
    assert put(rule, {"B": "open"}, figures={("p0", "2025"): 5.0}) == {"B": "open"}


def test_months_roll_up_into_the_year():
    rule = "when: {periods: {kind: monthly, within: cycle, share: {grade: 较差}, above: 50%}}"
    months = {"p0": "DDDDDDDAAAAA", "p1": "DDDDDDAAAAAA", "p2": "DDDDDD.....A", "p3": "DDDDDD-----A"}
    expected = {"B": "open", "BB": "", "BBB": "open", "BBBB": "open"}

    assert put(rule, expected, months=months) == expected


def test_the_last_months_of_another_kind_are_counted_back_from_the_cycles_end():
    rule = "when: {periods: {kind: monthly, last: 3, each: {grade: 好}}}"
    months = {"p0": "DDDDDDDDDAAA", "p1": "AAAAAAAAAADA"}

    assert put(rule, {"B": "open", "BB": ""}, months=months) == {"B": "open", "BB": ""}


NESTED = [
    # the second 基本称职 in ten years counts as 不称职
    (
        "when: {periods: {last: 2, each: {any: [{grade: 不称职}, {all: [{grade: 基本称职}, "
        "{periods: {last: 10, count: {grade: 基本称职}, at least: 2}}]}]}}}",
        {"CBDC": "open", "CBDB": "", "DD": "open", "BDC": ""},
    ),
    (
        "when: {periods: {last: 2, none: {periods: {last: 2, each: {grade: 不称职}}}}}",
        {"DBD": "open", "BDD": "", "DDB": ""},
    ),
]


@pytest.mark.parametrize(("rule", "expected"), NESTED)
def test_periods_within_periods(rule, expected):
    assert put(rule, expected) == expected


SEQUENCES = [
    (
        "steps: [{grade: 基本称职}, {grade: 不称职}, {grade: 不称职}], within: 60 months, apart: 12 months",
        {"CDD": "open", "DCD": "", "CDBD": "open", "CD": "", "CDDB": "", "CBBBDD": ""},
    ),
    # two years between neighbours
    (
        "steps: [{grade: 不称职}, {grade: 不称职}], within: 60 months, apart: 24 months",
        {"DD": "", "DBD": "open", "DDD": "open"},
    ),
    ("steps: [{grade: 不称职}, {grade: 优秀}], within: 36 months", {"DA": "open", "DBA": "open", "DBBA": "", "AD": ""}),
]


@pytest.mark.parametrize(("sequence", "expected"), SEQUENCES)
def test_sequences(sequence, expected):
    assert put(f"when: {{sequence: {{{sequence}}}}}", expected) == expected


def test_the_same_item_in_each_cycle():
    facts = [
        fact("p0", "veto", "2024-01-01", level="x"),
        fact("p0", "veto", "2025-01-01", level="x"),
        fact("p1", "veto", "2024-01-01", level="x"),
        fact("p1", "veto", "2025-01-01", level="y"),
    ]
    rule = "when: {periods: {last: 2, each: {fact: {kind: veto, during: cycle}}, same: level}}"

    assert put(rule, {"BB": "open", "BBB": ""}, facts=facts) == {"BB": "open", "BBB": ""}


WAITING = [
    # it waits only while the outcome hangs on the pending period
    (
        "when: {periods: {last: 3, count: {grade: 不称职}, at least: 2, gaps: {pending: wait}}}",
        {"D?D": "open", "B?D": "held", "B?B": ""},
    ),
    (
        "when: {periods: {last: 3, none: {grade: 不称职}, gaps: {pending: wait}}}",
        {"B?B": "held", "D?B": "", "BBB": "open"},
    ),
    (
        "when: {not: {periods: {last: 3, some: {grade: 不称职}, gaps: {pending: wait}}}}",
        {"B?B": "held", "D?B": "", "BBB": "open"},
    ),
    (
        "when: {periods: {last: 3, count: {grade: 不称职}, at most: 1, gaps: {pending: wait}}}",
        {"D?B": "held", "B?B": "open", "D?D": ""},
    ),
]


@pytest.mark.parametrize(("rule", "expected"), WAITING)
def test_waiting_takes_the_pending_period_against_firing_and_for_it(rule, expected):
    assert put(rule, expected) == expected


def test_a_rule_that_waits_is_held_before_any_gate():
    rule = EACH % ", gaps: {pending: wait}" + "\ngate: [{blocked: {fact: {kind: sanction, active: now}}}]"

    assert put(rule, {"A?A": "held"}, facts=[fact("p0", "sanction", "2025-01-01")]) == {"A?A": "held"}


def test_ladders_climb_by_the_run():
    rule = (
        "when: {grade: 不称职}\nladder: {by: {periods: {last: 5, run: {grade: 不称职}}}, "
        "rungs: {1: 'restriction:1', 2: 'restriction:2', 3: 'restriction:3'}}"
    )
    histories = {"p0": "D", "p1": "DBD", "p2": "DD", "p3": "DDDD", "p4": "B"}

    found = run_rule(rule, Bureau(histories)).decisions.select("subject", "outcome").rows()

    assert found == [("p0", "restriction:1"), ("p1", "restriction:1"), ("p2", "restriction:2"), ("p3", "restriction:3")]


def test_a_share_as_a_number_of_nothing_is_unknown():
    rule = (
        "population: listed\nwhen: {post: 巡防}\n"
        "ladder: {by: {periods: {last: 2, share: {grade: 优秀}}}, rungs: {0: 'reward:low', 1: 'reward:all'}}"
    )

    found = run_rule(rule, Bureau({"p": "AA", "q": "AB", "r": "--"})).decisions

    # below the first rung nothing is decided
    assert found.select("subject", "outcome").rows() == [("p", "reward:all"), ("q", "reward:low")]


def test_bands_by_score():
    rule = "when: {score: {at least: 0}}\nladder: {by: score, rungs: {0: 'reward:c', 70: 'reward:b', 90: 'reward:a'}}"
    scores = {("p0", "2025"): 90.0, ("p1", "2025"): 89.9, ("p2", "2025"): 5.0}

    found = run_rule(rule, Bureau(dict.fromkeys(("p0", "p1", "p2"), "B"), scores=scores)).decisions

    assert found["outcome"].to_list() == ["reward:a", "reward:b", "reward:c"]


def test_a_rule_without_history_reads_no_history():
    result = run_rule("when: {grade: 优秀}", Bureau({"p": "AAAA"}))

    assert set(result.plan.needs.results) == {("officer", "2025"), ("unit", "2025")}
    assert statuses(result) == {"p": "open"}
    assert isinstance(result.decisions, pl.DataFrame)
