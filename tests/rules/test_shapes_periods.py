"""Worked tables: states that begin and end, personal years, each kind of gap, local parameters of a branch."""
# ruff: noqa: E501  a row of a table reads best on one line

import pytest

from linkage.rules import default_gaps, describe, parse, why

from .small_bureau import Bureau, d, fact, one_rule, posting, put, run_rule, statuses

LOST = "when: {periods: {last: 10, from: {periods: {last: 2, each: {grade: {at most: 基本称职}}}}, until: {periods: {last: 2, each: {grade: 优秀}}}}}"
STATES = {
    # US-017: lost after two low years, regained after two high ones, and not before
    "BCD": "open",
    "BCB": "",
    "CCB": "open",
    "CCBA": "open",
    "CCAA": "",
    "CCABA": "open",
    "CCAACC": "open",
    "CCAAC": "",
    "CC.A": "open",
    "AACC": "open",
}


def test_a_status_is_lost_and_regained_by_mirror_conditions():
    found = {history: put(LOST, {history: ""})[history] for history in STATES}

    assert found == STATES


def test_a_state_may_have_no_end():
    rule = "when: {periods: {last: 4, from: {grade: 不称职}}}"
    expected = {"DBBB": "open", "DBBBB": "", "BB": "", "D": "open"}

    assert put(rule, expected) == expected


def test_a_state_in_words_and_figures():
    policy = parse(one_rule(LOST))
    zh, en = describe(policy, policy.rules["R"])

    assert "最近10个年度中自最近2个年度每期均等次不高于基本称职起，至最近2个年度每期均等次为优秀止" in zh
    assert "from when in each of the last 2 annual cycles the grade is at most 基本称职 until" in en
    assert why(run_rule(LOST, Bureau({"p0": "CCB"})), "R", "p0").children[1].answer is True


PERSONAL = "when: {periods: {year of: joined_on, kind: monthly, count: {grade: 较差}, at least: 2%s}}\ncycle: monthly"
MONTHS = [
    # joined on 1 July: on 30 June the year that began last July; on 31 July the new one
    ("2025-12", "2012-07-01", ".....DD.....", "", ""),
    ("2025-12", "2012-07-01", "......DD...D", "", "open"),
    ("2025-12", "2012-07-01", ".....D.....D", "", ""),
    ("2025-06", "2012-07-01", "....DD......", "", "open"),
    ("2025-12", "2012-07-01", "....DD.....B", ", before: 1", "open"),
    ("2025-12", "2012-07-01", "......DD...B", ", before: 1", ""),
    # the day itself begins the year
    ("2025-12", "2012-06-28", ".....DD....B", "", "open"),
    ("2025-12", "2012-06-29", ".....DD....B", "", ""),
]


@pytest.mark.parametrize(("cycle", "joined", "months", "before", "status"), MONTHS)
def test_periods_of_a_personal_year(cycle, joined, months, before, status):
    bureau = Bureau({"p0": "B"}, months={"p0": months}, fields={"p0": {"joined_on": d(joined)}})

    found = statuses(run_rule(PERSONAL % before, bureau, cycle=cycle))

    assert found.get("p0", "") == status


def test_each_period_of_a_personal_year():
    rule = "when: {periods: {year of: joined_on, kind: monthly, each: {grade: 好}}}\ncycle: monthly"
    fields = {p: {"joined_on": d("2012-11-01")} for p in ("p0", "p1")}
    bureau = Bureau({"p0": "B", "p1": "B"}, months={"p0": "DDDDDDDDDDAA", "p1": "AAAAAAAAAADA"}, fields=fields)

    assert statuses(run_rule(rule, bureau, cycle="2025-12")) == {"p0": "open"}


EACH = "when: {periods: {last: 2, each: {grade: 优秀}, gaps: {%s}}}"
GAPS = [
    # for each kind of gap each way; the history is read oldest first
    ("ungraded: break", "A-A", ""),
    ("ungraded: skip", "A-A", "open"),
    ("ungraded: pass", "-A", "open"),
    ("ungraded: previous", "A-A", "open"),
    ("ungraded: previous", "B-A", ""),
    ("ungraded: wait", "-A", "held"),
    ("pending: break", "?A", ""),
    ("pending: skip", "A?A", "open"),
    ("pending: pass", "?A", "open"),
    ("pending: previous", "A?A", "open"),
    ("pending: wait", "?A", "held"),
    ("absent: break", ".A", ""),
    ("absent: skip", "A.A", "open"),
    ("absent: pass", ".A", "open"),
    ("absent: previous", "A.A", "open"),
    ("absent: wait", ".A", "held"),
]


@pytest.mark.parametrize(("gaps", "history", "status"), GAPS)
def test_each_kind_of_gap_each_way(gaps, history, status):
    assert put(EACH % gaps, {history: status}) == {history: status}


MEASURED = [("break", ""), ("skip", ""), ("pass", "open"), ("previous", ""), ("wait", "held")]


