"""What is said about a policy without data."""
# ruff: noqa: E501  a row of a table reads best on one line

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
    ("when: {grade: 优秀}\ngate: {held: {decision: {of: x, in: this run}}}", "error", "a gate may not look"),
    ("when: {unit: {decision: {of: x, in: this run}}}", "error", "only directly"),
]


@pytest.mark.parametrize(("rule", "level", "said"), FINDINGS)
def test_findings(rule, level, said):
    found = check(parse(one_rule(rule)))

    assert [finding.level for finding in found] == ([level] if level else [])
    assert all(said in finding.text_en and finding.text_zh and finding.rule == "R" for finding in found)
    assert all(finding.line == 7 for finding in found)


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
    assert [(finding.level, finding.rule) for finding in check(pack)] == [("warning", "P03")]
