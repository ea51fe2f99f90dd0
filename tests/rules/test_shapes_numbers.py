"""Worked tables: tables of coefficients, sums, products, limits, balances carried over."""
# ruff: noqa: E501  a row of a table reads best on one line

import pytest

from linkage.rules import PolicyError, evidence, parse, why

from .small_bureau import Bureau, fact, one_rule, put, run_rule, statuses

COEFFICIENTS = "{of: {fact: {kind: role, active: cycle end}}, values: {岗位能手: 1.35, 师傅: 1.25, 徒弟: 0.9}"
ROLES = [fact("p0", "role", "2024-01-01", level="师傅"), fact("p0", "role", "2025-01-01", level="岗位能手"), fact("p1", "role", "2025-01-01", level="徒弟"), fact("p2", "role", "2025-01-01", level="别的")]  # fmt: skip
TABLES = [
    # of several roles the highest coefficient (PD-024)
    ("at least: 1.35}", ["open", "", "", ""]),
    ("pick: lowest, at most: 1.25}", ["open", "open", "", ""]),
    ("pick: sum, at least: 2.6}", ["open", "", "", ""]),
    # whoever has none is unknown, or what the table says of the others
    ("at most: 1.35}", ["open", "open", "", ""]),
    ("otherwise: 1, at most: 1.35}", ["open", "open", "open", "open"]),
    ("otherwise: 1, is: 1}", ["", "", "open", "open"]),
]


@pytest.mark.parametrize(("rest", "expected"), TABLES)
def test_the_coefficient_of_the_highest_role(rest, expected):
    histories = ["A", "AB", "BB", "BBB"]

    found = put(f"when: {{table: {COEFFICIENTS}, {rest}}}", dict.fromkeys(histories, ""), facts=ROLES)

    assert [found[history] for history in histories] == expected


LOOKED_UP = [
    # US-006: the waiting period depends on the rank; both sides are numbers
    ("years: {since: joined_on, at least: {table: {of: {profile: rank}, values: {一级: 13, 二级: 14}}}}", {"p0": "一级", "p1": "二级", "p2": "三级"}, ["open", "", ""]),
    ("table: {of: {post: post_type}, values: {巡防: 2}, is: 2}", {}, ["open", "open", "open"]),
    ("table: {of: {post: unit}, values: {U1: 2}, is: 2}", {}, ["open", "open", "open"]),
    ("table: {of: grade, values: {优秀: 4, 称职: 3}, otherwise: 1, at least: 3}", {}, ["open", "open", ""]),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "ranks", "expected"), LOOKED_UP)
def test_a_table_is_looked_up_by_a_field_or_the_grade(condition, ranks, expected):
    fields = {name: {"rank": rank} for name, rank in ranks.items()}
    histories = ["A", "AB", "ABC"]

    found = put(f"when: {{{condition}}}", dict.fromkeys(histories, ""), fields=fields)

    assert [found[history] for history in histories] == expected


def test_an_ungraded_year_has_no_figure_in_a_table_of_grades():
    rule = "when: {table: {of: grade, values: {优秀: 4}, otherwise: 1, at least: 0}}\npopulation: everyone"

    assert put(rule, {"A": "open", "B": "open", "-": "", ".": ""}) == {"A": "open", "B": "open", "-": "", ".": ""}


POINTS = "{fact: {kind: points, during: cycle, total: amount}}"
CREDITS = "{limit: {of: {fact: {kind: credit, during: cycle, total: amount}}, floor: -6}}"
SUMS = [
    # AN-003: learning takes points away, at most six in a year
    ([("points", 14), ("credit", -2)], "open"),
    ([("points", 14), ("credit", -3)], ""),
    ([("points", 18), ("credit", -3), ("credit", -5)], "open"),
    # a part that is missing adds nothing
    ([("points", 12)], "open"),
    ([("credit", -2)], ""),
    ([], ""),
]


@pytest.mark.parametrize(("rows", "status"), SUMS)
def test_credits_are_taken_off_up_to_a_cap(rows, status):
    facts = [fact("p0", kind, f"2025-0{i + 1}-01", amount=float(n)) for i, (kind, n) in enumerate(rows)]
    rule = f"when: {{add: {{of: [{POINTS}, {CREDITS}], at least: 12}}}}"

    assert put(rule, {"B": status}, facts=facts) == {"B": status}