@pytest.mark.parametrize(("way", "status"), MEASURED)
def test_a_period_without_the_figure(way, status):
    rule = (
        f"when: {{periods: {{last: 2, each: {{indicator: {{of: 指标, at least: 60}}}}, gaps: {{unmeasured: {way}}}}}}}"
    )

    assert put(rule, {"BB": status}, figures={("p0", "2025"): 70.0}) == {"BB": status}


LATE = [
    # the row of 2024 became known on 10 January 2025; 9 days after the end is too late for it, 10 days is not
    ("back-filled: {take: break, late: 9 days}", ""),
    ("back-filled: {take: break, late: 10 days}", "open"),
    ("back-filled: {take: pass, late: 9 days}", "open"),
    ("back-filled: {take: wait, late: 9 days}", "held"),
    ("back-filled: {take: as is, late: 9 days}", "open"),
    ("back-filled: break", "open"),  # unless it says otherwise: 90 days
    ("back-filled: {take: previous, late: 9 days}", ""),
    ("back-filled: {take: skip, late: 9 days}", ""),
]


@pytest.mark.parametrize(("gaps", "status"), LATE)
def test_a_row_that_was_filled_in_late(gaps, status):
    assert put(EACH % gaps, {"BAA": status}) == {"BAA": status}


def test_a_late_row_that_is_passed_need_not_be_good():
    assert put(EACH % "back-filled: {take: pass, late: 9 days}", {"DD": "open"}) == {"DD": "open"}


PART = [
    # in post since 3 July: 182 of 365 days, less than half; since 2 July: 183
    ("2025-07-03", (), "part year: break", ""),
    ("2025-07-02", (), "part year: break", "open"),
    ("2025-07-03", (), "part year: {take: break, less: 182/365}", "open"),
    ("2025-07-03", (), "part year: as is", "open"),
    ("2025-07-03", (), "part year: wait", "held"),
    # days of leave are not served: 1 January to 1 July are 181, up to 3 July 183
    ("2010-01-01", [("2025-01-01", "2025-07-01")], "part year: {take: break, without: {fact: {kind: leave}}}", "open"),
    ("2010-01-01", [("2025-01-01", "2025-07-03")], "part year: {take: break, without: {fact: {kind: leave}}}", ""),
    ("2010-01-01", [("2025-01-01", "2025-07-03")], "part year: break", "open"),
]  # fmt: skip


@pytest.mark.parametrize(("since", "leave", "gaps", "status"), PART)
def test_a_year_served_in_part(since, leave, gaps, status):
    rule = f"when: {{periods: {{last: 1, each: {{grade: 优秀}}, gaps: {{{gaps}}}}}}}"
    facts = [fact("p0", "leave", start, to=end) for start, end in leave]

    found = put(rule, {"A": status}, facts=facts, postings=[posting("p0", "U1", leads=False, since=since)])

    assert found == {"A": status}


def test_two_postings_in_a_year_are_served_together():
    rule = "when: {periods: {last: 1, each: {grade: 优秀}, gaps: {part year: break}}}"
    postings = [posting("p0", "U1", leads=False, since="2025-01-01", to="2025-03-31"), posting("p0", "U2", leads=False, since="2025-08-01")]  # fmt: skip

    assert put(rule, {"A": "open"}, postings=postings) == {"A": "open"}
    assert put(rule, {"A": ""}, postings=postings[1:]) == {"A": ""}
    assert put(rule, {"A": ""}, postings=[]) == {"A": ""}


DEFAULTS = [
    (
        "when: {periods: {last: 2, each: {grade: 优秀}}}",
        "缺期按默认处理：不定等次、暂缓定等次、未参加、缺数据的不算符合，连续即中断；补录、未满期的照常计。",
        "Gaps by default: ungraded, pending, absent, no figure do not count as met and break a run; back-filled, part of the period count as they stand.",
    ),
    (
        "when: {periods: {last: 2, each: {grade: 优秀}, gaps: {pending: wait, part year: skip}}}",
        "缺期按默认处理：不定等次、未参加、缺数据的不算符合，连续即中断；补录的照常计。",
        "Gaps by default: ungraded, absent, no figure do not count as met and break a run; back-filled count as they stand.",
    ),
    # a period is no gap where only facts are asked for, and there is no gap without a quantifier
    ("when: {periods: {last: 2, each: {fact: {kind: k, during: cycle}}}}", "", ""),
    ("when: {grade: 优秀}", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "zh", "en"), DEFAULTS)
def test_the_sentence_says_which_default_applies(rule, zh, en):
    policy = parse(one_rule(rule))

    assert default_gaps(policy.rules["R"]) == (zh, en)
    assert all(said in whole for said, whole in zip((zh, en), describe(policy, policy.rules["R"]), strict=True))


def test_gaps_in_words():
    gaps = "back-filled: {take: skip, late: 60 days}, part year: {take: pass, without: {fact: {kind: leave}}}"
    policy = parse(one_rule(EACH % gaps))
    zh, en = describe(policy, policy.rules["R"])

    assert "（补录（期末后60天以外补录）跳过不计，未满期（在岗不满50%，扣除请假）视为符合）" in zh
    assert (
        "(back-filled (recorded later than 60 days after its end) is skipped, part of the period (less than 50% served, without leave) counts as met)"
        in en
    )
