"""The published JSON Schema is current, and knows every word; what is misspelt does not validate."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from linkage.rules import grammar, parse, schema
from linkage.rules.schema import FILE, spellings, text
from linkage.rules.words import KEYS

from .small_bureau import one_rule
from .test_spellings import EVERYTHING, SPELLINGS, VALUE_PAIRS, respell

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
POLICIES = Path(__file__).parents[2] / "linkage" / "policies"
PACKS = sorted([*POLICIES.glob("reference*.yaml"), *POLICIES.glob("library/*.yaml")])


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def read(policy: str) -> Any:
    """As a YAML 1.2 reader that takes every scalar for text."""
    return yaml.load(policy, Loader=LOADER)  # noqa: S506  builds nothing but text, lists and mappings


def test_the_published_file_is_current():
    """`python -m linkage.rules schema > linkage/policies/policy.schema.json` makes it anew."""
    current = FILE.read_text("utf-8") == text()  # a page of differences between two long texts helps nobody
    assert current


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.name)
def test_every_shipped_policy_validates(validator, path):
    assert list(validator.iter_errors(read(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(("english", "chinese"), SPELLINGS)
def test_every_keyword_validates_in_both_spellings(validator, english, chinese):
    policy = respell(english, chinese).replace(
        "优秀, 称职, 基本称职, 不称职], 单位:", "优秀, 称职, 基本称职, 不称职], unit:"
    )

    assert validator.is_valid(read(policy))


@pytest.mark.parametrize(("body", "words"), VALUE_PAIRS)
def test_every_word_of_value_validates_and_others_do_not(validator, body, words):
    for word in words:
        for spelling in spellings(word):
            assert validator.is_valid(read(one_rule(body.format(spelling)))), spelling


MISSPELT = [
    "wen: {grade: 优秀}",
    "when: {grad: 优秀}",
    "when: {grade: 优秀, score: {below: 60}}",
    "when: {score: {bellow: 60}}",
    "when: {score: {below: much}}",
    "when: {score: {below: 60, above: 50}}",
    "when: {periods: {lst: 3, each: {grade: 优秀}}}",
    "when: {periods: {last: 3, each: {grade: 优秀}, gaps: {abcent: skip}}}",
    "when: {periods: {last: 3, each: {grade: 优秀}, gaps: {absent: skipp}}}",
    "when: {fact: {knd: x}}",
    "when: {fact: {kind: x, during: month}}",
    "when: {fact: {kind: x, within: 3 monthss}}",
    "when: {table: {of: grade, at least: 1}}",
    "when: {grade: 优秀}\ncycle: yearly",
    "when: {grade: 优秀}\noutcome: x\nladder: {by: score, rungs: {1: x}}",
    "when: {grade: 优秀}\nseats: {per: unit, order: [{highest: score}]}",
    "when: {grade: 优秀}\nseats: {per: unit, share: 5, order: [{highest: score}], extra: 1}",
    "when: {grade: 优秀}\ngate: {blcked: {grade: 优秀}}",
    "条件: {等级: 优秀}",
]


@pytest.mark.parametrize("body", MISSPELT)
def test_what_is_misspelt_does_not_validate(validator, body):
    policy = one_rule(body)

    assert not validator.is_valid(read(policy))
    with pytest.raises(ValueError, match="line"):
        parse(policy)


def test_the_grammar_knows_every_word_and_no_other():
    assert set(words_of(*grammar.GRAMMAR.values())) == set(KEYS)
    assert validates_everything()


def validates_everything() -> bool:
    return Draft202012Validator(schema()).is_valid(read(EVERYTHING))


def words_of(*kinds: grammar.Kind) -> list[str]:
    found: list[str] = []
    for kind in kinds:
        if isinstance(kind, grammar.Part):
            found += [*kind.keys, *words_of(*kind.keys.values()), *words_of(*([kind.named] if kind.named else []))]
        elif isinstance(kind, grammar.Several):
            found += words_of(kind.of)
        elif isinstance(kind, grammar.Either):
            found += words_of(*kind.of)
    return found
