"""Every keyword has an English and a Chinese spelling, and both give the same tree."""
# ruff: noqa: E501  a row of a table reads best on one line

import pytest

from linkage.rules import parse
from linkage.rules.words import KEYS, VALUES

from .small_bureau import one_rule

# One text that uses every keyword: each is put in its Chinese spellings, one at a time.
EVERYTHING = """\npolicy: everything
title: {zh: 全, en: all}
version: 1
grades: {annual: [优秀, 称职, 基本称职, 不称职], unit: [优秀, 良好]}
peers: {p: {for: officer, same: [post_type, branch], title: t}}
params: {low: {value: 10%, local: true, text: t, tighten: down}}
tests: {good: {grade: {at least: 称职}}}
gates: {g: [{blocked: {fact: {kind: sanction, active: now}}, unless: {fact: {kind: merit, during: year}}}]}
rules:
  R1:
    title: t
    for: officer
    cycle: annual
    population: listed
    when:
      - all: [{grade: {above: 称职}}, {grade: {at most: 优秀}}, {grade: {below: 优秀}}, {grade: {is: 优秀}}]
      - any: [{status: graded}, {not: {test: good}}, {met: R2}]
      - score: {below: {median: p, plus: 1, times: 2}}
      - score: {below: {mean: p}}
      - indicator: {of: i, below: 60}
      - indicator: {any of: scheme, below: 60}
      - indicator: {each of: [i], below: 60}
      - rank: {top: 3, of: score, among: p, members: 5}
      - rank: {bottom: 10%}
      - profile: {sex: 女}
      - age: {on: cycle end, at most: 45}
      - years: {since: joined_on, on: as of, at least: 5}
      - served: {of: unit, at least: 6 months}
      - post: 巡防
      - unit: {parent: {grade: 优秀}}
      - decision: {of: reward, within: 2 years, ended: done}
      - decision: {of: reward, in: this run}
      - sequence: {steps: [{grade: 优秀}, {grade: 优秀}], within: 3 years, apart: 1 years}
    gate: g
    seats: {per: branch, share: 3%, out of: graded, order: [{highest: score}, {lowest: joined_on}], floors: [{when: {grade: 优秀}, share: 25%}]}
    outcome: reward:x
    dose: {unit: days, by: score, first: 1, step: 1, cap: 9}
    focus: weakest
    basis: {doc: d, article: a, text: t}
    clauses: [C]
    valid: {from: 2020-01-01, until: 2030-01-01}
  R2:
    title: t
    for: unit
    cycle: any
    when:
      - periods: {last: 3, before: 1, each: {grade: 优秀}, after: {fact: {kind: k}}, gaps: {absent: skip}}
      - periods: {last: 2, each: {fact: {kind: k, during: cycle}}, same: level}
      - periods: {within: year, kind: monthly, none: {grade: 优秀}}
      - periods: {within: cycle, some: {grade: 优秀}}
      - periods: {last: all, count: {grade: 优秀}, at least: 1}
      - periods: {last: 3, share: {grade: 优秀}, above: 50%}
      - periods: {last: 3, run: {grade: 优秀}, at most: 2}
      - periods: {last: 3, worth: [{this: {grade: 优秀}, value: 1}], is: 1}
      - periods: {last: 3, sum: score, at least: previous}
      - periods: {last: 3, mean: score, at least: {before: 2}}
      - periods: {last: 3, min: score, at least: 1}
      - periods: {last: 3, max: score, at least: 1}
      - fact: {kind: k, level: l, overlaps: cycle, total: days, at least: 1}
      - fact: {kind: k, ahead: 1 years}
      - periods: {last: 2, each: {grade: 优秀}, after: {fact: {kind: k, expired: yes}}}
      - fact: {kind: k, ever: true, once per: note}
      - fact: {kind: k, year of: joined_on, total: longest, at least: 1}
      - fact: {kind: k, within: 1 years, total: amount, at least: 1}
      - fact: {kind: k, active: cycle end, total: latest, at least: 1}
      - add: {of: [score, 1], at least: 1}
      - multiply: {of: [score, 1], at least: 1}
      - limit: {of: score, floor: 1, cap: 9, at least: 1}
      - table: {of: {fact: {kind: k}}, values: {a: 1}, pick: lowest, otherwise: 0, at least: 1}
      - periods: {last: 3, balance: score, floor: 0, cap: 9, at least: 1}
      - periods: {last: 3, from: {grade: 优秀}, until: {grade: 良好}}
      - periods: {last: 2, each: {grade: 优秀}, gaps: {back-filled: {take: skip, late: 30 days}, part year: {take: skip, less: 50%, without: {fact: {kind: leave}}}}}
      - fact: {kind: k, active: now, amount: {at least: 1}, lasts: 1 years, added: 4 years, exempt: {fact: {kind: e}}, same: cause}
    gate: {held: {fact: {kind: k}}}
    seats: {per: branch, number: 3, rounding: up, taken: {grade: 优秀}, order: [{highest: score}], bands: [{per: unit, number: 1}]}
    to: {leader: throughout}
    ladder: {by: {fact: {kind: k}}, rungs: {1: a, 2: b}}
quotas:
  q: {title: t, cycle: annual, test: {grade: 优秀}, per: unit, share: 20%, out of: listed, lifted: [{when: {grade: 优秀}, share: 25%}]}
"""
SPELLINGS = [(english, chinese) for english, spellings in KEYS.items() for chinese in spellings]


