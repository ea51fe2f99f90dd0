"""What the slow evaluator and the fast one once answered differently; the paper of the language decided."""

from datetime import date

import polars as pl
import pytest

from .small_bureau import Bureau, d, fact, posting, put, run_rule, statuses

NOTHING_SPEAKS = [
    # an ungraded period has no figure, hence none that is good enough
    "when: {indicator: {each of: scheme, at least: 60}}\npopulation: listed",
    "when: {not: {indicator: {any of: scheme, below: 60}}}\npopulation: listed",
    "when: {periods: {last: 2, each: {indicator: {each of: scheme, at least: 60}}}}\npopulation: listed",
]


@pytest.mark.parametrize("rule", NOTHING_SPEAKS)
def test_of_a_scheme_without_any_figure_nothing_is_known(rule):
    assert put(rule, {"A-": "", "--": ""}) == {"A-": "", "--": ""}


def test_figures_of_another_post_do_not_speak():
    """An officer who moved has a figure of his earlier post; his present scheme does not weigh it."""
    elsewhere = [
        ("p0", "U1", "内勤", False, d("2020-01-01"), None),
        posting("p1", "U1", leads=False, since="2020-01-01"),
    ]
    figures = {("p0", "2025"): 50.0, ("p1", "2025"): 50.0}
    bureau = Bureau({"p0": "A", "p1": "A"}, figures=figures, postings=elsewhere)

    assert statuses(run_rule("when: {indicator: {any of: scheme, below: 60}}", bureau)) == {"p1": "open"}


def test_a_grade_of_another_scale_is_unknown_where_there_is_no_grade():
    rule = "when: {not: {grade: 较差}}\npopulation: listed"

    assert put(rule, {"A": "open", "-": "", "?": ""}) == {"A": "open", "-": "", "?": ""}


def test_below_the_first_rung_nothing_is_decided():
    rule = "when: {grade: 优秀}\nladder: {by: score, rungs: {60: 'reward:low', 80: 'reward:high'}}"
    scores = {("p0", "2025"): 59.0, ("p1", "2025"): None, ("p2", "2025"): 60.0}

    found = run_rule(rule, Bureau({"p0": "A", "p1": "AA", "p2": "AAA"}, scores=scores)).decisions

    assert found.select("subject", "outcome").rows() == [("p2", "reward:low")]


def test_a_rung_is_reached_by_a_sum_of_tenths():
    by = "{periods: {last: 3, sum: score}}"
    rule = f"when: {{grade: 优秀}}\nladder: {{by: {by}, rungs: {{0: 'reward:low', 1: 'reward:high'}}}}"
    scores = {("p0", "2025"): 0.1, ("p0", "2024"): 0.3, ("p0", "2023"): 0.6}  # as floats a little below 1

    found = run_rule(rule, Bureau({"p0": "AAA"}, scores=scores)).decisions

    assert found["outcome"].to_list() == ["reward:high"]


def test_figures_equal_but_for_the_order_of_adding_are_a_tie():
    """Whoever ties at the top is let in: 0.1 + 0.2 + 0.3 is 0.3 + 0.2 + 0.1."""
    rule = "when: {rank: {top: 1, of: {periods: {last: 3, sum: score}}}}"
    years = ("2023", "2024", "2025")
    scores = {("p0", year): score for year, score in zip(years, (0.1, 0.2, 0.3), strict=True)}
    scores |= {("p1", year): score for year, score in zip(years, (0.3, 0.2, 0.1), strict=True)}

    found = statuses(run_rule(rule, Bureau({"p0": "AAA", "p1": "AAA"}, scores=scores)))

    assert found == {"p0": "open", "p1": "open"}


@pytest.mark.parametrize("total", ["amount", "latest"])
def test_facts_without_an_amount_come_to_nothing_known(total):
    rule = f"when: {{fact: {{kind: a, total: {total}, at most: 5}}}}"
    facts = [fact("p0", "a", "2025-01-01"), fact("p1", "a", "2025-01-01", amount=5.0)]

    assert put(rule, {"A": "", "B": "open", "C": ""}, facts=facts) == {"A": "", "B": "open", "C": ""}


def test_a_fact_to_come_has_lasted_no_days_yet():
    rule = "when: {fact: {kind: a, ahead: 60 days, total: days, below: 0}}"

    assert put(rule, {"A": ""}, facts=[fact("p0", "a", "2026-02-01", recorded_on="2025-12-01")]) == {"A": ""}


def test_a_decision_of_a_later_day_does_not_exist_yet():
    rule = "when: {decision: {of: training}}"
    row = {"who": "officer", "rule": "X", "status": "open", "outcome": "training:x", "ended": None}
    days = {"p0": date(2026, 1, 20), "p1": date(2026, 1, 21)}
    past = pl.DataFrame([{**row, "subject": who, "decided_on": day} for who, day in days.items()])

    assert put(rule, {"A": "open", "B": ""}, decisions=past) == {"A": "open", "B": ""}


def test_a_decision_of_this_run_is_within_any_length():
    extra = "  R0: {title: t, for: officer, cycle: annual, basis: t, when: {grade: 优秀}, outcome: 'training:x'}\n"
    body = "when: {decision: {of: training, in: this run, within: 1 year}}"
    found = run_rule(body, Bureau({"p0": "A", "p1": "B"}), rules=extra)

    assert found.decisions.filter(pl.col("rule") == "R")["subject"].to_list() == ["p0"]


def test_the_focus_is_found_in_the_conditions_of_another_rule():
    extra = (
        "  R0: {title: t, for: officer, cycle: annual, basis: t, outcome: 'training:x',"
        " when: {indicator: {of: 指标, below: 60}}}\n"
    )
    found = run_rule(
        "when: {met: R0}\nfocus: failing", Bureau({"p0": "A"}, figures={("p0", "2025"): 50.0}), rules=extra
    )

    assert found.decisions.filter(pl.col("rule") == "R")["focus"].to_list() == ["指标"]


def test_three_cycles_back_nothing_more_is_taken_from_the_one_before():
    rule = "when: {periods: {last: 1, each: {status: ungraded}, gaps: {ungraded: previous}}}\npopulation: listed"

    assert put(rule, {"-----": "", "A": ""}) == {"-----": "", "A": ""}
