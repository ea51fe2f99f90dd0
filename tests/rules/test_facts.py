"""Worked tables of facts: windows with their edges, totals, what supersedes what."""

import pytest

from .small_bureau import Bureau, fact, put, run_rule, statuses

# The cycle is 2025; the day is 2026-01-20.
WINDOWS = [
    ("ever: true", [("2026-01-20", None, "open"), ("2026-01-21", None, "")]),
    (
        "active: now",
        [
            ("2026-01-20", "2026-01-21", "open"),
            ("2025-01-01", "2026-01-20", ""),  # ended on the day
            ("2025-01-01", None, "open"),
            ("2026-01-21", None, ""),
        ],
    ),
    ("active: cycle end", [("2025-12-31", None, "open"), ("2026-01-01", None, ""), ("2025-01-01", "2025-12-31", "")]),
    ("during: cycle", [("2025-01-01", None, "open"), ("2025-12-31", None, "open"), ("2024-12-31", None, "")]),
    ("during: year", [("2026-01-01", None, "open"), ("2025-12-31", None, ""), ("2026-01-21", None, "")]),
    (
        "overlaps: cycle",
        [
            ("2024-06-01", "2025-01-02", "open"),
            ("2024-06-01", "2025-01-01", ""),
            ("2024-06-01", None, "open"),
            ("2026-01-01", None, ""),
        ],
    ),
    ("within: 365 days", [("2025-01-21", None, "open"), ("2025-01-20", None, ""), ("2026-01-20", None, "open")]),
    ("within: 12 months", [("2025-01-21", None, "open"), ("2025-01-20", None, "")]),
    ("ahead: 60 days", [("2026-03-21", None, "open"), ("2026-03-22", None, ""), ("2026-01-20", None, "")]),
    ("ahead: 2 months", [("2026-03-20", None, "open"), ("2026-03-21", None, "")]),
    # joined on 29 February: the personal year began on 1 March 2025
    ("year of: joined_on", [("2025-03-01", None, "open"), ("2025-02-28", None, ""), ("2026-01-20", None, "open")]),
]
EDGES = [(window, *edge) for window, edges in WINDOWS for edge in edges]


@pytest.mark.parametrize(("window", "since", "to", "expected"), EDGES)
def test_windows_and_their_edges(window, since, to, expected):
    facts = [fact("p0", "thing", since, to=to, recorded_on="2024-01-01")]

    assert put(f"when: {{fact: {{kind: thing, {window}}}}}", {"B": expected}, facts=facts) == {"B": expected}


def test_a_fact_recorded_after_the_day_does_not_exist_yet():
    facts = [
        fact("p0", "thing", "2025-05-01", recorded_on="2026-01-21"),
        fact("p1", "thing", "2025-05-01", recorded_on="2026-01-20"),
    ]

    assert put("when: {fact: {kind: thing}}", {"A": "", "B": "open"}, facts=facts) == {"A": "", "B": "open"}


def test_after_another_fact():
    facts = [
        fact("p0", "refused", "2025-02-02"),
        fact("p0", "offered", "2025-02-01"),
        fact("p1", "refused", "2025-02-01"),
        fact("p1", "offered", "2025-02-01"),
        fact("p2", "refused", "2025-02-01"),  # without an offer it is no refusal
        fact("p3", "refused", "2025-03-01"),
        fact("p3", "offered", "2025-01-01"),
        fact("p3", "offered", "2025-04-01"),  # the latest counts
    ]
    expected = {"A": "open", "B": "", "C": "", "D": ""}

    assert put("when: {fact: {kind: refused, after: {fact: {kind: offered}}}}", expected, facts=facts) == expected


def test_after_another_fact_has_ended():
    facts = [
        *(fact(who, "misses", "2025-06-01") for who in ("p0", "p1", "p2")),
        fact("p0", "sanction", "2024-06-01", to="2025-05-31"),
        fact("p1", "sanction", "2024-06-01", to="2025-06-01"),
        fact("p2", "sanction", "2024-06-01"),  # goes on
    ]
    rule = "when: {fact: {kind: misses, after: {fact: {kind: sanction, expired: yes}}}}"

    assert put(rule, {"A": "open", "B": "", "C": ""}, facts=facts) == {"A": "open", "B": "", "C": ""}


def test_after_a_fact_of_the_cycle():
    facts = [
        fact("p0", "y", "2025-02-02"),
        fact("p0", "x", "2025-02-01"),
        fact("p1", "y", "2025-02-02"),
        fact("p1", "x", "2024-02-01"),
    ]

    assert put(
        "when: {fact: {kind: y, after: {fact: {kind: x, during: cycle}}}}", {"A": "open", "B": ""}, facts=facts
    ) == {"A": "open", "B": ""}


TOTALS = [
    ("at least: 3", "open"),
    ("at least: 4", ""),
    ("is: 3", "open"),
    ("once per: note, is: 2", "open"),
    ("once per: level, is: 1", "open"),
    ("total: days, is: 16", "open"),  # 10 + 5, and the last goes on until the day
    ("total: longest, is: 10", "open"),
    ("total: amount, is: 7.5", "open"),
    ("total: latest, is: 0.5", "open"),
]


