"""What a run needs is known before any data is read, and never more than the policy can see."""
# ruff: noqa: E501  a row of a table reads best on one line

import time
from datetime import date

import polars as pl
import pytest

from linkage.rules import Calendar, Cycle, Ground, Policy, PolicyError, World, make_plan, parse
from linkage.rules import model as m
from linkage.rules.sheet import cond, num

from .small_bureau import DAY, HEAD, Bureau, one_rule

CALENDAR = Calendar(
    [Cycle(str(year), "annual", date(year, 1, 1), date(year, 12, 31)) for year in range(2000, 2026)]
    + [
        Cycle(f"{year}-{month:02}", "monthly", date(year, month, 1), date(year, month, 28))
        for year in range(2016, 2026)
        for month in range(1, 13)
    ]
)
OFFICER = {
    "subject": pl.Int64(),
    "badge": pl.String(),
    "born_on": pl.Date(),
    "joined_on": pl.Date(),
    "sex": pl.String(),
}
UNIT = {
    "subject": pl.Int64(),
    "code": pl.String(),
    "branch": pl.Int64(),
    "kind": pl.String(),
    "peer_group": pl.String(),
}
GROUND = Ground(CALENDAR, {"巡防": ("指标", "出警")}, OFFICER | {"points": pl.Int64(), "党员": pl.Boolean()}, UNIT)


def needs(body: str, code: str = "2025"):
    return make_plan(parse(one_rule(body)), GROUND, code, DAY).needs


def cycles_of(found, who: str = "officer") -> list[str]:
    return sorted(code for of, code in found.results if of == who)


SPANS = [
    ("when: {grade: 优秀}", ["2025"]),
    ("when: {periods: {last: 3, each: {grade: 优秀}}}", ["2023", "2024", "2025"]),
    ("when: {periods: {last: 1, before: 2, none: {grade: 优秀}}}", ["2023", "2025"]),
    ("when: {score: {below: previous}}", ["2024", "2025"]),
    ("when: {periods: {within: 30 months, each: {grade: 优秀}}}", ["2023", "2024", "2025"]),
    ("when: {periods: {last: 2, each: {periods: {last: 2, each: {grade: 优秀}}}}}", ["2023", "2024", "2025"]),
    ("when: {periods: {last: 1, each: {grade: 优秀}, gaps: {absent: previous}}}", ["2022", "2023", "2024", "2025"]),
    ("when: {periods: {last: 2, each: {grade: 优秀}, gaps: {absent: skip}}}", ["2022", "2023", "2024", "2025"]),
]


@pytest.mark.parametrize(("body", "expected"), SPANS)
def test_only_the_cycles_a_rule_sees_are_loaded(body, expected):
    assert cycles_of(needs(body)) == expected


def test_months_are_loaded_where_a_year_rolls_them_up():
    found = needs("when: {periods: {kind: monthly, within: cycle, count: {grade: 较差}, at least: 3}}")

    assert cycles_of(found) == ["2025", *(f"2025-{month:02}" for month in range(1, 13))]
    assert found.results["officer", "2025"] == frozenset()
    assert found.results["officer", "2025-07"] == {"grade"}


COLUMNS = [
    ("when: {grade: 优秀}", {"grade"}),
    ("when: {score: {below: 60}}", {"score"}),
    ("when: {indicator: {of: 指标, below: 60}}", {"指标"}),
    ("when: {indicator: {any of: scheme, below: 60}}", {"指标", "出警"}),
    ("when: {grade: 优秀}\nfocus: weakest", {"grade", "指标", "出警"}),
    ("when: {fact: {kind: x}}", set()),
]


@pytest.mark.parametrize(("body", "expected"), COLUMNS)
def test_only_the_figures_asked_for_are_loaded(body, expected):
    assert needs(body).results["officer", "2025"] == expected


def test_facts_by_kind_and_by_whose_they_are():
    found = needs(
        "when: [{fact: {kind: [a, b], after: {fact: {kind: c}}}}, {unit: {fact: {kind: d}}}]\ngate: {held: {fact: {kind: e}}}"
    )

    assert found.facts == {"officer": {"a", "b", "c", "e"}, "unit": {"d"}}


POSTINGS = [
    ("when: {grade: 优秀}", None),
    ("when: {post: 巡防}", (date(2025, 12, 31), date(2025, 12, 31))),
    ("when: {periods: {last: 3, each: {rank: {top: 3}}}}", (date(2023, 12, 31), date(2025, 12, 31))),
    ("when: {served: {of: unit, at least: 1 years}}", (date.min, date(2025, 12, 31))),
    ("for: unit\nwhen: {grade: 较差}\nto: {leader: cycle end}", (date(2025, 12, 31), date(2025, 12, 31))),
    (
        "for: unit\nwhen: {periods: {last: 2, each: {grade: 较差}}}\nto: {leader: throughout}",
        (date(2024, 1, 1), date(2025, 12, 31)),
    ),
]


@pytest.mark.parametrize(("body", "expected"), POSTINGS)
def test_postings_of_the_days_looked_at(body, expected):
    assert needs(body).postings == expected


def test_fields_of_the_directory():
    found = needs(
        "when: [{profile: {sex: 女}}, {age: {below: 45}}]\nseats: {per: bureau, share: 1%, order: [{lowest: joined_on}]}"
    )

    assert found.officer_fields == {"subject", "badge", "sex", "born_on", "joined_on"}
    assert found.unit_fields == {"subject", "code", "branch"}


def test_the_register_and_the_whole_directory_only_when_asked_for():
    assert not needs("when: {grade: 优秀}").decisions
    assert needs("when: {decision: {of: x, within: 1 year}}").decisions
    assert not needs("when: {decision: {of: x, in: this run}}").decisions
    assert needs("when: {grade: 优秀}").everyone == {"officer": False, "unit": True}
    assert needs("population: everyone\nwhen: {grade: 优秀}").everyone["officer"]


