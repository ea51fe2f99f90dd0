"""Worked tables of ranks, gates, seats, reach, quotas and rules about other decisions."""
# ruff: noqa: E501  a row of a table reads best on one line

from datetime import date

import polars as pl
import pytest

from linkage.rules import PolicyError, decide, parse

from .small_bureau import DAY, Bureau, fact, one_rule, posting, put, run_rule, statuses

RANKS = [
    # a tie lets in at the top
    ("top: 1, members: 2", [90, 90, 5], ["open", "open", ""]),
    ("top: 2, members: 2", [90, 90, 5], ["open", "open", ""]),
    # and keeps out at the bottom
    ("bottom: 1, members: 2", [90, 5, 5], ["", "", ""]),
    ("bottom: 2, members: 2", [90, 5, 5], ["", "open", "open"]),
    # k is at least 1 at the top, and may be none at the bottom
    ("top: 20%", [90, 80, 70], ["open", "", ""]),
    ("bottom: 20%", [90, 80, 70], ["", "", ""]),
    ("bottom: 1/3", [90, 80, 70], ["", "", "open"]),
    # too small a group is false
    ("top: 1, members: 4", [90, 80, 70], ["", "", ""]),
    # whoever has no figure is in no ranking, nor counted
    ("top: 1, members: 3", [90, 80, None], ["", "", ""]),
    ("bottom: 50%, members: 2", [90, 80, None], ["", "open", ""]),
]


@pytest.mark.parametrize(("rank", "scores", "expected"), RANKS)
def test_ranks(rank, scores, expected):
    names = {f"p{i}": "B" for i in range(len(scores))}
    figures = {(name, "2025"): score for name, score in zip(names, scores, strict=True)}

    found = statuses(run_rule(f"when: {{rank: {{{rank}}}}}", Bureau(names, scores=figures)))

    assert [found.get(name, "") for name in names] == expected


def test_only_graded_peers_are_ranked_whatever_the_figure_is():
    """A figure that is not of the result, such as years of service, ranks the graded only."""
    fields = {f"p{i}": {"joined_on": date(2000 + i, 1, 1)} for i in range(3)}
    names = {"p0": "-", "p1": "B", "p2": "B"}

    result = run_rule("when: {rank: {top: 1, of: {years: {since: joined_on}}}}", Bureau(names, fields=fields))

    assert statuses(result) == {"p1": "open"}


def test_without_a_group_a_rank_is_unknown():
    postings = [posting("p0", "U1", leads=False, since="2010-01-01")]
    for rule in ("when: {rank: {top: 1}}", "when: {not: {rank: {bottom: 10%}}}"):
        assert put(rule, {"A": "open", "B": ""}, postings=postings) == {"A": "open", "B": ""}


def test_units_are_ranked_in_their_group():
    bureau = Bureau({"p": "A"}, units={"U1": "A", "U2": "B"}, scores={("U1", "2025"): 70.0, ("U2", "2025"): 90.0})

    assert statuses(run_rule("for: unit\nwhen: {rank: {top: 1, among: units}}", bureau)) == {"U2": "open"}


GATE = "when: {grade: 称职}\ngate: [{blocked: {fact: {kind: sanction, active: now}}}, {held: {fact: {kind: inquiry, active: now}}}]"


def test_gates_name_the_status_and_drop_nobody():
    facts = [
        fact("p0", "sanction", "2026-01-20", to="2026-01-21"),
        fact("p1", "sanction", "2025-01-01", to="2026-01-20"),  # over
        fact("p2", "inquiry", "2025-01-01"),
        fact("p3", "inquiry", "2025-01-01"),
        fact("p3", "sanction", "2025-01-01"),  # the first gate that applies
    ]
    expected = {"B": "blocked", "BB": "open", "BBB": "held", "BBBB": "blocked"}

    assert put(GATE, expected, facts=facts) == expected


def test_a_gate_has_exceptions():
    rule = "when: {grade: 称职}\ngate: {blocked: {fact: {kind: sanction}}, unless: {fact: {kind: merit}}}"
    facts = [
        fact("p0", "sanction", "2025-01-01"),
        fact("p1", "sanction", "2025-01-01"),
        fact("p1", "merit", "2025-01-01"),
    ]

    assert put(rule, {"B": "blocked", "BB": "open"}, facts=facts) == {"B": "blocked", "BB": "open"}


