"""Previews in a row take no more memory, and the whole library can be put to the sample bureau."""

from datetime import date
from pathlib import Path

import psutil
import pytest

from linkage.rules import Policy, World, decide, parse

POLICIES = Path(__file__).parents[2] / "linkage" / "policies"
LIBRARY = sorted((POLICIES / "library").glob("*.yaml"))
RUNS = [("2025", date(2026, 1, 20)), ("2025Q4", date(2026, 1, 10)), ("2025-12", date(2026, 1, 5))]
WARM, PREVIEWS = 15, 60
GROWTH = 40_000_000  # bytes; one result kept by mistake holds about one million


def resident() -> int:
    return psutil.Process().memory_info().rss


def test_previews_in_a_row_take_no_more_memory(pack: Policy, haizhou: World):
    """The text is read anew each time, as an editor does."""
    held = 0
    for n in range(PREVIEWS):
        tree = parse((POLICIES / "reference.yaml").read_text("utf-8"))
        decide(tree, haizhou, *RUNS[n % len(RUNS)])
        if n == WARM:
            held = resident()

    assert resident() - held < GROWTH


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_every_policy_of_the_library_can_be_put_to_the_sample_bureau(file: Path, haizhou: World):
    tree = parse(file.read_text("utf-8"))

    results = [decide(tree, haizhou, code, day) for code, day in RUNS]

    assert all(set(result.decisions["rule"]) <= set(tree.rules) for result in results)
    assert sum(len(result.plan.rules) for result in results) > 0
