"""A branch's own values: what is refused, and that each subject is decided by those of its own branch."""
# ruff: noqa: E501  a row of a table reads best on one line

import pytest

from linkage.rules import PolicyError, decide, describe, evidence, make_plan, margins, parse, reasons, why, with_local

from .small_bureau import DAY, Bureau, one_rule, posting

PARAMS = "params: {low: {value: 10%, local: true, at least: 5%, at most: 20%, tighten: down}, months: {value: 6 months, local: true, at least: 3 months, tighten: up}, fixed: {value: 3}, word: {value: 称职, local: true}}\n"
TEXT = one_rule("when: [{score: {below: $low}}, {served: {of: unit, at least: $months}}, {grade: $word}]", PARAMS)

REFUSED = [
    ({"fixed": "4"}, "not_local"),
    ({"lwo": "8%"}, "no_param"),
    ({"low": "4%"}, "local_range"),
    ({"low": "21%"}, "local_range"),
    ({"low": "11%"}, "loosens_down"),
    ({"low": "much"}, "local_range"),
    ({"months": "5 months"}, "loosens_up"),
    ({"months": "2 weeks"}, "local_range"),
    ({"word": "$low"}, "local_range"),
]


@pytest.mark.parametrize(("values", "code"), REFUSED)
def test_a_value_is_refused_with_place_and_reason(values, code):
    with pytest.raises(PolicyError) as refusal:
        with_local(TEXT, values)

    assert (refusal.value.code, refusal.value.line) == (code, 5)
    assert refusal.value.zh
    assert next(iter(values)) in refusal.value.en


def test_a_branch_may_tighten():
    tree = with_local(parse(TEXT), {"low": "8%", "months": "1 year", "word": "优秀"})

    assert tree.params["low"].value == "8%"
    assert "得分低于8%，且在现单位任职不少于1年，且等次为优秀" in describe(tree, tree.rules["R"])[0]


def test_what_is_below_a_branch_may_only_tighten_the_branch():
    branch = with_local(TEXT, {"low": "8%"})

    assert with_local(branch, {"low": "6%"}).params["low"].value == "6%"
    assert with_local(branch, {"months": "9 months"}).params["low"].value == "8%"
    with pytest.raises(PolicyError, match="8%, which holds above"):
        with_local(branch, {"low": "9%"})


LINE = "params: {line: {value: 60, local: true, tighten: up}}\n"
SCORES = {("p0", "2025"): 65.0, ("p1", "2025"): 65.0, ("p2", "2025"): 65.0}


def bureau() -> Bureau:
    there = [("p0", "U1"), ("p1", "U2"), ("p2", "U0")]
    return Bureau(
        {name: "B" for name, _ in there},
        units={"U1": "B", "U2": "B"},
        scores=SCORES | {("U1", "2025"): 65.0, ("U2", "2025"): 65.0},
        postings=[posting(name, unit, leads=True, since="2010-01-01") for name, unit in there],
    )


def decided(body: str, local: dict, cycle: str = "2025"):
    return decide(parse(one_rule(body, LINE)), bureau().world(), cycle, DAY, local)


BRANCHES = [
    # U2 lies below U1, which lies below U0
    ({}, ["p0", "p1", "p2"]),
    ({"U1": {"line": "70"}}, ["p2"]),
    ({"U2": {"line": "70"}}, ["p0", "p2"]),
    ({"U1": {"line": "70"}, "U2": {"line": "62"}}, ["p1", "p2"]),
    ({"U0": {"line": "70"}}, []),
]


@pytest.mark.parametrize(("local", "expected"), BRANCHES)
def test_each_subject_is_decided_by_its_branch(local, expected):
    found = decided("when: {score: {at least: $line}}", local)

    assert found.decisions["subject"].to_list() == expected


