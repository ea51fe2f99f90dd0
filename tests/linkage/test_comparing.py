"""Two versions of a policy in words: what differs is named, and marked inside the sentence."""

import pytest

from linkage import comparing, register
from linkage.rules import PolicyError

REFERENCE = (register.SHIPPED / "reference.yaml").read_text(encoding="utf-8")
CHINESE = (register.SHIPPED / "reference.zh.yaml").read_text(encoding="utf-8")


def changed(*swaps, lang="zh"):
    text = REFERENCE
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    return {(found.part, found.name): found for found in comparing.compare(REFERENCE, text, lang)}


def cut(pieces):
    return "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in pieces)


def test_the_same_text_has_no_differences():
    assert comparing.compare(REFERENCE, REFERENCE, "zh") == []


def test_the_chinese_spelling_says_the_same():
    assert comparing.compare(REFERENCE, CHINESE, "zh") == []


def test_what_stands_elsewhere_or_in_comments_is_no_difference():
    assert changed(("grades:  ", "# 等次\n\ngrades:  ")) == {}


@pytest.mark.parametrize(
    ("lang", "before", "after"),
    [
        ("zh", "满年数不少于[5]年", "满年数不少于[6]年"),
        ("en", "is at least [5] and", "is at least [6] and"),
    ],
)
def test_the_changed_figure_is_marked_in_its_sentence(lang, before, after):
    found = changed(("since: joined_on, at least: 5", "since: joined_on, at least: 6"), lang=lang)
    assert list(found) == [("rule", "P03")]
    assert before in cut(found["rule", "P03"].before)
    assert after in cut(found["rule", "P03"].after)


def test_a_parameter_is_named_with_the_rules_that_read_differently_by_it():
    found = changed(("low months: {value: 3", "low months: {value: 2"))
    assert list(found) == [("param", "low months"), ("rule", "P10")]
    assert cut(found["param", "low months"].after).startswith("[2]；分局可调整")


def test_the_range_of_a_parameter_is_part_of_it():
    found = changed(("at least: 5%, at most: 10%", "at least: 5%, at most: 15%"))
    assert "[15%]" in cut(found["param", "bottom share"].after)


def test_added_and_removed_rules_are_said_whole():
    rule = """  P99:
    title: {zh: 新规, en: New}
    for: officer
    cycle: annual
    when: {grade: 优秀}
    outcome: training:class
    basis: {doc: 某规定}

"""
    found = changed(("  P01:\n", f"{rule}  P01:\n"))
    assert (list(found), found["rule", "P99"].how) == ([("rule", "P99")], "added")
    assert "依据：某规定" in cut(found["rule", "P99"].after)
    back = comparing.compare(REFERENCE.replace("  P01:\n", f"{rule}  P01:\n"), REFERENCE, "zh")
    assert [(one.name, one.how) for one in back] == [("P99", "removed")]


def test_a_rule_under_another_number_is_the_same_rule():
    (found,) = changed(("  P01:\n", "  P01a:\n")).values()
    assert (found.how, found.name_before, found.name) == ("renamed", "P01", "P01a")


@pytest.mark.parametrize(
    ("swap", "part"),
    [
        (("[优秀, 良好, 一般, 较差]", "[优秀, 良好, 较差]"), ("grades", "unit")),
        (("same: peer_group", "same: [peer_group, kind]"), ("peers", "units")),
        (("competent: {grade: {at least: 称职}}", "competent: {grade: 称职}"), ("test", "competent")),
        (("title: {zh: 参考政策", "title: {zh: 海州政策"), ("title", "reference")),
        (("clauses: CN-025", "clauses: CN-026"), ("rule", "P04")),
    ],
)
def test_every_part_is_looked_at(swap, part):
    assert part in changed(swap)


def test_a_gate_is_named_beside_the_rules_it_guards():
    found = changed(
        ("- held: {fact: {kind: investigation, active: now}}", "- blocked: {fact: {kind: veto, active: now}}")
    )
    assert ("gate", "honour") in found
    assert ("rule", "P01") in found


def test_a_text_that_cannot_be_read_is_refused_with_its_place():
    with pytest.raises(PolicyError) as refused:
        comparing.compare(REFERENCE, "policy: x\n", "zh")
    assert refused.value.line == 1


def test_sentences_without_anything_in_common_are_marked_whole():
    before, after = comparing.marked("甲乙丙", "丁戊己")
    assert (cut(before), cut(after)) == ("[甲乙丙]", "[丁戊己]")


def test_sentences_too_long_to_be_laid_side_by_side_are_marked_whole():
    old, new = "。甲" * 5_000, "。乙" * 5_000
    assert [cut(side) for side in comparing.marked(old, new)] == [f"[{old}]", f"[{new}]"]
