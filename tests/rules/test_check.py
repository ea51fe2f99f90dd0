"""What is said about a policy without data."""
# ruff: noqa: E501  a row of a table reads best on one line

import polars as pl
import pytest

from linkage.rules import Policy, check, parse

from .small_bureau import one_rule

FINDINGS = [
    (
        "when: {periods: {last: 2, run: {rank: {bottom: 10%}}, at least: 2}}\noutcome: 'dismissal:x'\ngate: {held: {grade: 优秀}}",
        "error",
        "rank alone",
    ),
    # rule, level, what is said
    ("when: {grade: 优秀}\nbasis: t", None, ""),
    (
        "when: {rank: {bottom: 10%}}\noutcome: 'dismissal:x'\ngate: {held: {fact: {kind: protected}}}",
        "error",
        "rank alone",
    ),
    (
        "when: {any: [{rank: {bottom: 10%}}, {grade: 不称职}]}\noutcome: 'dismissal:x'\ngate: {held: {grade: 优秀}}",
        "error",
        "rank alone",
    ),
    ("when: [{rank: {bottom: 10%}}, {grade: 不称职}]\noutcome: 'dismissal:x'\ngate: {held: {grade: 优秀}}", None, ""),
    (
        "when: {periods: {last: 2, each: {rank: {bottom: 10%}}}}\noutcome: 'dismissal:x'\ngate: {held: {grade: 优秀}}",
        "error",
        "rank alone",
    ),
    ("when: {not: {rank: {bottom: 10%}}}\noutcome: 'dismissal:x'\ngate: {held: {grade: 优秀}}", None, ""),
    ("when: {grade: 不称职}\noutcome: 'dismissal:x'", "warning", "no gate for protected persons"),
    ("when: {grade: 不称职}\noutcome: 'post_adjustment:辞退审查'", "warning", "no gate for protected persons"),
    ("when: {periods: {last: 3, none: {grade: 不称职}}}", "warning", "lets a period without a grade through"),
    ("when: {periods: {last: 3, none: {grade: 不称职}, gaps: {absent: break}}}", None, ""),
    ("when: {periods: {last: all, count: {grade: 优秀}, at least: 3}}", "warning", "whole history"),
    ("when: {periods: {last: 3, count: {grade: 优秀}, at least: 4}}", "error", "can never fire: at least 4 of 3"),
    ("when: {periods: {last: 3, count: {grade: 优秀}, above: 3}}", "error", "can never fire: above 3 of 3"),
    ("when: {periods: {last: 3, run: {grade: 优秀}, at least: 3}}", None, ""),
    ("when: [{grade: 优秀}, {grade: 称职}]", "error", "two grades at once"),
    ("when: [{grade: 优秀}, {grade: [优秀, 称职]}]", None, ""),
    ("when: {grade: 较差}", "error", "not on this cycle's scale"),
    ("when: {unit: {grade: 较差}}", None, ""),
    ("when: {periods: {kind: monthly, within: cycle, some: {grade: 较差}}}", None, ""),
    ("when: {grade: 优秀}\ngate: {held: {decision: {of: training, in: this run}}}", "error", "a gate may not look"),
    ("when: {unit: {decision: {of: training, in: this run}}}", "error", "only directly"),
]


@pytest.mark.parametrize(("rule", "level", "said"), FINDINGS)
def test_findings(rule, level, said):
    found = check(parse(one_rule(rule)))

    assert [finding.level for finding in found] == ([level] if level else [])
    assert all(said in finding.text_en and finding.text_zh and finding.rule == "R" for finding in found)
    assert all((finding.line, finding.column) == ((12, 19) if "scale" in said else (7, 1)) for finding in found)


