"""Which words the editor offers at a place of an unfinished text."""

import pytest

from linkage.rules import Completion, completions, parse
from linkage.rules.words import KEYS

HEAD = """policy: t
grades: {annual: [优秀, 称职], unit: [优秀]}
peers:
  officers: {for: officer, same: post_type}
params: {low: {value: 1}}
tests:
  good: {grade: 优秀}
gates: {honour: [{held: {grade: 优秀}}]}
rules:
  R1:
    title: t
"""


def offered(text: str) -> list[str]:
    """What is offered at the bar."""
    before, after = text.split("|")
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    return [one.word for one in completions(before + after, line, column)]


PLACES = [
    # keys by where they stand: block, flow, lists; the word begun narrows them
    ("|", ["policy", "title", "version", "grades"]),
    ("po|", ["policy"]),
    (HEAD + "    |", ["title", "for", "cycle", "population", "when"]),
    (HEAD + "    wh|", ["when"]),
    (HEAD + "    when: {|", ["all", "any", "not", "test", "met", "grade"]),
    (HEAD + "    when: {gr|", ["grade"]),
    (HEAD + "    when: {gr|}\n  R2:\n    title: x\n", ["grade"]),
    (HEAD + "    when:\n      - |", ["all", "any", "not", "test"]),
    (HEAD + "    when:\n      - grade: 优秀\n      - |", ["all", "any", "not", "test"]),
    (HEAD + "    when: [{grade: 优秀}, {|", ["all", "any", "not", "test"]),
    (HEAD + "    when:\n      - periods: {last: 2, |", ["each", "none", "some", "from"]),
    (HEAD + "    when:\n      periods:\n        last: 2\n        |", ["each", "none", "some", "from"]),
    (HEAD + "    when:\n      - periods: {last: 2, gaps: {|", ["ungraded", "pending", "absent", "unmeasured"]),
    (HEAD + "    when: {periods: {last: 3,\n      each: {score: {|}}}}", ["at least", "at most", "above", "below"]),
    (HEAD + "    clauses: [a, b]  # a {comment: of\n    |", ["title", "for", "cycle"]),
    (HEAD + "    basis: 'it: is {quoted'\n    |", ["title", "for", "cycle"]),
    (HEAD + "quotas:\n  q: {|", ["title", "cycle", "test", "per"]),
    # values
    (HEAD + "    for: |", ["officer", "unit"]),
    (HEAD + "    cycle: q|", ["quarterly"]),
    (HEAD + "    when:\n      - periods: {last: 2, gaps: {absent: |", ["break", "skip", "pass", "previous"]),
    (HEAD + "    when: {score: {below: |", ["previous", "$low"]),
    # names of the bureau's own
    (HEAD + "    when: {grade: |", ["优秀", "称职"]),
    (HEAD + "    when: {test: |", ["good"]),
    (HEAD + "    when: {met: |", ["R1"]),
    (HEAD + "    when: {rank: {top: 3, among: |", ["officers"]),
    (HEAD + "    gate: |", ["honour"]),
    # Chinese where the text or the word begun is Chinese
    ("政策: x\n规则:\n  R:\n    条件: {|", ["同时", "任一", "并非", "通用"]),
    ("政策: x\n规则:\n  R:\n    周期: |", ["年度", "季度", "月度", "自定", "任意"]),
    (HEAD + "    条|", ["条件", "条款"]),
    # nothing
    (HEAD + "    nonsense: {|", []),
    (HEAD + "    title: |", ["zh", "en"][:0]),
]


@pytest.mark.parametrize(("text", "first"), PLACES)
def test_what_is_offered(text, first):
    found = offered(text)

    assert found[: len(first)] == first
    assert bool(found) == bool(first)


def test_each_word_comes_with_its_other_spelling():
    assert completions("po", 1, 3) == [Completion("policy", "key", "政策")]
    assert completions("政", 1, 2) == [Completion("政策", "key", "policy")]


@pytest.mark.parametrize("cut", range(0, 1400, 7))
def test_any_place_of_any_text_is_answered(pack, cut):
    """Whatever is cut off, words of the language are offered, or names, or nothing."""
    text = pack.source[: 2000 + cut]
    line, column = text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1

    for one in completions(text, line, column):
        assert one.kind in ("value", "name") or one.word in KEYS or one.other in KEYS or one.word in ("zh", "en")


def test_a_place_outside_the_text():
    assert completions("", 1, 1)
    assert completions("policy: x", 99, 99)[0].kind == "key"


def test_a_key_offered_is_a_key_the_parser_takes(pack):
    """In every rule of the pack, every key of the rule is among those offered there."""
    lines = pack.source.splitlines()
    rule = next(i for i, line in enumerate(lines) if line == "  P03:")
    keys = [
        line.strip().split(":")[0] for line in lines[rule + 1 : rule + 25] if line.startswith("    ") and line[4] != " "
    ]

    found = {one.word for one in completions("\n".join([*lines[: rule + 1], "    "]), rule + 2, 5)}

    assert set(keys) <= found
    assert parse(pack.source) == pack