def test_each_sentence_names_the_branch_s_own_value():
    found = decided("when: {score: {at least: $line}}", {"U1": {"line": "62"}})

    assert reasons(found)["zh"].to_list() == [
        "得分65（要求不低于62）",
        "得分65（要求不低于62）",
        "得分65（要求不低于60）",
    ]
    assert why(found, "R", "p0").children[1].text == "得分不低于62"
    assert why(found, "R", "p2").children[1].text == "得分不低于60"
    assert evidence(found).height == 3
    assert sorted(margins(found)["threshold"].unique().to_list()) == [60.0, 62.0]


def test_units_and_their_leaders_are_decided_by_the_unit_s_branch():
    body = "for: unit\nwhen: {score: {at least: $line}}\nto: {leader: cycle end}"

    assert decided(body, {}).decisions["subject"].to_list() == ["p0", "p1"]
    assert decided(body, {"U2": {"line": "70"}}).decisions["subject"].to_list() == ["p0"]


def test_peers_are_still_all_peers():
    """A rank is among everybody, whatever the branch's own share of it."""
    body = "when: {rank: {top: $line, members: 3}}"
    text = one_rule(body, "peers: {all: {for: officer, same: post_type}}\nparams: {line: {value: 1, local: true}}\n")
    text = text.replace(
        "peers: {officers: {for: officer, same: [post_type, branch]}, units: {for: unit, same: peer_group}}\n", ""
    )
    world = Bureau(
        {"p0": "B", "p1": "B", "p2": "B"},
        scores={("p0", "2025"): 90.0, ("p1", "2025"): 80.0, ("p2", "2025"): 70.0},
        postings=bureau().postings,
    ).world()

    assert decide(parse(text), world, "2025", DAY).decisions["subject"].to_list() == ["p0"]
    assert decide(parse(text), world, "2025", DAY, {"U2": {"line": "2"}}).decisions["subject"].to_list() == ["p0", "p1"]


def test_a_decision_of_this_run_follows_the_branch():
    text = one_rule("when: {score: {at least: $line}}\noutcome: training:x", LINE) + (
        "  S: {title: t, for: officer, cycle: annual, basis: t, outcome: 'reward:y', when: {decision: {of: training, in: this run}}}\n"
    )
    found = decide(parse(text), bureau().world(), "2025", DAY, {"U2": {"line": "70"}})

    assert found.decisions.filter(rule="S")["subject"].to_list() == ["p0", "p2"]


SEATS = "when: {score: {at least: $line}}\nseats: {per: %s, share: 50%%, order: [{highest: score}]}"


def test_seats_of_the_whole_bureau_have_one_value():
    with pytest.raises(PolicyError) as refusal:
        decided(SEATS % "bureau", {"U1": {"line": "70"}})

    assert (refusal.value.code, refusal.value.line) == ("local_bureau", 8)
    assert decided(SEATS % "unit", {"U1": {"line": "70"}}).decisions["subject"].to_list() == ["p2"]


def test_a_quota_of_each_unit_follows_its_branch():
    quota = "quotas: {q: {cycle: annual, test: {score: {at least: $line}}, per: unit, share: 50%}}\n"
    text = one_rule("when: {grade: 优秀}", LINE) + quota
    found = decide(parse(text), bureau().world(), "2025", DAY, {"U1": {"line": "70"}}).quotas

    assert found.select("code", "hits").rows() == [("U0", 1), ("U1", 0), ("U2", 0)]


def test_a_plan_with_branches_asks_for_the_postings_that_say_whose_they_are():
    policy = parse(
        one_rule("when: {periods: {last: $line, each: {grade: 优秀}}}", "params: {line: {value: 1, local: true}}\n")
    )
    ground = bureau().world().ground

    assert make_plan(policy, ground, "2025", DAY).needs.postings is None
    needs = make_plan(policy, ground, "2025", DAY, {"U1": {"line": "3"}}).needs
    assert needs.postings is not None
    assert sorted(code for who, code in needs.results if who == "officer") == ["2023", "2024", "2025"]
