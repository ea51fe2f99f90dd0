"""What the parser refuses: with line, column, what was expected and the nearest word; and every bound."""

import pickle

import pytest

from linkage.rules import PolicyError, check, parse
from linkage.rules.refusals import REFUSALS

from .small_bureau import HEAD, one_rule


def refusal(text: str, **local: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        parse(text, local or None)
    return caught.value


HEAD_LINES = HEAD.count("\n")  # the rules begin below; R: is the next line, its parts the lines after
WHEN = HEAD_LINES + 7  # the line of `when` in one_rule

WORDS = [
    # body, code, (line, column), nearest word
    ("wen: {grade: 优秀}", "no_word", (WHEN, 5), "when"),
    ("when: {grad: 优秀}", "no_word", (WHEN, 12), "grade"),
    ("when: {grade: 优私}", "not_one_of", (WHEN, 19), "优秀"),
    ("when: {grade: {at lest: 优秀}}", "no_word", (WHEN, 20), "at least"),
    ("when: {grade: {at least: 优秀, above: 称职}}", "exactly_one", (WHEN, 19), None),
    ("when: {share: 优秀}", "no_condition", (WHEN, 12), "score"),
    ("when: {grade: 优秀}\ngate: honor", "no_gate", (WHEN + 1, 11), None),
    ("when: {test: por}", "no_test", (WHEN, 18), None),
    ("when: {met: Q}", "no_rule", (WHEN, 17), None),
    ("when: {met: R}", "no_rule", (WHEN, 17), None),
    ("when: {score: {below: many}}", "number", (WHEN, 27), None),
    ("when: {score: {below: 1e3}}", "number", (WHEN, 27), None),
    ("when: {score: {below: 1/0}}", "number", (WHEN, 27), None),
    ("when: {score: {below: ６０}}", "number", (WHEN, 27), None),
    ("when: {score: {below: [60]}}", "mapping", (WHEN, 27), None),
    ("when: {score: {below: $low}}", "no_param", (WHEN, 27), None),
    ("when: {score: {below: {median: officer}}}", "not_one_of", (WHEN, 36), "officers"),
    ("when: {score: {below: {median: officers, mean: officers}}}", "exactly_one", (WHEN, 27), None),
    ("when: [{grade: 优秀}, []]", "condition_list", (WHEN, 25), None),
    ("when: {fact: {kind: x, steps: y}}", "not_here", (WHEN, 28), "lasts"),
    ("when: {rank: {top: 3, of: [a]}}", "a_number", (WHEN, 31), None),
    ("when: {grade: 优秀}\noutcome: [a]", "one_word", (WHEN, 14), None),
    ("when: []", "condition_list", (WHEN, 11), None),
    ("when: 优秀", "one_condition", (WHEN, 11), None),
    ("when: {grade: 优秀, score: {below: 60}}", "one_condition", (WHEN, 11), None),
    ("when: {rank: {top: 100%}}", "share", (WHEN, 24), None),
    ("when: {rank: {top: 1.5}}", "whole", (WHEN, 24), None),
    ("when: {rank: {members: 3}}", "exactly_one", (WHEN, 18), None),
    ("when: {indicator: 指标}", "mapping", (WHEN, 23), None),
    ("when: {indicator: {of: [a, b], below: 60}}", "one_word", (WHEN, 28), None),
    ("when: {rank: {top: 3, of: {indicator: [a, b]}}}", "one_word", (WHEN, 43), None),
    ("when: {periods: {last: 3, within: year, each: {grade: 优秀}}}", "not_together", (WHEN, 39), None),
    ("when: {fact: {kind: x, during: cicle}}", "not_one_of", (WHEN, 36), "cycle"),
    ("when: {fact: {kind: x, active: cycle}}", "not_one_of", (WHEN, 36), "cycle end"),
    ("when: {fact: {kind: x, within: 1 year, ahead: 1 year}}", "at_most_one", (WHEN, 18), None),
    ("when: {fact: {kind: x, within: soon}}", "length", (WHEN, 36), None),
    ("when: {fact: {kind: x, within: 3 cycles}}", "length_unit", (WHEN, 36), None),
    ("when: {fact: {kind: x, once per: row}}", "not_one_of", (WHEN, 38), None),
    ("when: {fact: {level: x}}", "missing", (WHEN, 18), None),
    ("when: {served: {of: unit}}", "comparison", (WHEN, 20), None),
    ("when: {served: {of: unit, at least: 6 weeks}}", "length_unit", (WHEN, 41), None),
    ("when: {years: {at least: 5}}", "missing", (WHEN, 19), None),
    ("when: {profile: 在编}", "pairs", (WHEN, 21), None),
    ("when: {post: {is_leader: maybe}}", "yes_no", (WHEN, 30), None),
    ("when: {decision: {of: x, in: last run}}", "not_one_of", (WHEN, 34), "this run"),
    ("when: {periods: {last: 3}}", "exactly_one", (WHEN, 21), None),
    ("when: {periods: {last: 3, share: {grade: 优秀}, above: previous}}", "share_constant", (WHEN, 58), None),
    ("when: {periods: {last: 25, each: {grade: 优秀}, gaps: {absent: skip}}}", "skip_span", (WHEN, 28), None),
    ("when: {periods: {last: 3, each: {grade: 优秀}, gaps: {missing: skip}}}", "not_one_of", (WHEN, 57), None),
    ("when: {periods: {last: 3, each: {grade: 优秀}, gaps: skip}}", "mapping", (WHEN, 56), None),
    ("when: {periods: {last: 2, each: {grade: 优秀}, same: level}}", "same_needs", (WHEN, 56), None),
    ("when: {grade: 优秀}\nladder: {by: score, rungs: {}}", "pairs", (WHEN, 32), None),
    (
        "when: {grade: 优秀}\nladder: {by: {periods: {last: 3, each: {grade: 优秀}}}, rungs: {1: x}}",
        "exactly_one",
        (WHEN, 28),
        None,
    ),
    ("when: {grade: 优秀}\nladder: {by: {grade: 优秀}, rungs: {1: x}}", "no_number", (WHEN, 19), "add"),
    (
        "when: {grade: 优秀}\noutcome: x\nladder: {by: score, rungs: {1: x}}",
        "outcome_or_ladder",
        (HEAD_LINES + 2, 5),
        None,
    ),
    ("when: {grade: 优秀}\nvalid: {from: 20250101}", "day", (WHEN + 1, 19), None),
    ("when: {grade: 优秀}\nvalid: {from: 2025-02-30}", "day", (WHEN + 1, 19), None),
    ("when: {grade: 优秀}\nto: {leader: throughout}", "units_only", (WHEN + 1, 9), None),
    ("for: unit\nwhen: {grade: 优秀}\nfocus: weakest", "officers_only", (WHEN + 1, 12), None),
    (
        "when: {grade: 优秀}\nseats: {per: bureau, share: 120%, order: [{highest: score}]}",
        "share",
        (WHEN + 1, 33),
        None,
    ),
    (
        "when: {grade: 优秀}\nseats: {per: bureau, share: 1%, order: [{highest: score, lowest: score}]}",
        "exactly_one",
        (WHEN + 1, 45),
        None,
    ),
    ("when: {grade: 优秀}\npopulation: all of them", "not_one_of", (WHEN + 1, 17), None),
    ("when: {grade: 优秀}\ntitle: {fr: x}", "missing", (WHEN, 12), None),
    ("when: {grade: 优秀}\nbasis: {article: 1}", "missing", (WHEN, 12), None),
]


@pytest.mark.parametrize(("body", "code", "place", "near"), WORDS)
def test_a_refusal_names_place_and_nearest_word(body, code, place, near):
    error = refusal(one_rule(body))

    assert (error.code, (error.line, error.column), error.near) == (code, place, near)
    assert str(error).startswith(f"line {error.line}, column {error.column}: ")
    assert near is None or f"did you mean '{near}'?" in str(error)


RULE = one_rule("when: {grade: 优秀}")
FILES = [
    ("", "empty", (1, 1)),
    ("policy: a: b", "yaml", (1, 10)),
    ("policy: a\x00b", "character", (1, 10)),
    ("- a", "mapping", (1, 1)),
    ("policy: x\ntitle: x\n", "missing", (1, 1)),
    ("a: &a [1]\nb: *a\n", "alias", (1, 4)),
    ("policy: !!python/object/apply:os.system [x]\n", "alias", (1, 9)),
    ("policy: !!python/name:os.system 'x'\n", "alias", (1, 9)),  # a tagged scalar is one too
    ("policy: !!int 3\n", "alias", (1, 9)),
    ("policy: x\npolicy: y\n", "twice", (2, 1)),
    ("? [a]\n: b\n", "key_is_word", (1, 3)),
    ("policy: x\n<<: {title: x}\n", "no_word", (2, 1)),
    (RULE + "    when: {grade: 优秀}\n", "twice", (WHEN + 1, 5)),
    (RULE.replace("annual: [优秀", "yearly: [优秀"), "not_one_of", (3, 10)),
    (RULE.replace("same: peer_group", "same: shoe_size"), "not_one_of", (4, 87)),
    (RULE.replace("rules:", "tests: x\nrules:"), "pairs", (5, 8)),
    (RULE.replace(HEAD.splitlines()[2], "grades: x"), "mapping", (3, 9)),
    (RULE.replace("rules:", "peers: x\nrules:"), "twice", (5, 1)),
]


@pytest.mark.parametrize(("text", "code", "place"), FILES)
def test_a_file_is_refused_with_its_place(text, code, place):
    error = refusal(text)

    assert (error.code, (error.line, error.column)) == (code, place)


def rules(n: int) -> str:
    parts = "title: t, for: officer, cycle: annual, basis: t, outcome: x, when: {grade: 优秀}"
    return HEAD + "".join(f"  R{i}: {{{parts}}}\n" for i in range(n))


def chain(n: int) -> str:
    """Each rule names the one before twice: 2^n conditions once put in place."""
    parts = "title: t, for: officer, cycle: annual, basis: t, outcome: x"
    linked = "".join(f"  R{i}: {{{parts}, when: [{{met: R{i - 1}}}, {{met: R{i - 1}}}]}}\n" for i in range(1, n))
    return HEAD + f"  R0: {{{parts}, when: {{grade: 优秀}}}}\n" + linked


def gate_chain(n: int) -> str:
    doubled = "".join(f"  g{i}: [g{i - 1}, g{i - 1}]\n" for i in range(1, n))
    return one_rule("when: {grade: 优秀}", "gates:\n  g0: [{held: {grade: 优秀}}]\n" + doubled)


BOUNDS = [
    ("size", "x" * 512_001),
    ("too_deep", "[" * 17 + "]" * 17),
    ("too_deep", "[" + "a," * 20_000 + "]"),
    ("rules", rules(401)),
    ("conditions", one_rule("when: [" + "{grade: 优秀}," * 60 + "]")),
    ("conditions", one_rule("when: {test: a}", "tests: {a: [{test: b}, {test: b}], b: {test: a}}\n")),
    ("expanded", chain(40)),
    ("gates", gate_chain(40)),
    ("long", one_rule("when: {fact: {kind: x, within: 101 years}}")),
    ("long", one_rule("when: {fact: {kind: x, within: 99999 days}}")),
    ("long", one_rule("when: {periods: {within: 121 cycles, each: {grade: 优秀}}}")),
    ("whole", one_rule("when: {periods: {last: 121, each: {grade: 优秀}}}")),
    ("whole", one_rule("when: {score: {below: {before: 61}}}")),
    ("number", one_rule("when: {score: {below: 12345678901}}")),
]


@pytest.mark.parametrize(("code", "text"), BOUNDS)
def test_bounds(code, text):
    assert refusal(text).code == code


WITHIN = [
    rules(400),
    one_rule("when: [" + "{grade: 优秀}," * 59 + "]"),
    one_rule("when: {fact: {kind: x, within: 100 years}}"),
    one_rule("when: {periods: {last: 120, each: {grade: 优秀}}}"),
]


@pytest.mark.parametrize("text", WITHIN)
def test_up_to_the_bound_it_is_read(text):
    assert parse(text).rules


PARAMS = "params: {low: {value: 10%, local: true, at least: 5%, at most: 10%}, fixed: {value: 3}}\n"
LOCAL = one_rule("when: {rank: {bottom: $low, members: $fixed}}", PARAMS)


def test_a_local_value_takes_the_place_of_the_parameter():
    own, local = parse(LOCAL), parse(LOCAL, {"low": "6%"})

    assert (own.rules["R"].when.share, local.rules["R"].when.share) == (pytest.approx(0.1), pytest.approx(0.06))
    assert (own.params["low"].value, local.params["low"].value) == ("10%", "6%")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"fixed": "4"}, "not_local"),
        ({"lo": "5%"}, "no_param"),
        ({"low": "4%"}, "local_range"),
        ({"low": "11%"}, "local_range"),
        ({"low": "$fixed"}, "local_range"),
        ({"low": "many"}, "local_range"),
    ],
)
def test_a_local_value_is_refused(values, code):
    assert refusal(LOCAL, **values).code == code