def test_the_pack_reads_two_quarters_and_a_year_of_months(pack: Policy, haizhou: World):
    annual, quarter, month = (
        make_plan(pack, haizhou.ground, code, DAY).needs for code in ("2025", "2025Q4", "2025-12")
    )

    assert cycles_of(annual) == ["2021", "2022", "2023", "2024", "2025"]
    assert cycles_of(annual, "unit") == ["2024", "2025"]
    assert cycles_of(quarter) == ["2025Q3", "2025Q4"]
    assert len(cycles_of(month)) == 12
    assert quarter.facts["officer"] == {"plan_closed"}


REFUSED = [
    ("when: {indicator: {of: 指漂, below: 60}}", "no_indicator", 23 + 5, "指标"),
    ("when: {profile: {sax: 女}}", "no_field", 22, "sex"),
    ("when: {post: {uniform: x}}", "no_field", 19, "unit"),
    ("when: {years: {since: sex, at least: 3}}", "not_date", 27, None),
    ("when: {years: {since: joined, at least: 3}}", "no_field", 27, "joined_on"),
    ("when: {fact: {kind: x, year of: sex}}", "not_date", 18, None),
    ("when: {rank: {top: 3, of: sex}}", "not_figure", 31, None),
    ("when: {rank: {top: 3, of: {indicator: {any of: [指标, 出警]}}}}", "one_word", 52, None),
    ("when: {rank: {top: 3, among: units}}", "wrong_peers", 18, None),
    ("for: unit\nwhen: {served: {of: unit, at least: 3 years}}", "officers_only", 20, None),
]


@pytest.mark.parametrize(("body", "code", "column", "near"), REFUSED)
def test_what_this_bureau_does_not_have_is_refused_with_its_place(body, code, column, near):
    with pytest.raises(PolicyError) as refusal:
        needs(body)

    assert (refusal.value.code, refusal.value.line, refusal.value.column) == (code, HEAD.count("\n") + 7, column)
    assert refusal.value.near == near


def test_without_peer_groups_a_rank_is_refused():
    text = one_rule("when: {rank: {top: 3}}").replace(HEAD.splitlines()[3] + "\n", "")

    with pytest.raises(PolicyError, match="no peer group for officer"):
        make_plan(parse(text), GROUND, "2025", DAY)


def test_an_unknown_cycle_is_no_policys_fault():
    with pytest.raises(KeyError, match="no cycle 1999"):
        needs("when: {grade: 优秀}", "1999")


NEST = "{periods: {last: 120, each: %s}}"
MANY = (
    "["
    + ", ".join(f"{{periods: {{last: 12, count: {{score: {{below: {i}}}}}, at least: 3}}}}" for i in range(20))
    + "]"
)
MONTHLY = "cycle: monthly\nwhen: "


@pytest.mark.parametrize(
    "body",
    [
        MONTHLY + NEST % (NEST % (NEST % "{score: {below: previous}}")),
        MONTHLY + NEST % (NEST % "{any: [{grade: 好}, {score: {below: 60}}]}"),
    ],
)
def test_too_much_is_refused_quickly(body):
    started = time.process_time()
    with pytest.raises(PolicyError) as refusal:
        needs(body, "2025-12")

    assert (refusal.value.code, refusal.value.line) == ("budget", HEAD.count("\n") + 1 + 1)
    assert time.process_time() - started < 10


def test_the_budget_is_one_for_all_rules_of_a_run():
    part = "title: t, for: officer, cycle: monthly, basis: t, outcome: x, when: {test: many}"
    rules = "".join(f"  R{i}: {{{part}}}\n" for i in range(90))
    head = HEAD.replace("rules:\n", f"tests: {{many: {MANY}}}\nrules:\n")

    with pytest.raises(PolicyError) as refusal:
        make_plan(parse(head + rules), GROUND, "2025-12", DAY)

    assert (refusal.value.code, refusal.value.line) == ("budget", head.count("\n") + 77)


def test_a_wide_policy_within_the_budget_is_answered():
    body = MONTHLY + MANY
    bureau = Bureau({"p": "B"}, months={"p": "DDDDDDDDDDDD"}, scores={("p", f"2025-{m:02}"): 0.0 for m in range(1, 13)})

    plan = make_plan(parse(one_rule(body)), bureau.world().ground, "2025-12", DAY)

    assert plan.officers.budget.left < 20_000 - 240


def test_field_types_of_the_directory_are_compared_as_words():
    for body in (
        "when: {profile: {党员: 是}}",
        "when: {profile: {points: [12, 24]}}",
        "when: {profile: {joined_on: 2012-02-29}}",
    ):
        assert needs(body).officer_fields >= {"badge"}


def test_a_planned_run_may_not_be_asked_for_more():
    """Sentences are made of what was planned; what is not there was not loaded."""
    plan = make_plan(parse(one_rule("when: {grade: 优秀}")), GROUND, "2025", DAY)

    with pytest.raises(RuntimeError, match="asked for something new"):
        plan.officers.result("2025", "score")


def test_what_is_no_condition_and_no_number_is_no_answer():
    at = make_plan(parse(one_rule("when: {grade: 优秀}")), GROUND, "2025", DAY).at(
        parse(one_rule("when: {grade: 优秀}")).rules["R"]
    )

    for compiled in (cond, num):
        with pytest.raises(TypeError):
            compiled("grade", at)
    with pytest.raises(TypeError, match="missing"):
        m.present(None)
    with pytest.raises(TypeError, match="mean puts no condition"):
        assert m.Periods(m.Span(3), "mean", number=m.Score()).asked