@pytest.mark.parametrize(
    ("rule", "level"),
    [
        ("when: {grade: 优秀}", "warning"),
        ("when: {rank: {top: 3}}", "error"),
        ("when: {grade: 不称职}\noutcome: 'restriction:x'", "error"),
    ],
)
def test_a_rule_without_a_basis(rule, level):
    text = one_rule(rule).replace("    basis: t\n", "")

    assert [(finding.level, finding.text_en) for finding in check(parse(text))] == [(level, "no legal basis")]


def test_rank_alone_is_seen_through_a_named_rule():
    second = one_rule("when: {rank: {bottom: 1}}").split("rules:\n")[1].replace("  R:", "  S:")
    text = one_rule("when: {met: S}\noutcome: dismissal:x\ngate: {held: {grade: 优秀}}") + second

    assert [(f.rule, f.level) for f in check(parse(text)) if "rank alone" in f.text_en] == [("R", "error")]


def test_two_rules_that_say_the_same():
    text = one_rule("when: {grade: 优秀}") + one_rule("when: {grade: 优秀}").split("rules:\n")[1].replace(
        "  R:", "  S:"
    )

    assert [(finding.rule, finding.text_en) for finding in check(parse(text))] == [("S", "says the same as R")]


def test_a_third_stratum():
    part = "title: t, for: officer, cycle: annual, basis: t"
    text = one_rule("when: {grade: 优秀}") + (
        f"  S: {{{part}, outcome: 'training:2', when: {{decision: {{of: reward, in: this run}}}}}}\n"
        f"  T: {{{part}, outcome: 'training:3', when: {{decision: {{of: training:2, in: this run}}}}}}\n"
    )

    assert [(f.level, f.rule, f.line) for f in check(parse(text))] == [("error", "T", 14)]


def test_the_pack_has_no_errors(pack: Policy):
    assert [(finding.level, finding.rule) for finding in check(pack)] == [("warning", "P03"), ("warning", "P08")]


NEVER = [
    # numbers that lie nowhere
    "when: [{score: {below: 60}}, {score: {above: 60}}]",
    "when: [{score: {below: 60}}, {score: {at least: 60}}]",
    "when: [{indicator: {of: 指标, at most: 50}}, {any: [{indicator: {of: 指标, is: 51}}, {indicator: {of: 指标, above: 70}}]}]",
    "when: [{age: {at most: 30}}, {all: [{age: {at least: 31}}]}]",
    "when: {fact: {kind: late, during: cycle, below: 0}}",
    "when: {periods: {last: 3, share: {grade: 优秀}, above: 100%}}",
    # grades, statuses, fields
    "when: [{grade: {at least: 称职}}, {grade: {below: 称职}}]",
    "when: [{grade: {above: 优秀}}]",
    "when: [{grade: 优秀}, {status: pending}]",
    "when: [{status: [pending, absent]}, {status: ungraded}]\npopulation: everyone",
    "when: [{profile: {sex: 女}}, {profile: {sex: 男}}]",
    "when: [{post: 巡防}, {post: [社区民警, 案件民警]}]",
    # through named tests and other rules, not, and what each of several cycles says of this one
    "when: [{test: good}, {grade: {at most: 基本称职}}]",
    "when: [{grade: 优秀}, {not: {grade: {at least: 称职}}}]",
    "when: [{periods: {last: 2, each: {grade: 优秀}}}, {grade: 称职}]",
    "when: {periods: {last: 2, each: [{score: {below: 1}}, {score: {above: 2}}]}}",
    # the population
    "when: {status: pending}",
]


@pytest.mark.parametrize("rule", NEVER)
def test_a_rule_that_can_never_fire(rule):
    found = check(parse(one_rule(rule, "tests: {good: {grade: {at least: 称职}}}\n")))

    assert [finding.level for finding in found] == ["error"]
    assert "can never fire" in found[0].text_en
    assert "永远不会触发" in found[0].text_zh


