"""Worked tables: facts by amount, terms, causes and focus; sequences of facts; counts that a decision resets."""
# ruff: noqa: E501  a row of a table reads best on one line

from datetime import date

import polars as pl
import pytest

from linkage.rules import PolicyError, decide, evidence, parse, reasons, why

from .small_bureau import DAY, HEAD, Bureau, d, fact, one_rule, put, run_rule, statuses


def decided(*rows: tuple[str, str, str, str, str]) -> pl.DataFrame:
    """subject, rule, outcome, decided on, of which cycle."""
    names = ["subject", "rule", "outcome", "decided_on", "cycle"]
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(names, pl.String), orient="row")
    more = {"who": pl.lit("officer"), "status": pl.lit("open"), "ended": pl.lit(None, pl.String)}
    return frame.with_columns(pl.col("decided_on").str.to_date(), **more)


AMOUNTS = [
    # CN-055: two tiers of a vote share; only the rows whose own amount is so count
    ("amount: {at least: 30%, below: 50%}", [0.3], "open"),
    ("amount: {at least: 30%, below: 50%}", [0.29, 0.5], ""),
    ("amount: {at least: 30%, below: 50%}", [0.29, 0.45], "open"),
    ("amount: {at least: 30%}, at least: 2", [0.31, 0.45], "open"),
    ("amount: {at least: 30%}, at least: 2", [0.31, None], ""),
]


@pytest.mark.parametrize(("filter_", "shares", "status"), AMOUNTS)
def test_facts_by_their_own_amount(filter_, shares, status):
    facts = [fact("p0", "vote", f"2025-0{i + 1}-01", amount=share) for i, share in enumerate(shares)]
    rule = f"when: {{fact: {{kind: vote, during: cycle, {filter_}}}}}"

    assert put(rule, {"B": status}, facts=facts) == {"B": status}


TERMS = [
    # CN-007: how long a sanction lasts depends on its level; a row with an end of its own keeps it
    ("2025-03-01", "记过", None, "open"),
    ("2025-01-20", "记过", None, ""),
    ("2025-01-21", "记过", None, "open"),
    ("2025-07-20", "警告", None, ""),
    ("2025-07-21", "警告", None, "open"),
    ("2025-03-01", "记过", "2025-12-31", ""),
    ("2020-03-01", "别的", None, "open"),  # nothing said of the level: no end
]


@pytest.mark.parametrize(("on", "level", "to", "status"), TERMS)
def test_a_blocking_fact_has_a_clock_by_its_level(on, level, to, status):
    rule = "when: {fact: {kind: sanction, active: now, lasts: {警告: 6 months, 记过: 12 months}}}"

    assert put(rule, {"B": status}, facts=[fact("p0", "sanction", on, to=to, level=level)]) == {"B": status}


ADDED = [
    # AN-008: a sanction during a sanction: what is left and the new term are added up, to at most 48 months
    ([("2024-01-01", "2025-01-01")], ""),
    ([("2024-01-01", "2025-01-01"), ("2024-06-01", "2025-06-01")], ""),  # to 2026-01-01
    ([("2024-01-01", "2025-02-01"), ("2024-06-01", "2025-06-01")], "open"),  # to 2026-02-01
    ([("2023-01-01", "2024-01-01"), ("2024-06-01", "2025-06-01")], ""),  # one after the other: nothing is added
    ([("2022-01-01", "2024-01-01"), ("2022-06-01", "2024-06-01"), ("2022-07-01", "2023-07-01")], "open"),  # 2024 + 24 + 12
]  # fmt: skip


@pytest.mark.parametrize(("terms", "status"), ADDED)
def test_terms_that_overlap_are_added_up(terms, status):
    facts = [fact("p0", "sanction", start, to=end, level=str(i)) for i, (start, end) in enumerate(terms)]
    rule = "when: {fact: {kind: sanction, active: now, added: 48 months}}"

    assert put(rule, {"B": status}, facts=facts) == {"B": status}


