"""The handbook says what is true: each page's rules are read, said and put to the table beside them."""

import re
from datetime import date

import pytest

from linkage.rules import Policy, World, check, decide, parse

from . import handbook
from .worked import Table

PAGES = handbook.pages()
TABLES = [(path, rule, rows) for path in PAGES for rule, rows in handbook.tables(path)]


def policy_of(path) -> Policy:
    return parse(handbook.policy_text(path))


def test_there_is_a_page_per_shape():
    assert [path.name[:2] for path in PAGES] == [f"{number:02}" for number in range(1, 41)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_rules_of_a_page_are_sound_and_name_their_clause(path):
    policy = policy_of(path)
    parts = [*policy.rules.values(), *policy.quotas.values()]

    assert [finding for finding in check(policy) if finding.level == "error"] == []
    assert parts
    assert all(part.basis and part.clauses for part in parts)


@pytest.mark.parametrize(("path", "rule", "rows"), TABLES, ids=[f"{path.stem}-{rule}" for path, rule, _ in TABLES])
def test_a_table_is_what_the_rule_decides(path, rule, rows):
    table = Table(policy_of(path), rule, rows)

    assert table.wrong() == {}
    assert table.expectations() == {True, False}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_rule_of_a_page_has_its_table(path):
    policy = policy_of(path)

    assert [rule for rule, _ in handbook.tables(path)] == [*policy.rules, *policy.quotas]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_sentences_and_the_english_spelling_are_current(path):
    assert handbook.refreshed(path) == path.read_text("utf-8"), "run: python -m tests.rules.handbook"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_both_spellings_are_one_policy(path):
    english = handbook.respelled(handbook.policy_text(path))

    assert parse(english) == policy_of(path)
    assert handbook.respelled(english) == english, "nothing is left to spell"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_rules_of_a_page_are_put_to_the_sample_bureau(path, haizhou: World):
    policy = policy_of(path)
    for code, day in (("2025", "2026-01-20"), ("2025Q4", "2026-01-10"), ("2025-12", "2026-01-05")):
        decide(policy, haizhou, code, date.fromisoformat(day))


def test_the_list_of_words_is_current():
    assert handbook.words_page() == handbook.WORDS.read_text("utf-8"), "run: python -m tests.rules.handbook"


def test_the_start_page_lists_every_page():
    assert handbook.listed() == handbook.START.read_text("utf-8"), "run: python -m tests.rules.handbook"


def test_the_start_page_builds_whole_policies_and_decides_what_its_tables_say():
    policies = [parse(block) for block in handbook.blocks(handbook.START)[1:]]
    by_rule = {rule: policy for policy in policies for rule in policy.rules}
    tables = dict(handbook.tables(handbook.START))

    assert [check(policy) for policy in policies] == [[], []]
    assert set(tables) == set(by_rule)
    for rule, rows in tables.items():
        assert Table(by_rule[rule], rule, rows).wrong() == {}


def test_every_link_of_the_handbook_leads_somewhere():
    for path in [*PAGES, handbook.START]:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text("utf-8")):
            assert (path.parent / link).exists(), (path.name, link)
