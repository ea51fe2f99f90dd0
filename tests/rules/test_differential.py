"""A slow evaluator, written from the paper of the language alone, decides as the fast one does."""
# ruff: noqa: S311  seeded chance, so that a failure can be seen again

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.rules import PolicyError, decide, parse

from . import random_rules, slow
from .constructs import missing
from .random_bureau import draw_bureau, draw_run, world_of

EXAMPLES, MANY, RARE, MORE = 70, 5_000, 6, 120
# What a drawn policy may be refused for; nothing else.
REFUSED = {"budget", "third_stratum", "run_decision", "conditions"}

Seen = Counter[tuple[str, Any]]


def test_slow_and_fast_decide_the_same(request):
    """Over random bureaus and policies, until every construct has been asked and answered each way."""
    seen: Seen = Counter()
    long = request.config.getoption("--faults")

    @settings(
        max_examples=MANY if long else EXAMPLES,
        derandomize=not long,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=True))
    def agree(chance: random.Random) -> None:
        put_both(chance, seen)

    agree()
    for seed in range(RARE):
        put_both(random.Random(seed), seen, lambda *_: random_rules.rare())
    for seed in range(MORE):
        if missing(seen):
            put_both(random.Random(seed), seen)

    assert missing(seen) == []


def put_both(
    chance: random.Random, seen: Seen, draw: Callable[[random.Random, str], dict[str, Any]] = random_rules.policy
) -> None:
    bureau = draw_bureau(chance)
    cycle, day = draw_run(chance, bureau)
    policy = draw(chance, cycle.kind)
    if differ(policy, bureau, cycle.code, day, seen):
        small = smallest(policy, lambda policy: differ(policy, bureau, cycle.code, day))
        raise AssertionError(differ(small, bureau, cycle.code, day))


def differ(policy: dict[str, Any], bureau: slow.Bureau, code: str, day: date, seen: Seen | None = None) -> str:
    """What one says and the other does not; nothing where they agree or the policy is refused."""
    text, seen = json.dumps(policy, ensure_ascii=False), Counter() if seen is None else seen  # JSON is YAML
    try:
        result = decide(parse(text), world_of(bureau), code, day)
    except PolicyError as refusal:
        seen["refused", refusal.code] += 1
        return "" if refusal.code in REFUSED else f"{refusal}: {text}"
    decided, quotas = slow.decide(policy, bureau, code, day, seen)
    seen.update(("status", row[2]) for row in decided)
    fast = {*result.decisions.rows(), *result.quotas.drop("share").rows()}
    only = [sorted(map(str, part)) for part in (fast - {*decided, *quotas}, {*decided, *quotas} - fast)]
    return f"fast only {only[0]}, slow only {only[1]}, {code} on {day}: {text}" if any(only) else ""


def smallest(policy: dict[str, Any], fails: Callable[[dict[str, Any]], str]) -> dict[str, Any]:
    """The policy with every part taken away, or replaced by a part of it, that is not needed to fail."""
    for smaller in simpler(policy):
        with suppress(Exception):  # what is no policy any more
            if "fast only" in fails(smaller):
                return smallest(smaller, fails)
    return policy


def simpler(tree: Any) -> Iterator[Any]:
    """The tree with one branch less, or with a branch in the place of the one that holds it."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        rest = {k: v for k, v in tree.items() if k != key} if isinstance(tree, dict) else tree[:key] + tree[key + 1 :]
        yield rest
        inner = tree[key].values() if isinstance(tree[key], dict) else tree[key] if isinstance(tree[key], list) else ()
        for part in (*(part for part in inner if not isinstance(part, str)), *simpler(tree[key])):
            changed = copy(tree)
            changed[key] = part
            yield changed