def test_added_terms_are_capped_and_the_note_says_until_when():
    terms = [
        ("2022-01-01", "2025-01-01"),
        ("2022-02-01", "2025-02-01"),
    ]  # 2025-01-01 + 36 months, but 48 from 2022-02-01
    facts = [fact("p0", "sanction", start, to=end, level=str(i)) for i, (start, end) in enumerate(terms)]
    rule = "when: {grade: 称职}\ngate: {blocked: {fact: {kind: sanction, active: now, added: %s}}}"

    capped = run_rule(rule % "48 months", Bureau({"p0": "B"}, facts=facts))
    longer = run_rule(rule % "60 months", Bureau({"p0": "B"}, facts=facts))

    assert reasons(capped)["note_zh"][0] == "处分影响期至 2026-02-01"
    assert reasons(longer)["note_zh"][0] == "处分影响期至 2027-02-01"


EXEMPT = [
    # 容错免责: what was done in good faith does not count, and only that
    ([("veto", "a")], "open"),
    ([("veto", "a"), ("excused", "a")], ""),
    ([("veto", "a"), ("excused", "b")], "open"),
    ([("veto", "a"), ("veto", "b"), ("excused", "b")], "open"),
    ([("veto", ""), ("excused", "")], "open"),  # no cause is no common cause
]


@pytest.mark.parametrize(("rows", "status"), EXEMPT)
def test_what_is_excused_by_a_fact_of_the_same_cause_does_not_count(rows, status):
    facts = [fact("p0", kind, f"2025-0{i + 1}-01", note=note) for i, (kind, note) in enumerate(rows)]
    rule = "when: {fact: {kind: veto, during: cycle, exempt: {fact: {kind: excused}}}}"

    assert put(rule, {"B": status}, facts=facts) == {"B": status}


DEED = "when: {fact: {kind: deed, during: cycle}}\ngate: {blocked: {fact: {kind: award, same: cause}}}"


def test_the_same_deed_is_rewarded_once():
    """PD-001: an award for the deed the rule fires for blocks it; an award for another deed does not."""
    facts = [fact(p, "deed", "2025-05-01", note="救人") for p in ("p0", "p1", "p2")]
    facts += [fact("p0", "award", "2025-06-01", note="救人"), fact("p1", "award", "2025-06-01", note="破案")]
    expected = {"B": "blocked", "BB": "open", "BBB": "open"}

    assert put(DEED, expected, facts=facts) == expected
    result = run_rule(DEED, Bureau({"p0": "B"}, facts=facts))
    assert "与本次认定同一事由" in why(result, "R", "p0").children[-1].text


def test_the_cause_needs_another_fact():
    with pytest.raises(PolicyError) as refusal:
        parse(one_rule("when: {grade: 优秀}\ngate: {blocked: {fact: {kind: award, same: cause}}}"))

    assert (refusal.value.code, refusal.value.line) == ("cause_needs", 13)


SIMILAR = (
    "when: [{indicator: {of: 指标, below: 60}}, {fact: {kind: plan_closed, within: 12 months, same: focus}}]\nfocus: %s"
)


@pytest.mark.parametrize("focus", ["failing", "指标", "weakest"])
def test_a_relapse_in_the_same_matter(focus):
    """UK-008: only a plan closed on the same matter counts."""
    facts = [fact("p0", "plan_closed", "2025-06-01", note="指标"), fact("p1", "plan_closed", "2025-06-01", note="别的")]
    figures = {(p, "2025"): 50.0 for p in ("p0", "p1", "p2")}

    assert put(SIMILAR % focus, {"B": "open", "BB": "", "BBB": ""}, facts=facts, figures=figures) == {
        "B": "open",
        "BB": "",
        "BBB": "",
    }


def test_a_gate_may_ask_for_the_same_focus():
    facts = [fact("p0", "plan", "2025-06-01", note="指标"), fact("p1", "plan", "2025-06-01", note="别的")]
    figures = {(p, "2025"): 50.0 for p in ("p0", "p1")}
    rule = "when: {indicator: {of: 指标, below: 60}}\nfocus: failing\ngate: {held: {fact: {kind: plan, same: focus}}}"

    result = run_rule(rule, Bureau({"p0": "B", "p1": "B"}, facts=facts, figures=figures))

    assert statuses(result) == {"p0": "held", "p1": "open"}
    assert evidence(result, "R", ["p0"]).filter(source="fact")["recorded_on"].to_list() == [d("2025-06-01")]