def respell(english: str, chinese: str) -> str:
    """The keyword in its Chinese spelling wherever it stands as a key."""
    text = EVERYTHING
    for before in ("\n", "\n    ", "{", ", ", "- "):
        text = text.replace(f"{before}{english}: ", f"{before}{chinese}: ").replace(
            f"{before}{english}:\n", f"{before}{chinese}:\n"
        )
    return text


@pytest.mark.parametrize(("english", "chinese"), SPELLINGS)
def test_both_spellings_give_the_same_tree(english, chinese):
    text = respell(english, chinese)
    # names chosen by the bureau are not words: title {zh, en}, grades {unit: ...} and profile fields stay
    text = text.replace("优秀, 称职, 基本称职, 不称职], 单位:", "优秀, 称职, 基本称职, 不称职], unit:")

    assert text != EVERYTHING, f"{english} is not in the text"
    assert parse(text) == parse(EVERYTHING)


VALUE_PAIRS = [
    ("for: {}\nwhen: {{grade: 优秀}}", ["officer", "unit"]),
    ("cycle: {}\nwhen: {{score: {{below: 1}}}}", ["annual", "quarterly", "monthly", "own", "any"]),
    ("when: {{status: {}}}", ["graded", "ungraded", "pending", "absent"]),
    ("when: {{grade: 优秀}}\npopulation: {}", ["graded", "listed", "everyone"]),
    ("when: {{fact: {{kind: x, active: {}}}}}", ["now", "cycle end"]),
    ("when: {{fact: {{kind: x, during: {}}}}}", ["cycle", "year"]),
    ("when: {{fact: {{kind: x, total: {}, at least: 1}}}}", ["count", "days", "longest", "amount", "latest"]),
    ("when: {{periods: {{within: {}, each: {{grade: 优秀}}}}}}", ["cycle", "year"]),
    ("when: {{periods: {{last: {}, each: {{grade: 优秀}}}}}}", ["all"]),
    (
        "when: {{periods: {{last: 2, each: {{grade: 优秀}}, gaps: {{absent: {}}}}}}}",
        ["break", "skip", "pass", "previous", "wait", "as is"],
    ),
    (
        "when: {{periods: {{last: 2, each: {{grade: 优秀}}, gaps: {{{}: skip}}}}}}",
        ["ungraded", "pending", "absent", "unmeasured", "back-filled", "part year"],
    ),
    (
        "when: {{table: {{of: {{fact: {{kind: x}}}}, values: {{a: 1}}, pick: {}, at least: 1}}}}",
        ["highest", "lowest", "sum"],
    ),
    ("when: [{{fact: {{kind: x}}}}, {{fact: {{kind: y, same: {}}}}}]\nfocus: f", ["cause", "focus"]),
    ("when: {{score: {{below: {}}}}}", ["previous"]),
    ("when: {{age: {{on: {}, below: 45}}}}", ["as of", "cycle end"]),
    ("when: {{decision: {{of: x, in: {}}}}}", ["this run"]),
    ("when: {{indicator: {{any of: {}, below: 60}}}}", ["scheme"]),
    ("when: {{grade: 优秀}}\nfocus: {}", ["weakest", "failing"]),
    ("for: unit\nwhen: {{grade: 优秀}}\nto: {{leader: {}}}", ["throughout", "cycle end"]),
    ("for: unit\nwhen: {{grade: 优秀}}\nto: {{unit: {}}}", ["children", "descendants"]),
    (
        "when: {{grade: 优秀}}\nseats: {{per: {}, share: 1%, order: [{{lowest: subject}}]}}",
        ["branch", "unit", "bureau"],
    ),
    (
        "when: {{grade: 优秀}}\nseats: {{per: unit, share: 1%, rounding: {}, order: [{{lowest: subject}}]}}",
        ["down", "up", "half"],
    ),
]
CHINESE = {"unit": ["单位"], "previous": ["上期", "沿用上期"]} | {
    english: [zh for zh, en in VALUES.items() if en == english]
    for english in set(VALUES.values()) - {"previous", "unit"}
}
CASES = [(body, word, zh) for body, words in VALUE_PAIRS for word in words for zh in CHINESE[word]]


@pytest.mark.parametrize(("body", "english", "chinese"), CASES)
def test_values_have_both_spellings_too(body, english, chinese):
    assert parse(one_rule(body.format(chinese))) == parse(one_rule(body.format(english)))


def test_every_value_word_is_tried():
    tried = {zh for _, _, zh in CASES}

    assert set(VALUES) == tried - {"单位"}


LENGTHS = [
    ("3 days", "3天"),
    ("3 days", "3 日"),
    ("2 weeks", "2周"),
    ("1 month", "1个月"),
    ("12 months", "12 个月"),
    ("1 year", "1年"),
]


@pytest.mark.parametrize(("english", "chinese"), LENGTHS)
def test_lengths_have_both_spellings(english, chinese):
    body = "when: {{fact: {{kind: x, within: {}}}}}"

    assert parse(one_rule(body.format(chinese))) == parse(one_rule(body.format(english)))