def test_a_cooldown_is_a_condition_on_past_awards():
    rule = (
        "when: [{grade: 优秀}, {not: {fact: {kind: award, within: 52 weeks}}}, {not: {fact: {kind: due, ahead: 60 days}}}, "
        "{served: {of: unit, at least: 6 months}}]"
    )
    facts = [
        fact("p0", "award", "2025-06-01"),
        fact("p1", "due", "2026-03-21", recorded_on="2025-01-01"),
        fact("p2", "due", "2026-03-22", recorded_on="2025-01-01"),
    ]

    assert put(rule, {"A": "", "AA": "", "AAA": "open"}, facts=facts) == {"A": "", "AA": "", "AAA": "open"}


# Seats -----------------------------------------------------------------------------------------------------------------
SEATS = "when: {grade: 优秀}\nseats: {per: bureau, share: 50%%, %sorder: [{highest: score}, {lowest: subject}]}"


def test_seats_go_to_the_open_ones_in_order():
    scores = {("p0", "2025"): 90.0, ("p2", "2025"): 95.0}
    expected = {"A": "open", "AA": "over_quota", "AAA": "open", "B": ""}

    assert put(SEATS % "", expected, scores=scores) == expected


def test_equal_ones_are_seated_by_badge_not_by_lot():
    rule = "when: {grade: 优秀}\nseats: {per: bureau, share: 50%, order: [{highest: score}]}"
    for order in (["p0", "p1", "p2", "p3"], ["p3", "p1", "p2", "p0"]):
        found = statuses(run_rule(rule, Bureau(dict.fromkeys(order, "A"))))
        assert found == {"p0": "open", "p1": "open", "p2": "over_quota", "p3": "over_quota"}


def test_a_missing_key_sorts_last():
    scores = {("p0", "2025"): None, ("p1", "2025"): 1.0}

    assert put(SEATS % "", {"A": "over_quota", "AA": "open"}, scores=scores) == {"A": "over_quota", "AA": "open"}


def test_blocked_ones_take_no_seat():
    rule = SEATS % "" + "\ngate: [{blocked: {fact: {kind: sanction}}}]"
    expected = {"A": "blocked", "AA": "open"}

    assert put(rule, expected, facts=[fact("p0", "sanction", "2025-01-01")]) == expected


def test_seats_may_be_out_of_all_listed():
    names = {"p0": "A", "p1": "A", "p2": "-", "p3": "-"}

    assert statuses(run_rule(SEATS % "", Bureau(names))) == {"p0": "open", "p1": "over_quota"}
    assert statuses(run_rule(SEATS % "out of: listed, ", Bureau(names))) == {"p0": "open", "p1": "open"}


def test_who_has_no_group_gets_no_seat():
    rule = "when: {grade: 优秀}\nseats: {per: unit, share: 100%, order: [{lowest: subject}]}"
    postings = [posting("p0", "U1", leads=False, since="2010-01-01")]

    assert put(rule, {"A": "open", "AA": "over_quota"}, postings=postings) == {"A": "open", "AA": "over_quota"}


def test_floors_seat_the_best_of_a_group_first():
    rule = (
        "when: {grade: 优秀}\nseats: {per: bureau, share: 50%, order: [{highest: score}], "
        "floors: [{when: {profile: {sex: 女}}, share: 25%}]}"
    )
    scores = {(f"p{i}", "2025"): 99.0 - i for i in range(8)}
    fields = {f"p{i}": {"sex": "男"} for i in range(6)}

    found = statuses(run_rule(rule, Bureau({f"p{i}": "A" for i in range(8)}, scores=scores, fields=fields)))

    # four seats, one of them (a quarter) for the best woman, p6
    assert [name for name, status in found.items() if status == "open"] == ["p0", "p1", "p2", "p6"]


