"""Bent policy texts are refused with a place, or are answered; nothing else may happen to them."""
# ruff: noqa: S311  seeded chance, so that a failure can be seen again

import random
import re
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.rules import Policy, PolicyError, World, check, decide, describe, evidence, parse, reasons, why

PACK = (Path(__file__).parents[2] / "linkage" / "policies" / "reference.yaml").read_text("utf-8")
WORDS = sorted(set(re.split(r"[:,{}\s]+", PACK)) - {""})
RUNS = [("2025", date(2026, 1, 20)), ("2025Q4", date(2026, 1, 10)), ("2025-12", date(2026, 1, 5))]


def bent(text: str, chance: random.Random) -> str:
    """The text with a few letters lost, put in, or words exchanged for others of the pack."""
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = chance.randrange(len(text))
        way = chance.randrange(5)
        if way == 0:
            text = text[:at] + text[at + chance.randrange(1, 12) :]
        elif way == 1:
            text = text[:at] + chance.choice("{}[]:,-$%&*!|>'\"\n \t09") + text[at:]
        else:
            old = chance.choice(WORDS)
            there = text.find(old, at)
            text = text if there < 0 else text[:there] + chance.choice(WORDS) + text[there + len(old) :]
    return text


def outcome(text: str, world: World, chance: random.Random) -> str:
    try:
        policy = parse(text)
    except PolicyError as refusal:
        return "refused" if refusal.line and refusal.column else "refused without a place"
    check(policy)
    for rule in policy.rules.values():
        assert all(describe(policy, rule))
    code, day = chance.choice(RUNS)
    try:
        result = decide(policy, world, code, day)
    except PolicyError as refusal:
        return "refused for this bureau" if refusal.line else "refused without a place"
    assert reasons(result).height == result.decisions.height
    evidence(result)
    for rule in list(result.fired)[:3]:
        why(result, rule, "2200001")
    return "answered"


def test_a_hundred_bent_texts(haizhou: World):
    found: Counter[str] = Counter()
    for seed in range(100):
        chance = random.Random(seed)
        started = time.perf_counter()
        found[outcome(bent(PACK, chance), haizhou, chance)] += 1
        assert time.perf_counter() - started < 30, seed

    assert found["refused without a place"] == 0
    assert found["refused"] > 30
    assert found["answered"] > 15


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=60))
def test_any_text_is_refused_with_a_place(text):
    with pytest.raises(PolicyError) as refusal:
        parse(text)

    assert refusal.value.line >= 1


def test_a_policy_names_no_file_no_function_and_no_column(pack: Policy, haizhou: World):
    for word in ("__class__", "fires:P01", "made:0", "status@2025", "../../x"):
        text = PACK.replace("{employment: 在编}", f"{{'{word}': 在编}}")
        with pytest.raises(PolicyError, match="no field of the directory"):
            decide(parse(text), haizhou, "2025", date(2026, 1, 20))
