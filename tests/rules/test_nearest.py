"""The smallest change that would turn an answer: said in two languages, and true when it is made."""
# ruff: noqa: E501  a row of a table reads best on one line

from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from linkage.rules import decide, nearest

from .small_bureau import Bureau, fact, posting, run_rule

LETTERS = "ABCD"
SAID = [
    ("when: {grade: 优秀}", "如2025年度等次为优秀（现为称职），即认定", "If in 2025 the grade were 优秀 (now 称职), it would be decided"),
    ("when: {score: {at least: 80}}", "如2025年度得分提高0.5至80（现79.5），即认定", "If in 2025 the score were 0.5 higher, at 80 (now 79.5), it would be decided"),
    ("when: {score: {above: 80}}", "如2025年度得分提高0.6至80.1（现79.5），即认定", "If in 2025 the score were 0.6 higher, at 80.1 (now 79.5), it would be decided"),
    ("when: {score: {below: 80}}", "如2025年度得分提高0.5至80（现79.5），则不认定", "If in 2025 the score were 0.5 higher, at 80 (now 79.5), it would not be decided"),
    ("when: {fact: {kind: late, at least: 3}}", "如曾有late的次数增加2次（现1次），即认定", "If the number of late on record were 2 more (now 1), it would be decided"),
    ("when: {fact: {kind: late}}", "如没有late，则不认定", "If there is no late on record, it would not be decided"),
    ("when: {periods: {last: 3, each: {grade: {at least: 称职}}}}", "如再有1个年度等次不低于称职（2023年度现为基本称职），即认定", "If in 1 more cycle the grade is at least 称职 (now 2023 基本称职), it would be decided"),
    ("when: {periods: {last: 3, count: {grade: 优秀}, at least: 2}}", "如再有1个年度等次为优秀（2025年度现为称职），即认定", "If in 1 more cycle the grade is 优秀 (now 2025 称职), it would be decided"),
    ("when: [{grade: 优秀}, {score: {at least: 80}}]", "如2025年度等次为优秀（现为称职），且2025年度得分提高0.5至80（现79.5），即认定", "If in 2025 the grade were 优秀 (now 称职), and in 2025 the score were 0.5 higher, at 80 (now 79.5), it would be decided"),
    ("when: {any: [[{grade: 优秀}, {score: {at least: 80}}], {score: {at least: 79.6}}]}", "如2025年度得分提高0.1至79.6（现79.5），即认定", "If in 2025 the score were 0.1 higher, at 79.6 (now 79.5), it would be decided"),
    ("when: {rank: {top: 1}}", "如2025年度名次在前1名以内（现第2，共2），即认定", "If in 2025 the place by the score were among the first 1 (now 2 of 2), it would be decided"),
    ("when: {years: {since: joined_on, on: as of, at least: 20}}", "如自入职日至评定日满年数达到20年（现13年），即认定", "If full years from joining date to the day of evaluation had reached 20 years (now 13), it would be decided"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "zh", "en"), SAID)
def test_it_is_said_in_both_languages(rule, zh, en):
    scores = {("p", "2025"): 79.5, ("q", "2025"): 90.0}
    bureau = Bureau({"p": "CAB", "q": "AAA"}, scores=scores, facts=[fact("p", "late", "2025-03-01")])

    found = nearest(run_rule(rule, bureau), "R", "p")

    assert (found.zh, found.en) == (zh, en)


def test_nobody_grows_younger():
    bureau = Bureau({"p": "A"}, fields={"p": {"born_on": date(1960, 1, 1)}})

    assert nearest(run_rule("when: {age: {on: cycle end, at most: 45}}", bureau), "R", "p") is None


def test_a_decision_that_a_gate_holds_up_is_released_by_what_the_gate_asks_for():
    rule = "when: {grade: 优秀}\ngate: [{blocked: {fact: {kind: sanction, active: now}}}]"
    bureau = Bureau({"p": "A"}, facts=[fact("p", "sanction", "2025-12-01")])

    assert nearest(run_rule(rule, bureau), "R", "p").zh == "如评定日没有生效中的处分，即认定"


def test_the_unit_of_a_leader_is_what_would_have_to_be_otherwise():
    rule = "for: unit\nwhen: {grade: 较差}\nto: {leader: cycle end}"
    bureau = Bureau({"p": "A"}, units={"U1": "D"}, postings=[posting("p", "U1", leads=True, since="2020-01-01")])
    result = run_rule(rule, bureau)

    assert nearest(result, "R", "p").zh == "如所在单位2025年度等次为一般（现为较差），则不认定"
    assert nearest(result, "R", "U1", who="unit").zh == "如2025年度等次为一般（现为较差），则不认定"


def test_someone_without_a_result_first_needs_one():
    found = nearest(run_rule("when: {fact: {kind: late}}", Bureau({"p": "?"})), "R", "p")

    assert [change.what[0] for change in found.changes] == ["考核状态为已定等次", "曾有late"]