MAY = [
    "when: [{score: {at most: 60}}, {score: {at least: 60}}]",
    "when: [{score: {below: 60}}, {score: {above: previous}}]",
    "when: [{indicator: {any of: scheme, below: 60}}, {indicator: {any of: scheme, above: 90}}]",
    "when: {any: [{grade: 优秀}, {all: [{grade: 称职}, {score: {below: 60}}]}]}",
    "when: [{periods: {last: 2, each: {grade: 优秀}, gaps: {pending: pass}}}, {status: [pending, graded]}]",
    "when: [{periods: {last: 2, before: 1, each: {grade: 优秀}}}, {grade: 称职}]",
    "when: [{profile: {sex: 女}}, {profile: {sex: [女, 男]}}]",
    "when: {status: pending}\npopulation: listed",
    "when: {periods: {last: 3, count: {grade: 优秀}, at least: 0}}",
]


@pytest.mark.parametrize("rule", MAY)
def test_nothing_is_said_of_what_may_fire(rule):
    assert check(parse(one_rule(rule))) == []


GATES = [
    ("when: {grade: 优秀}\ngate: {blocked: {grade: {at least: 称职}}}", True),
    ("when: [{score: {below: 60}}, {grade: 不称职}]\ngate: {held: {any: [{score: {below: 70}}, {grade: 优秀}]}}", True),
    ("when: {grade: 优秀}\ngate: {blocked: {grade: {at least: 称职}}, unless: {profile: {sex: 女}}}", False),
    ("when: {grade: {at least: 称职}}\ngate: {blocked: {grade: 优秀}}", False),
]


@pytest.mark.parametrize(("rule", "closed"), GATES)
def test_a_gate_that_always_applies(rule, closed):
    found = [finding.text_en for finding in check(parse(one_rule(rule)))]

    assert found == (["a gate always applies: whoever meets the conditions is stopped by it"] if closed else [])


def test_a_term_that_is_empty():
    text = one_rule("when: {grade: 优秀}\nvalid: {from: 2025-01-01, until: 2025-01-01}")
    quota = "quotas: {q: {cycle: annual, test: {grade: 优秀}, per: unit, share: 1%, valid: {from: 2025-01-02, until: 2025-01-01}}}\n"

    found = check(parse(text + quota))

    assert [(f.level, f.rule) for f in found if "never valid" in f.text_en] == [("error", "R"), ("error", "q")]


def two(first: str, second: str) -> list[tuple[str, str]]:
    """What is found against each of two rules."""
    other = one_rule(second).split("rules:\n")[1].replace("  R:", "  S:")
    return [(finding.rule, finding.text_en) for finding in check(parse(one_rule(first) + other))]


CONTAINED, BOTH = (
    "whoever meets it meets {} too, with the same outcome",
    "has the same outcome as {}; both may fire for one subject",
)
PAIRS = [
    ("when: {grade: {at least: 称职}}", "when: {grade: 优秀}", [("S", CONTAINED.format("R"))]),
    ("when: {periods: {last: 2, each: {grade: 优秀}}}", "when: {periods: {last: 3, each: {grade: 优秀}}}", [("S", CONTAINED.format("R"))]),
    ("when: [{grade: 优秀}, {score: {above: 90}}]", "when: {grade: 优秀}", [("R", CONTAINED.format("S"))]),
    ("when: {score: {above: 90}}", "when: {grade: 优秀}", [("S", BOTH.format("R"))]),
    # not at once, not alike, not at one time
    ("when: {grade: 称职}", "when: {grade: 优秀}", []),
    ("when: {score: {above: 90}}", "when: {grade: 优秀}\noutcome: reward:y", []),
    ("when: {score: {above: 90}}", "when: {grade: 好}\ncycle: quarterly", []),
    ("when: {score: {above: 90}}\nvalid: {until: 2024-01-01}", "when: {grade: 优秀}\nvalid: {from: 2024-01-01}", []),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "found"), PAIRS)
def test_rules_that_overlap(first, second, found):
    assert two(first, second) == found