def test_a_refusal_speaks_both_languages_and_survives_a_queue():
    error = refusal(one_rule("wen: {grade: 优秀}"))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own object

    assert error.zh == "“wen”不是本语言的词；是否为“when”？"
    assert error.en == "'wen' is not a word of the language; did you mean 'when'?"
    assert (again.zh, again.line, str(again)) == (error.zh, error.line, str(error))


def test_every_refusal_is_written_in_both_languages():
    for zh, en in REFUSALS.values():
        assert any("一" <= letter <= "鿿" for letter in zh) or zh.startswith("{")
        assert en.isascii() or "优秀" in en


def test_scalars_are_words_until_a_keyword_says_otherwise():
    policy = parse(one_rule("when: {profile: {on: no, day: 2024-01-01}}\noutcome: yes"))

    assert policy.rules["R"].outcome == "yes"
    assert [part.values for part in policy.rules["R"].when.parts] == [("no",), ("2024-01-01",)]
    assert check(policy) == []


@pytest.mark.parametrize(
    ("body", "line", "column", "sign"),
    [
        ("when：{grade: 优秀}", WHEN, 9, "：→:"),
        ("when:\n  grade：\n    is: 优秀", WHEN + 1, 12, "：→:"),
        ("when: {grade：优秀}", WHEN, 17, "：→:"),
        ("when: {profile: {sex: 女，rank: x}}", WHEN, 28, "，→,"),
        ("when: ｛grade: 优秀}", WHEN, 11, "｛→{"),
    ],
)
def test_a_full_width_sign_is_named_where_it_stands(body, line, column, sign):
    error = refusal(one_rule(body))

    wide, half = sign.split("→")
    assert (error.code, error.line, error.column) == ("full_width", line, column)
    assert f"全角标点“{wide}”，应改为半角“{half}”" in error.zh
    assert f"full-width '{wide}'" in error.en


def test_a_chinese_sentence_names_the_chinese_words():
    assert refusal("policy: t\ntitle: t\ngrades: {annual: [a, b]}").zh == "缺少“规则”"
    assert refusal("policy: t\ntitle: t\ngrades: {annual: [a, b]}").en == "'rules' is missing"
    assert "可用：指标、各期、事实、年限、认定" in refusal(one_rule("when: {rank: {top: 3, of: {unit: x}}}")).zh
    assert "民警、单位" in refusal(one_rule("for: x\nwhen: {grade: 优秀}")).zh
    assert (
        "“期内”不能与“最近”同用"
        in refusal(one_rule("when: {periods: {last: 3, within: year, each: {grade: 优秀}}}")).zh
    )


def test_what_yaml_says_is_said_in_chinese():
    for text in ("a: [1", "a: b: c", "a: '", "a:\n\t- b", "a: }", "{a: b} c", "- a\nb: c"):
        assert not any("a" <= sign <= "z" for sign in refusal(text).zh.removeprefix("YAML"))