# Reach -----------------------------------------------------------------------------------------------------------------
LAGS = "for: unit\nwhen: {periods: {last: 2, each: {grade: [一般, 较差]}}}\nto: {leader: throughout}"
LEADERS = [
    (("2024-01-01", "2025-12-31", True), "open"),
    (("2024-01-02", None, True), ""),  # not there on the first day
    (("2010-01-01", "2025-12-30", True), ""),  # gone before the last
    (("2010-01-01", None, False), ""),
]


@pytest.mark.parametrize(("stay", "expected"), LEADERS)
def test_a_lagging_unit_falls_on_who_led_it_throughout(stay, expected):
    since, to, leads = stay
    postings = [posting("p0", "U1", leads=leads, since=since, to=to)]

    assert put(LAGS, {"-": expected}, units={"U1": "DC"}, postings=postings) == {"-": expected}


def test_it_falls_on_members_and_the_gate_is_theirs():
    rule = (
        "for: unit\nwhen: {grade: 较差}\nto: {members: cycle end}\ngate: [{held: {fact: {kind: inquiry, active: now}}}]"
    )
    facts = [fact("p1", "inquiry", "2025-01-01"), fact("U1", "inquiry", "2025-01-01")]
    expected = {"-": "open", "B": "held"}

    assert put(rule, expected, units={"U1": "D"}, facts=facts) == expected


def test_it_falls_on_someone_without_any_result():
    rule = "for: unit\nwhen: {grade: 较差}\nto: {leader: cycle end}\ngate: [{held: {fact: {kind: inquiry}}}]"
    postings = [posting("p0", "U1", leads=True, since="2020-01-01")]
    result = run_rule(
        rule, Bureau({"p0": "A."}, units={"U1": "D"}, postings=postings, facts=[fact("p0", "inquiry", "2025-01-01")])
    )

    assert statuses(result) == {"p0": "held"}


def test_it_falls_on_the_units_below():
    bureau = Bureau({"p": "A"}, units={"U0": "D"})

    assert statuses(run_rule("for: unit\nwhen: {grade: 较差}\nto: {unit: descendants}", bureau)) == {
        "U1": "open",
        "U2": "open",
    }
    assert statuses(run_rule("for: unit\nwhen: {grade: 较差}\nto: {unit: children}", bureau)) == {"U1": "open"}


def test_one_decision_however_many_units_lead_to_it():
    postings = [posting("p0", unit, leads=True, since="2020-01-01") for unit in ("U2", "U1")]
    result = run_rule(
        "for: unit\nwhen: {grade: 较差}\nto: {leader: cycle end}",
        Bureau({"p0": "A"}, units={"U1": "D", "U2": "D"}, postings=postings),
    )

    assert result.fired["R"].select("subject", "origin").rows() == [("p0", "U1")]


# Quotas ----------------------------------------------------------------------------------------------------------------
def quota_policy(parts: str) -> str:
    return one_rule("when: {grade: 不称职}") + f"quotas:\n  q: {{cycle: annual, test: {{grade: 优秀}}, {parts}}}\n"


QUOTAS = [
    ("per: unit, share: 50%", "B", (2, 3, "1/2", 1)),
    ("per: unit, share: 2/3", "B", None),
    ("per: unit, share: 50%, lifted: [{when: {grade: 优秀}, share: 2/3}]", "A", None),
    ("per: unit, share: 50%, lifted: [{when: {grade: 优秀}, share: 2/3}]", "B", (2, 3, "1/2", 1)),
    # the last that holds wins
    (
        "per: unit, share: 50%, lifted: [{when: {grade: 优秀}, share: 2/3}, {when: {fact: {kind: veto}}, share: 0%}]",
        "A",
        (2, 3, "0", 0),
    ),
    ("per: bureau, share: 50%, out of: graded", "B", None),
    ("per: bureau, share: 50%", "B", (2, 3, "1/2", 1)),
]


@pytest.mark.parametrize(("parts", "unit", "expected"), QUOTAS)
def test_quotas_are_reported_with_their_arithmetic(parts, unit, expected):
    facts = [fact("U1", "veto", "2025-01-01")] if "0%" in parts else []
    names = {"p0": "A", "p1": "A", "p2": "-"} | ({"p3": "B", "p4": "B"} if "graded" in parts else {})
    bureau = Bureau(names, units={"U1": unit}, facts=facts)

    breaches = decide(parse(quota_policy(parts)), bureau.world(), "2025", DAY).breaches

    assert breaches.select("hits", "base", "share", "cap").rows() == ([expected] if expected else [])