def test_a_product_with_a_missing_part_is_unknown():
    figures = {("p0", "2025"): 0.5}
    rule = "when: {multiply: {of: [score, {indicator: 指标}], at most: 40}}"

    assert put(rule, {"A": "open", "B": ""}, figures=figures) == {"A": "open", "B": ""}
    assert put(f"when: {{not: {rule.removeprefix('when: ')}}}", {"B": ""}) == {"B": ""}


HOURS = "when: {periods: {last: 3, balance: {add: [{fact: {kind: hours, during: cycle, total: amount}}, -40]}, floor: 0, cap: 20, at least: %s}}"
YEARS = [
    # 40 hours a year are asked for; the surplus is carried over, at most 20, and a lack is not
    ([60, 40, 45], 20),  # 20, 20, 25 kept at 20
    ([60, 30, 35], 5),
    ([10, 40, 45], 5),
    ([None, None, 45], 5),
    ([60, None, 40], 20),  # nothing known of a year adds nothing
]


@pytest.mark.parametrize(("hours", "balance"), YEARS)
def test_a_balance_is_carried_from_year_to_year(hours, balance):
    facts = [fact("p0", "hours", f"{2023 + i}-05-01", amount=float(n)) for i, n in enumerate(hours) if n is not None]

    assert put(HOURS % balance, {"BBB": "open"}, facts=facts) == {"BBB": "open"}
    assert put(HOURS % (balance + 1), {"BBB": ""}, facts=facts) == {"BBB": ""}


def test_why_and_evidence_of_a_number_made_of_others():
    facts = [fact("p0", "points", "2025-03-01", amount=14.0), fact("p0", "credit", "2025-04-01", amount=-2.0)]
    result = run_rule(f"when: {{add: {{of: [{POINTS}, {CREDITS}], at least: 12}}}}", Bureau({"p0": "B"}, facts=facts))

    assert why(result, "R", "p0").children[1].figures == "12"
    assert "不低于12" in why(result, "R", "p0").children[1].text
    assert evidence(result)["figure"].to_list() == ["14", "-2"]


def test_the_days_of_a_balance_follow_the_reset():
    facts = [fact("p0", "hours", "2023-05-01", amount=60.0), fact("p0", "cleared", "2024-01-01")]
    rule = "when: {periods: {last: 3, balance: {fact: {kind: hours, during: cycle, total: amount}}, after: {fact: {kind: cleared}}, at least: %s}}"

    assert put(rule % 60, {"BBB": ""}, facts=facts) == {"BBB": ""}
    assert put(rule % 60, {"BBB": "open"}, facts=facts[:1]) == {"BBB": "open"}


REFUSED = [
    ("when: {limit: {of: score, at least: 1}}", "missing"),
    ("when: {limit: {of: score, floor: 5, cap: 1, at least: 1}}", "floor_cap"),
    ("when: {periods: {last: 3, sum: score, floor: 1, at least: 1}}", "goes_with"),
    ("when: {periods: {last: 3, each: {grade: 优秀}, until: {grade: 称职}}}", "goes_with"),
    ("when: {table: {of: score, values: {a: 1}, at least: 1}}", "not_one_of"),
    ("when: {add: {of: [{nothing: 1}], at least: 1}}", "no_word"),
    ("when: {add: {of: [{grade: 优秀}], at least: 1}}", "no_number"),
    ("when: {fact: {kind: k, during: cycle, before: 1}}", "goes_with"),
    ("when: {fact: {kind: k, during: cycle, added: 1 years}}", "goes_with"),
    ("when: {periods: {last: 2, year of: joined_on, each: {grade: 优秀}}}", "not_together"),
    ("when: {fact: {kind: k, after: {decision: {of: x, in: this run}}}}", "run_decision"),
]


@pytest.mark.parametrize(("rule", "code"), REFUSED)
def test_what_is_refused(rule, code):
    with pytest.raises(PolicyError) as refusal:
        parse(one_rule(rule))

    assert refusal.value.code == code
    assert (refusal.value.line, refusal.value.column) > (7, 1)


def test_figures_of_the_directory_may_be_added():
    fields = {"p0": {"spare": 3}, "p1": {"spare": 1}}

    found = statuses(
        run_rule("when: {add: {of: [spare, 1], at least: 4}}", Bureau({"p0": "B", "p1": "B"}, fields=fields))
    )

    assert found == {"p0": "open"}
