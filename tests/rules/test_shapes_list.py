"""The list of what the language must be able to say, item by item, each with a worked table."""
# ruff: noqa: E501  a row of a table reads best on one line

import pytest

from linkage.rules import decide, parse

from .small_bureau import DAY, Bureau, fact, one_rule, posting, put, run_rule, statuses

# History letters: A 优秀, B 称职, C 基本称职, D 不称职, - ungraded, ? pending, . no row; oldest first.
HISTORIES = [
    ("a grade now", "grade: 优秀", {"A": "open", "AB": "", "-": ""}),
    ("n consecutive", "periods: {last: 3, each: {grade: 优秀}}", {"AAA": "open", "AABAA": "", "AA": "", "BAAA": "open"}),
    ("n within the last m cycles", "periods: {last: 5, count: {grade: 优秀}, at least: 3}", {"ABABA": "open", "AABBBA": "", "AAAB": "open"}),
    ("n within months", "periods: {within: 36 months, count: {grade: 优秀}, at least: 2}", {"ABA": "open", "ABBA": ""}),
    ("none bad within", "periods: {last: 3, none: {grade: {below: 称职}}, gaps: {absent: break}}", {"BBB": "open", "CBBB": "open", "BCB": ""}),
    ("tenure with credits", "periods: {last: 10, worth: [{this: {grade: 优秀}, value: 1.5}, {this: {grade: 称职}, value: 1}], at least: 4}", {"BBBB": "open", "AAB": "open", "AACB": "open", "ACCB": ""}),
    ("a share of periods", "periods: {last: 4, share: {grade: 优秀}, above: 50%}", {"AAAB": "open", "AABB": "", "A-AB": "open", "----": ""}),
    ("relapse: good, then bad again", "sequence: {steps: [{grade: {at most: 基本称职}}, {grade: {at least: 称职}}, {grade: {at most: 基本称职}}], within: 5 years}", {"CBC": "open", "CC": "", "BCB": "", "CBBC": "open"}),
    ("conversion: two of one count as one of the other", "any: [{grade: 不称职}, {all: [{grade: 基本称职}, {periods: {last: 10, count: {grade: 基本称职}, at least: 2}}]}]", {"D": "open", "C": "", "CBC": "open", "CCB": ""}),
    ("ordered, with spacing", "sequence: {steps: [{grade: 不称职}, {grade: 不称职}], within: 5 years, apart: 2 years}", {"DBD": "open", "DD": "", "DBBD": "open"}),
]  # fmt: skip


@pytest.mark.parametrize(("item", "rule", "table"), HISTORIES, ids=[item for item, _, _ in HISTORIES])
def test_what_histories_decide(item, rule, table):
    assert put(f"when: {{{rule}}}", table) == table


def test_n_within_a_calendar_year():
    rule = "cycle: monthly\nwhen: {periods: {within: year, count: {grade: 较差}, at least: 2}}"
    bureau = Bureau({"p0": "B", "p1": "B"}, months={"p0": "D..........D", "p1": "...........D"})

    assert statuses(run_rule(rule, bureau, cycle="2025-12")) == {"p0": "open"}


def test_two_counters_on_the_same_data_are_reset_each_by_its_own_award():
    counter = "{{periods: {{last: 6, count: {{grade: {{at least: 称职}}}}, at least: {n}, after: {{fact: {{kind: award, level: {level}}}}}}}}}"
    facts = [fact("p0", "award", "2024-06-01", level="晋档")]
    step, rank = (f"when: {counter.format(n=n, level=level)}" for n, level in ((2, "晋档"), (4, "晋级")))

    assert put(step, {"BBBB": "open", "BBB": "open"}, facts=facts) == {"BBBB": "open", "BBB": "open"}
    assert put(step.replace("at least: 2", "at least: 3"), {"BBBB": ""}, facts=facts) == {"BBBB": ""}
    assert put(rank, {"BBBB": "open"}, facts=facts) == {"BBBB": "open"}


SCORED = [
    # score bands with conditions
    ("all: [{score: {at least: 80}}, {score: {below: 90}}, {fact: {kind: course}}]", [85, 85, 95, 79], ["open", "", "", ""]),
    # rank, percentile
    ("rank: {top: 2, members: 4}", [85, 84, 83, 82], ["open", "open", "", ""]),
    ("rank: {bottom: 25%, members: 4}", [85, 84, 83, 82], ["", "", "", "open"]),
    # distance from the median: 84.5 here; by points and by share
    ("score: {below: {median: officers, plus: -10}}", [95, 84, 85, 74], ["", "", "", "open"]),
    ("score: {at least: {median: officers, times: 1.1}}", [95, 84, 85, 74], ["open", "", "", ""]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "scores", "expected"), SCORED)