def test_a_relapse_in_the_matter_of_a_decision_of_this_run():
    text = one_rule("when: {grade: 基本称职}\noutcome: training:plan\nfocus: 指标") + (
        "  S: {title: t, for: officer, cycle: annual, basis: t, outcome: 'training:stage_2', when:"
        " [{decision: {of: training, in: this run}}, {fact: {kind: plan_closed, same: focus}}]}\n"
    )
    facts = [fact("p0", "plan_closed", "2025-06-01", note="指标"), fact("p1", "plan_closed", "2025-06-01", note="别的")]
    result = decide(parse(text), Bureau({"p0": "C", "p1": "C", "p2": "C"}, facts=facts).world(), "2025", DAY)

    assert result.decisions.filter(rule="S")["subject"].to_list() == ["p0"]
    assert [child.answer for child in why(result, "S", "p1").children] == [True, True, False]
    assert evidence(result, "S").filter(source="fact").height == 1


def test_a_rule_without_a_focus_has_none_to_compare():
    with pytest.raises(PolicyError) as refusal:
        parse(one_rule("when: [{grade: 优秀}, {fact: {kind: plan, same: focus}}]"))

    assert refusal.value.code == "focus_needs"


RETEST = "when: {sequence: {steps: [{fact: {kind: vote, amount: {at least: 30%}}}, {fact: {kind: vote, amount: {at least: 30%}}}], within: 18 months, apart: 6 months}}"
VOTES = [
    # CN-055: three tenths, and after half a year three tenths again
    ([("2025-01-10", 0.35), ("2025-07-10", 0.31)], "open"),
    ([("2025-01-10", 0.35), ("2025-07-09", 0.31)], ""),  # too early
    ([("2025-01-10", 0.35), ("2025-07-10", 0.29)], ""),  # passed
    ([("2024-06-30", 0.35), ("2025-02-01", 0.31)], ""),  # too long ago
    ([("2025-01-10", 0.35), ("2025-02-10", 0.35), ("2025-07-15", 0.31)], "open"),  # one of them is early enough
    ([("2024-07-01", 0.35), ("2024-12-31", 0.31)], ""),  # the last is not of this year
    ([("2025-01-10", 0.35)], ""),
]


@pytest.mark.parametrize(("votes", "status"), VOTES)
def test_a_retest_half_a_year_later(votes, status):
    facts = [fact("p0", "vote", on, amount=share) for on, share in votes]

    assert put(RETEST, {"B": status}, facts=facts) == {"B": status}


LADDER = "when: {sequence: {steps: [{fact: {kind: fault}}, {fact: {kind: exam, level: 不合格}}, {fact: {kind: exam, level: 不合格}}], within: 12 months}}"
EXAMS = [
    # PD-015: fault, failed exam, failed again
    (["fault", "不合格", "不合格"], "open"),
    (["不合格", "fault", "不合格"], ""),
    (["fault", "合格", "不合格"], ""),
    (["fault", "不合格", "合格", "不合格"], "open"),
]


@pytest.mark.parametrize(("rows", "status"), EXAMS)
def test_three_facts_in_order(rows, status):
    days = [f"2025-0{i + 1}-01" for i in range(len(rows))]
    facts = [
        fact("p0", "fault", on) if row == "fault" else fact("p0", "exam", on, level=row)
        for on, row in zip(days, rows, strict=True)
    ]

    assert put(LADDER, {"B": status}, facts=facts) == {"B": status}


HELPED = "when: {sequence: {steps: [{grade: 不称职}, {fact: {kind: help}}, {grade: 不称职}], within: 2 years}}"