def test_names_the_bureau_does_not_know():
    rule = "when: [{fact: {kind: [sanktion, award]}}, {indicator: {of: 群众满意, below: 60}}]"

    found = check(parse(one_rule(rule)), kinds=["sanction", "award"], indicators=["群众满意度"])

    assert [(f.level, f.line, f.text_en) for f in found] == [
        ("warning", 12, "line 12, column 19: no kind of fact 'sanktion' is known; did you mean 'sanction'?"),
        ("warning", 12, "line 12, column 64: no indicator '群众满意' is known; did you mean '群众满意度'?"),
    ]
    assert "是否为“sanction”？" in found[0].text_zh
    assert check(parse(one_rule(rule))) == []


def test_a_decision_of_nothing():
    found = check(parse(one_rule("when: {decision: {of: trainig, within: 1 year}}")))

    assert [(f.level, f.line, f.column, f.text_en) for f in found] == [
        ("error", 12, 27, "'trainig' is no rule, outcome or kind of outcome of this policy; did you mean 'training'?")
    ]


def test_a_parameter_outside_its_own_range():
    found = check(
        parse(one_rule("when: {score: {below: $low}}", "params: {low: {value: 4, local: true, at least: 5}}\n"))
    )

    assert [(f.level, f.rule, f.line) for f in found] == [("error", "low", 5)]


FIELDS = {
    "officer": {"subject": pl.Int64(), "joined_on": pl.Date(), "born_on": pl.Date(), "rank": pl.String()},
    "unit": {"subject": pl.Int64(), "code": pl.String(), "kind": pl.String()},
}


@pytest.mark.parametrize(
    ("rule", "column", "said"),
    [
        ("when: {profile: {rnk: x}}", 22, "'rnk' is no field of the directory; did you mean 'rank'?"),
        ("when: {unit: {profile: {knd: x}}}", 29, "'knd' is no field of the directory; did you mean 'kind'?"),
        ("when: {years: {since: leader, above: 3}}", 27, "'leader' is no field of the directory"),
        ("when: {years: {since: rank, above: 3}}", 27, "field 'rank' of the directory is not a date"),
        ("when: {rank: {top: 3, of: rank}}", 31, "field 'rank' of the directory is not a number"),
        ("when: {post: {uniform: x}}", 19, "'uniform' is no field of the directory"),
        ("when: {table: {of: {profile: rnk}, values: {x: 1}, above: 0}}", 34, "'rnk' is no field"),
        ("when: [{profile: {rank: x}}, {unit: {profile: {kind: x}}}, {age: {above: 50}}, {post: {unit: U1}}]", 0, ""),
    ],
)
def test_fields_the_directory_does_not_have(rule, column, said):
    found = check(parse(one_rule(rule)), fields=FIELDS)

    assert [(f.level, f.line, f.column) for f in found] == ([("error", 12, column)] if said else [])
    assert all(said in f.text_en for f in found)


def test_the_order_of_a_rule_about_units_looks_at_units():
    rule = "for: unit\nto: {leader: cycle end}\nwhen: {grade: 优秀}\nseats: {per: bureau, number: 3, order: [%s]}"
    text = one_rule(rule % "{lowest: joined_on}, {highest: score}")

    (found,) = check(parse(text), fields=FIELDS)

    assert (found.level, found.line) == ("error", 14)
    assert "单位名册没有字段“joined_on”；“排序”看的是单位，不是落到的人" in found.text_zh
    assert check(parse(one_rule(rule % "{lowest: code}")), fields=FIELDS) == []


def test_an_outcome_without_its_kind_is_an_error_where_the_caller_knows_better():
    policy = parse(one_rule("when: {grade: 优秀}\noutcome: 嘉奖"))

    found = check(policy, nearest_outcome={"嘉奖": "reward:嘉奖"}.__getitem__)

    assert [(f.level, f.text_zh) for f in found] == [("error", "结果“嘉奖”没有写明事项类别；是否为“reward:嘉奖”？")]
    assert check(policy, nearest_outcome=lambda _: "") == check(policy) == []