def test_what_scores_decide(rule, scores, expected):
    names = [f"p{i}" for i in range(len(scores))]
    figures = {(name, "2025"): float(score) for name, score in zip(names, scores, strict=True)}
    bureau = Bureau(dict.fromkeys(names, "B"), scores=figures, facts=[fact("p0", "course", "2025-05-01")])

    found = statuses(run_rule(f"when: {{{rule}}}", bureau))

    assert [found.get(name, "") for name in names] == expected


def test_one_indicator_or_any_of_a_group_under_a_floor():
    figures = {("p0", "2025"): 54.0, ("p1", "2025"): 55.0}
    for rule in ("{of: 指标, below: 55}", "{any of: scheme, below: 55}", "{each of: [指标], below: 55}"):
        assert put(f"when: {{indicator: {rule}}}", {"B": "open", "BB": ""}, figures=figures) == {"B": "open", "BB": ""}


def test_a_trend():
    scores = {("p0", str(2023 + i)): s for i, s in enumerate((90.0, 85.0, 70.0))}
    rule = "when: [{periods: {last: 2, each: {score: {below: previous}}}}, {score: {at most: {before: 2, plus: -15}}}]"

    assert put(rule, {"BBB": "open"}, scores=scores) == {"BBB": "open"}
    assert put(rule, {"BBB": ""}, scores=scores | {("p0", "2024"): 70.0}) == {"BBB": ""}


QUOTA = "quotas: {q: {cycle: annual, test: {grade: 优秀}, per: unit, share: 20%, lifted: [{when: {grade: 优秀}, share: 50%}, {when: {grade: 较差}, share: 0%}]}}\n"


@pytest.mark.parametrize(("unit", "cap"), [("A", 2), ("B", 0), ("D", 0)])
def test_the_unit_s_result_raises_or_closes_its_members_quota(unit, cap):
    bureau = Bureau({f"p{i}": "A" for i in range(4)}, units={"U1": unit})

    found = decide(parse(one_rule("when: {grade: 优秀}") + QUOTA), bureau.world(), "2025", DAY).quotas

    assert found.select("cap").to_series().to_list() == [cap]


def test_the_unit_s_result_reaches_its_leader_its_members_and_the_units_below():
    there = [posting("p0", "U1", leads=True, since="2010-01-01"), posting("p1", "U1", leads=False, since="2010-01-01")]
    bureau = Bureau({"p0": "B", "p1": "B"}, units={"U1": "D"}, postings=there)
    found = {
        to: sorted(statuses(run_rule(f"for: unit\nwhen: {{grade: 较差}}\nto: {{{to}}}", bureau)))
        for to in ("leader: throughout", "members: cycle end", "unit: descendants")
    }

    assert found == {"leader: throughout": ["p0"], "members: cycle end": ["p0", "p1"], "unit: descendants": ["U2"]}


def test_vetoes_forced_grades_and_ceilings():
    facts = [fact("p0", "veto", "2025-05-01"), fact("p1", "sanction", "2025-05-01", level="警告", to="2025-11-01")]
    forced = "when: {fact: {kind: veto, during: cycle}}\npopulation: everyone\noutcome: restriction:不称职"
    ceiling = (
        "when: [{grade: 优秀}, {fact: {kind: sanction, level: 警告, overlaps: cycle}}]\noutcome: restriction:不高于称职"
    )

    assert put(forced, {"A": "open", "AA": ""}, facts=facts) == {"A": "open", "AA": ""}
    assert put(ceiling, {"A": "", "AA": "open"}, facts=facts) == {"A": "", "AA": "open"}


def test_the_same_item_twice_running():
    facts = [
        fact(p, "veto", f"{year}-05-01", level=level)
        for p, year, level in (("p0", 2024, "a"), ("p0", 2025, "a"), ("p1", 2024, "a"), ("p1", 2025, "b"))
    ]
    rule = "when: {periods: {last: 2, each: {fact: {kind: veto, during: cycle}}, same: level}}"

    assert put(rule, {"BB": "open", "BBB": ""}, facts=facts) == {"BB": "open", "BBB": ""}


VOTES = [(0.5, "post_adjustment:免职"), (0.49, "training:诫勉"), (0.3, "training:诫勉"), (0.29, None)]


