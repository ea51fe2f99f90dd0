"""The shipped library: every rule is read, checked, said, put to the sample bureau and to a small worked table."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from linkage.rules import Policy, World, check, decide, describe, describe_quota, parse

from .worked import Table

SHIPPED = Path(__file__).parents[2] / "linkage" / "policies"
FILES = sorted((SHIPPED / "library").glob("*.yaml"))
TABLES = Path(__file__).parent / "library"
RUNS = [("2025", "2026-01-20"), ("2025Q4", "2026-01-10"), ("2025-12", "2026-01-05")]


@cache
def policy_of(name: str) -> Policy:
    return parse((SHIPPED / "library" / f"{name}.yaml").read_text("utf-8"))


@cache
def tables_of(name: str) -> dict:
    path = TABLES / f"{name}.yaml"
    return yaml.safe_load(path.read_text("utf-8")) if path.exists() else {}


NAMES = [path.stem for path in FILES]
RULES = [(name, rule) for name in NAMES for rule in (*policy_of(name).rules, *policy_of(name).quotas)]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_named_as_its_policy_and_nothing_is_found_against_it(name):
    policy = policy_of(name)

    assert policy.id == name
    assert [found for found in check(policy) if "same outcome" not in found.text_en] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_says_what_it_rests_on_in_two_languages(name):
    policy = policy_of(name)
    for part in (*policy.rules.values(), *policy.quotas.values()):
        assert part.clauses, part.id
        assert part.title.zh != part.title.en, part.id
        assert part.basis, part.id
        assert all(basis.doc and basis.article and basis.text for basis in part.basis), part.id
    sentences = [describe(policy, rule) for rule in policy.rules.values()]
    sentences += [describe_quota(policy, quota) for quota in policy.quotas.values()]
    assert all(zh.endswith("。") and en.endswith(".") for zh, en in sentences)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_put_to_the_sample_bureau(name, haizhou: World):
    for code, day in RUNS:
        decide(policy_of(name), haizhou, code, date.fromisoformat(day))


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_a_rule_decides_what_its_table_says(name, rule):
    rows = tables_of(name)[rule]
    table = Table(policy_of(name), rule, rows)

    assert table.wrong() == {}
    assert table.expectations() == {True, False}, "a table shows where the rule applies and where it does not"


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_of_a_rule(name):
    assert {(name, rule) for rule in tables_of(name)} <= set(RULES)