def test_a_quota_may_have_its_own_term():
    text = quota_policy("per: unit, share: 0%, valid: {until: 2025-12-31}")

    assert decide(parse(text), Bureau({"p": "A"}).world(), "2025", DAY).quotas.is_empty()


# Rules about this run's decisions --------------------------------------------------------------------------------------
SECOND = one_rule(
    "when: {grade: 不称职}\noutcome: training:plan\ngate: [{held: {fact: {kind: h}}}, {blocked: {fact: {kind: b}}}]"
) + (
    "  S:\n    title: t\n    for: officer\n    cycle: any\n    when: {decision: {of: training, in: this run}}\n"
    "    outcome: training:stage_2\n"
)


def test_open_and_held_decisions_of_this_run_are_seen():
    bureau = Bureau(
        {"p0": "D", "p1": "D", "p2": "D", "p3": "A"},
        facts=[fact("p1", "h", "2025-01-01"), fact("p2", "b", "2025-01-01")],
    )

    found = decide(parse(SECOND), bureau.world(), "2025", DAY).decisions

    assert found.filter(rule="S")["subject"].to_list() == ["p0", "p1"]


def test_a_units_decision_of_this_run_is_not_an_officers():
    text = (
        SECOND.replace("for: officer\n    cycle: annual", "for: unit\n    cycle: annual")
        .replace("when: {grade: 不称职}", "when: {grade: 较差}")
        .replace("  R:\n    title: t\n    for: officer", "  R:\n    title: t\n    for: unit")
    )
    bureau = Bureau({"U1": "D"}, units={"U1": "D"})

    found = decide(parse(text), bureau.world(), "2025", DAY).decisions

    assert found.select("rule", "who").rows() == [("R", "unit")]


REFUSED = [
    ("gate: [{held: {decision: {of: training, in: this run}}}]\nwhen: {grade: 优秀}", "run_decision"),
    ("when: {periods: {last: 2, each: {decision: {of: training, in: this run}}}}", "run_decision"),
    ("when: {unit: {decision: {of: training, in: this run}}}", "run_decision"),
]


@pytest.mark.parametrize(("rule", "code"), REFUSED)
def test_this_runs_decisions_may_be_asked_for_only_directly(rule, code):
    with pytest.raises(PolicyError) as refusal:
        run_rule(rule, Bureau({"p": "A"}))

    assert refusal.value.code == code


def test_a_third_stratum_is_refused():
    third = "  T:\n    title: t\n    for: officer\n    cycle: any\n    when: {decision: {of: S, in: this run}}\n    outcome: reward:x\n"
    with pytest.raises(PolicyError) as refusal:
        decide(parse(SECOND + third), Bureau({"p": "D"}).world(), "2025", DAY)

    assert refusal.value.code == "third_stratum"
    assert refusal.value.line == 24


# Validity --------------------------------------------------------------------------------------------------------------
TERMS = [
    ("{from: 2025-12-31}", True),
    ("{from: 2026-01-01}", False),
    ("{until: 2025-12-31}", False),
    ("{until: 2026-01-01}", True),
    ("{from: 2025-01-01, until: 2026-01-01}", True),
]


@pytest.mark.parametrize(("term", "holds"), TERMS)
def test_a_rule_is_in_force_by_the_cycles_last_day(term, holds):
    result = run_rule(f"when: {{grade: 优秀}}\nvalid: {term}", Bureau({"p": "A"}))

    assert statuses(result) == ({"p": "open"} if holds else {})


def test_a_run_without_rules_decides_nothing():
    result = run_rule("cycle: monthly\nwhen: {grade: 好}", Bureau({"p": "A"}))

    assert result.decisions.is_empty()
    assert result.decisions.columns == ["rule", "subject", "status", "outcome", "focus", "dose", "who"]
    assert isinstance(result.decisions.schema["subject"], pl.String)