@pytest.mark.parametrize(("share", "outcome"), VOTES)
def test_vote_shares_in_two_tiers(share, outcome):
    latest = "{fact: {kind: vote, during: cycle, total: latest}}"
    rule = f"when: {{fact: {{kind: vote, during: cycle, total: latest, at least: 30%}}}}\nladder: {{by: {{multiply: [{latest}, 100]}}, rungs: {{30: 'training:诫勉', 50: 'post_adjustment:免职'}}}}"
    found = run_rule(rule, Bureau({"p0": "B"}, facts=[fact("p0", "vote", "2025-11-01", amount=share)])).decisions

    assert found["outcome"].to_list() == ([outcome] if outcome else [])


def test_ladders_and_doses():
    rule = "when: {grade: 不称职}\nladder: {by: {periods: {last: 5, run: {grade: 不称职}}}, rungs: {1: 'training:a', 2: 'training:b'}}\ndose: {unit: 天, by: {periods: {last: 5, run: {grade: 不称职}}}, first: 7, step: 7, cap: 20}"
    found = run_rule(rule, Bureau({"p0": "D", "p1": "DD", "p2": "DDDD"})).decisions

    assert found.select("outcome", "dose").rows() == [
        ("training:a", "7 天"),
        ("training:b", "14 天"),
        ("training:b", "20 天"),
    ]


def test_dedupe_by_cause():
    facts = [fact("p0", kind, "2025-05-01", note="一事") for kind in ("complaint", "force", "pursuit")]
    facts += [fact("p1", "complaint", f"2025-05-0{i}", note=f"事{i}") for i in (1, 2, 3)]
    rule = "when: {fact: {kind: [complaint, force, pursuit], within: 12 months, once per: note, at least: 3}}"

    assert put(rule, {"B": "", "BB": "open"}, facts=facts) == {"B": "", "BB": "open"}


def test_probation_and_least_service():
    fields = {"p1": {"employment": "试用期"}}
    postings = [
        posting("p0", "U1", leads=False, since="2025-07-21"),
        posting("p2", "U1", leads=False, since="2025-07-20"),
    ]
    served = "when: [{profile: {employment: 在编}}, {served: {of: unit, at least: 6 months}}]"

    assert put("when: {profile: {employment: 试用期}}\npopulation: listed", {"-": "", "B": "open"}, fields=fields) == {
        "-": "",
        "B": "open",
    }
    assert put(served, {"B": "", "BB": "", "BBB": "open"}, fields=fields, postings=postings) == {
        "B": "",
        "BB": "",
        "BBB": "open",
    }


def test_age_rank_and_tenure_at_a_date():
    """Born on 5 May 1990: 35 at the end of 2025. Joined on 29 February 2012: 13 full years, 14 on 1 March 2026."""
    fields = {"p0": {"rank": "一级"}}
    rule = "when: [{age: {on: cycle end, is: 35}}, {years: {since: joined_on, on: as of, is: 13}}, {profile: {rank: 一级}}]"

    assert put(rule, {"B": "open"}, fields=fields) == {"B": "open"}


def test_a_prerequisite_outcome_a_protected_state_and_an_exemption():
    facts = [
        fact("p1", "protected", "2025-01-01", to="2027-01-01"),
        fact("p2", "protected", "2025-01-01"),
        fact("p2", "waived", "2025-01-02"),
    ]
    rule = "when: {grade: 不称职}\ngate: {held: {fact: {kind: protected, active: now}}, unless: {fact: {kind: waived}}}"

    assert put(rule, {"D": "open", "DD": "held", "DDD": "open"}, facts=facts) == {
        "D": "open",
        "DD": "held",
        "DDD": "open",
    }


def test_composition_floors_and_ties_by_stated_keys():
    fields = {
        f"p{i}": {"sex": "女" if i == 3 else "男", "joined_on": f}
        for i, f in enumerate(
            [DAY.replace(year=2010), DAY.replace(year=2009), DAY.replace(year=2011), DAY.replace(year=2012)]
        )
    }
    seats = "when: {grade: 优秀}\nseats: {per: bureau, number: 2, order: [{highest: score}, {lowest: joined_on}]%s}"
    four = {f"p{i}": "A" for i in range(4)}

    plain = statuses(run_rule(seats % "", Bureau(four, fields=fields)))
    floor = statuses(
        run_rule(seats % ", floors: [{when: {profile: {sex: 女}}, share: 50%}]", Bureau(four, fields=fields))
    )

    assert [name for name, status in plain.items() if status == "open"] == ["p0", "p1"]
    assert [name for name, status in floor.items() if status == "open"] == ["p1", "p3"]