@pytest.mark.parametrize("code", ["2025", "2025Q4", "2025-12"])
def test_no_answer_names_another_or_his_figure(haizhou, pack, code):
    """A place is said as one's own place and the number of places; never with the figure of who stands there."""
    result = decide(pack, haizhou, code, date(2026, 1, 20))
    for rule in result.plan.rules:
        for subject in haizhou.officers["badge"].to_list()[::97]:
            found = nearest(result, rule, subject)
            for change in found.changes if found else ():
                if any(column.startswith("made:") for column, _ in change.cells):
                    figure = str(change.cells[0][1])
                    assert figure not in change.said(0)
                    assert figure not in change.said(1)


# made and put to the rule once more

GRADES = st.sampled_from(["优秀", "称职", "基本称职", "不称职"])
OPS = st.sampled_from(["at least", "at most", "above", "below"])
leaves = st.one_of(
    st.builds(lambda g: f"{{grade: {g}}}", GRADES),
    st.builds(lambda op, g: f"{{grade: {{{op}: {g}}}}}", OPS, GRADES),
    st.builds(lambda op, n: f"{{score: {{{op}: {n}}}}}", OPS, st.integers(70, 90)),
    st.builds(lambda op, n: f"{{fact: {{kind: late, {op}: {n}}}}}", OPS, st.integers(0, 3)),
    st.builds(lambda n, how, t: f"{{periods: {{last: {n}, {how}: {t}}}}}", st.integers(1, 3), st.sampled_from(["each", "none", "some"]), st.builds(lambda g: f"{{grade: {g}}}", GRADES)),
    st.builds(lambda n, op, k: f"{{periods: {{last: {n}, count: {{grade: 优秀}}, {op}: {k}}}}}", st.integers(1, 3), OPS, st.integers(0, 3)),
    st.builds(lambda n, op, k: f"{{periods: {{last: {n}, run: {{score: {{at least: 80}}}}, {op}: {k}}}}}", st.integers(1, 3), OPS, st.integers(0, 3)),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda parts: f"{{all: [{', '.join(parts)}]}}", st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: f"{{any: [{', '.join(parts)}]}}", st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: f"{{not: {part}}}", inner),
    ),
    max_leaves=5,
)
histories = st.text("ABCD?.", min_size=3, max_size=3)
RELAXED = settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))


def bureau_of(history, scores, late):
    facts = [fact("p", "late", f"2025-03-{day + 1:02}") for day in range(late)]
    return Bureau({"p": history}, scores={("p", str(2023 + i)): s for i, s in enumerate(scores)}, facts=facts)


def made(found, history, scores, late):
    """The bureau in which the changes have been made."""
    letters, scores = list(history), list(scores)
    for change in found.changes:
        for column, value in change.cells:
            name, _, code = column.partition("@")
            place = int(code) - 2023 if code else 0
            if name == "grade":
                letters[place] = LETTERS[value]
            elif name == "score":
                scores[place] = value
                letters[place] = letters[place] if letters[place] in LETTERS else "?"
            elif name.startswith("fact"):
                late = int(value)
    assume("?" not in "".join(letters) or "?" in history)
    return bureau_of("".join(letters), scores, late)


@RELAXED
@given(trees, histories, st.tuples(*[st.sampled_from([65.0, 79.5, 80.0, 91.25])] * 3), st.integers(0, 3))
def test_made_it_turns_the_answer(tree, history, scores, late):
    before = run_rule(f"when: {tree}", bureau_of(history, scores, late))
    found = nearest(before, "R", "p")
    assume(found is not None)
    ungraded = any(letter not in LETTERS for letter in history)
    assume(
        not (ungraded and any(column.startswith(("score", "status")) for c in found.changes for column, _ in c.cells))
    )

    after = run_rule(f"when: {tree}", made(found, history, scores, late))

    assert before.decisions.is_empty() == found.fires
    assert after.decisions.is_empty() != found.fires


by_grade = st.recursive(
    st.one_of(
        st.builds(lambda g: f"{{grade: {g}}}", GRADES),
        st.builds(lambda n, how, g: f"{{periods: {{last: {n}, {how}: {{grade: {g}}}}}}}", st.integers(1, 3), st.sampled_from(["each", "none", "some"]), GRADES),
    ),
    lambda inner: st.one_of(
        st.builds(lambda parts: f"{{all: [{', '.join(parts)}]}}", st.lists(inner, min_size=2, max_size=2)),
        st.builds(lambda parts: f"{{any: [{', '.join(parts)}]}}", st.lists(inner, min_size=2, max_size=2)),
        st.builds(lambda part: f"{{not: {part}}}", inner),
    ),
    max_leaves=3,
)  # fmt: skip


@RELAXED
@given(by_grade, st.text(LETTERS, min_size=3, max_size=3))
def test_no_smaller_change_would_do(tree, history):
    names = {"".join(letters): f"p{i}" for i, letters in enumerate(product(LETTERS, repeat=3))}
    result = run_rule(f"when: {tree}", Bureau({name: letters for letters, name in names.items()}))
    fired = set(result.decisions["subject"])
    mine = names[history] in fired
    apart = [
        sum(a != b for a, b in zip(letters, history, strict=True))
        for letters, name in names.items()
        if (name in fired) != mine
    ]

    found = nearest(result, "R", names[history])

    assert (found is None) == (not apart)
    if found:
        assert len(found.changes) == min(apart)