@pytest.mark.parametrize(("comparison", "expected"), TOTALS)
def test_totals(comparison, expected):
    facts = [
        fact("p0", "leave", "2025-03-01", to="2025-03-11", note="a", amount=5.0),
        fact("p0", "leave", "2025-05-01", to="2025-05-06", note="a", amount=2.0),
        fact("p0", "leave", "2026-01-19", note="b", amount=0.5),
    ]

    assert put(f"when: {{fact: {{kind: leave, {comparison}}}}}", {"B": expected}, facts=facts) == {"B": expected}


def test_only_the_days_inside_the_cycle_count():
    facts = [fact("p0", "leave", "2024-12-01", to="2025-07-03"), fact("p1", "leave", "2024-06-01", to="2025-07-02")]
    rule = "population: everyone\nwhen: {fact: {kind: leave, overlaps: cycle, total: days, above: 182}}"

    assert put(rule, {"-": "open", "B": ""}, facts=facts) == {"-": "open", "B": ""}


def test_an_open_end_counts_to_the_end_of_the_cycle():
    facts = [fact("p0", "leave", "2025-12-22")]

    assert put("when: {fact: {kind: leave, overlaps: cycle, total: days, is: 10}}", {"B": "open"}, facts=facts) == {
        "B": "open"
    }


def test_no_fact_is_none_of_them_but_no_amount():
    rule = "when: {all: [{fact: {kind: leave, total: days, is: 0}}, {fact: {kind: leave, at most: 0}}]}"

    assert put(rule, {"B": "open"}) == {"B": "open"}
    assert put("when: {fact: {kind: points, total: amount, below: 12}}", {"B": ""}) == {"B": ""}


def test_votes_in_two_tiers():
    facts = [
        fact("p0", "vote", "2025-01-01", amount=0.5),
        fact("p0", "vote", "2025-07-01", amount=0.3),
        fact("p1", "vote", "2025-07-01", amount=1 / 3),
    ]
    rule = "when: {fact: {kind: vote, during: cycle, total: latest, at least: 1/3}}"

    assert put(rule, {"B": "", "BB": "open"}, facts=facts) == {"B": "", "BB": "open"}


def test_points_of_a_personal_year():
    facts = [
        fact("p0", "points", "2025-03-01", amount=6.0),
        fact("p0", "points", "2026-01-01", amount=6.0),
        fact("p1", "points", "2025-02-28", amount=6.0),
        fact("p1", "points", "2026-01-01", amount=6.0),
    ]
    rule = "when: {fact: {kind: points, year of: joined_on, total: amount, at least: 12}}"

    assert put(rule, {"B": "open", "BB": ""}, facts=facts) == {"B": "open", "BB": ""}


def test_a_fact_recorded_again_supersedes_the_earlier_row():
    """An inquiry that ended is the same inquiry, recorded later with its end."""
    facts = [
        fact("p0", "inquiry", "2025-05-01"),
        fact("p0", "inquiry", "2025-05-01", to="2025-12-01", recorded_on="2025-12-02"),
        fact("p1", "inquiry", "2025-05-01"),
        fact("p1", "inquiry", "2025-05-01", to="2026-01-10", recorded_on="2026-01-21"),  # not known yet
    ]

    assert put("when: {fact: {kind: inquiry, active: now}}", {"A": "", "B": "open"}, facts=facts) == {
        "A": "",
        "B": "open",
    }


def test_two_facts_of_one_day_recorded_together_are_two():
    facts = [fact("p0", "complaint", "2025-05-01", note="a"), fact("p0", "complaint", "2025-05-01", note="b")]

    assert put("when: {fact: {kind: complaint, is: 2}}", {"B": "open"}, facts=facts) == {"B": "open"}


def test_inside_periods_the_cycle_is_the_one_looked_at():
    facts = [fact("p0", "late", "2024-05-01"), fact("p0", "late", "2025-05-01"), fact("p1", "late", "2025-05-01")]
    rule = "when: {periods: {last: 2, each: {fact: {kind: late, during: cycle}}}}"

    assert put(rule, {"BB": "open", "BBB": ""}, facts=facts) == {"BB": "open", "BBB": ""}


def test_doses_grow_to_their_cap():
    rule = "when: {fact: {kind: full}}\ndose: {unit: 天, by: {fact: {kind: full}}, first: 7, step: 7, cap: 10}"
    facts = [fact("p0", "full", "2025-01-01"), fact("p1", "full", "2025-01-01"), fact("p1", "full", "2025-02-01")]

    result = run_rule(rule, Bureau({"p0": "B", "p1": "B"}, facts=facts))

    assert result.decisions.select("subject", "dose").rows() == [("p0", "7 天"), ("p1", "10 天")]
    assert statuses(result) == {"p0": "open", "p1": "open"}