def test_help_must_lie_between_two_failures():
    """PH-001: a fact between two cycles."""
    facts = [fact("p0", "help", "2025-03-01"), fact("p1", "help", "2024-03-01"), fact("p3", "help", "2025-03-01")]
    expected = {"DD": "open", "DDD": "", "D.D": "", "CD": ""}

    found = put(HELPED, expected, facts=facts)

    assert found == expected
    result = run_rule(HELPED, Bureau({"p0": "DD"}, facts=facts))
    assert why(result, "R", "p0").children[1].figures == "2024-12-31 → 2025-03-01 → 2025-12-31"
    assert sorted(evidence(result)["source"].to_list()) == ["fact", "result", "result"]


SINCE = (
    "when: {periods: {last: 5, count: {grade: {at least: 称职}}, at least: 2, after: {decision: {of: reward:晋档}}}}"
)


def test_a_decision_starts_the_count_anew():
    """CN-022: counted since the last outcome of its kind; this cycle's own earlier run does not stop it."""
    past = decided(
        ("p0", "S", "reward:晋档", "2024-01-20", "2023"),
        ("p1", "S", "reward:晋档", "2025-01-20", "2024"),
        ("p2", "R", "reward:晋档", "2026-01-15", "2025"),
        ("p3", "S", "reward:嘉奖", "2025-01-20", "2024"),
    )
    expected = {"BBBB": "open", "BBB": "", "BB": "open", "BBBBB": "open", "B": ""}

    assert put(SINCE, expected, decisions=past) == expected


def test_facts_since_the_last_decision_and_how_often_it_was_decided():
    past = decided(
        ("p0", "S", "training:plan", "2025-05-01", "2024"), ("p1", "S", "training:plan", "2025-05-01", "2024")
    )
    facts = [fact("p0", "late", "2025-06-01"), fact("p1", "late", "2025-04-01"), fact("p2", "late", "2025-06-01")]
    after = "when: {fact: {kind: late, after: {decision: {of: training}}}}"

    assert put(after, {"B": "open", "BB": "", "BBB": ""}, facts=facts, decisions=past) == {
        "B": "open",
        "BB": "",
        "BBB": "",
    }
    assert put(after, {"B": ""}, facts=facts) == {"B": ""}
    often = "when: {decision: {of: training, within: 2 years, below: 1}}"
    assert put(often, {"B": "", "BB": "", "BBB": "open"}, decisions=past) == {"B": "", "BB": "", "BBB": "open"}


def test_a_ladder_by_the_number_of_decisions():
    """LO-001: the third time weighs more."""
    rows = [("p0", "S", "training:plan", f"202{n}-01-20", f"202{n - 1}") for n in (3, 4)]
    rule = "when: {grade: 不称职}\nladder: {by: {decision: {of: training:plan, within: 5 years}}, rungs: {0: 'training:plan', 2: 'post_adjustment:x'}}"
    result = run_rule(rule, Bureau({"p0": "D", "p1": "D"}, decisions=decided(*rows)))

    assert result.decisions["outcome"].to_list() == ["post_adjustment:x", "training:plan"]


def test_an_earlier_personal_year():
    """AN-003: what was not paid is carried over from the personal year before."""
    facts = [
        fact("p0", "points", "2024-05-01", amount=3.0),
        fact("p0", "points", "2025-02-28", amount=4.0),
        fact("p0", "points", "2025-03-01", amount=9.0),
    ]
    rule = "when: {fact: {kind: points, year of: joined_on, before: %d, total: amount, is: %d}}"

    assert put(rule % (0, 9), {"B": "open"}, facts=facts) == {"B": "open"}
    assert put(rule % (1, 7), {"B": "open"}, facts=facts) == {"B": "open"}
    assert put(rule % (2, 0), {"B": ""}, facts=facts) == {"B": ""}


def test_the_register_may_lack_the_cycle():
    past = decided(("p0", "S", "training:plan", "2025-05-01", "2024")).drop("cycle")
    text = HEAD + "  R: {title: t, for: officer, cycle: annual, outcome: x, when: {decision: {of: training}}}\n"

    assert (
        decide(parse(text), Bureau({"p0": "B"}, decisions=past).world(), "2025", date(2026, 1, 20)).decisions.height
        == 1
    )
