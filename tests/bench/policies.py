"""The whole shipped library beside the reference pack alone; previews in a row must not take more and more memory."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psutil

from appraisal.models import Cycle
from linkage import evaluation, library
from linkage.rules import Policy, make_plan, parse
from tests.bench import bureau
from tests.bench.figures import Figure, Reading, paired

LIBRARY_LIMIT = 15.0  # of the pack alone: twenty policies, each read and decided for itself
PREVIEWED = 1_000  # officers
GROWTH = 1.1  # of the memory after a tenth of the previews


def whole_library(officers: int) -> Iterator[Figure]:
    """Every policy of the library put to the last annual cycle; nothing is kept."""
    cycle = last_cycle()
    trees = [tree_of(file) for file in library.files()]
    asked = sum(len(make_plan(tree, evaluation.frames.ground(), cycle.code, bureau.AS_OF).rules) for tree in trees)

    def ours() -> None:
        for tree in trees:
            evaluation.result_of(cycle, tree, as_of=bureau.AS_OF)

    def alone() -> None:
        evaluation.result_of(cycle, trees[0], as_of=bureau.AS_OF)

    name = f"the whole library ({asked} rules), {officers:,} officers"
    yield paired(name, ours, alone, limit=LIBRARY_LIMIT, rounds=3)


def previews(times: int) -> Iterator[Reading]:
    """In a bureau of its own, on the same cycle; the pack and the library in turn."""
    bureau.clear()
    bureau.make(PREVIEWED)
    cycle = last_cycle()
    trees = [tree_of(file) for file in library.files()]
    warm = 0
    for n in count(1):
        evaluation.preview_of(cycle, trees[n % len(trees)], as_of=bureau.AS_OF)
        if n == times // 10:
            warm = resident()
        if n == times:
            break
    grown = resident() / warm
    yield Reading(
        name=f"memory after {times:,} previews",
        amount=grown,
        unit=f"of that after {times // 10:,}",
        goal=f"at most {GROWTH:g}",
        kept=grown <= GROWTH or times < 1_000,  # in few previews the machine has not yet settled
    )


def last_cycle() -> Cycle:
    return Cycle.objects.get(code=str(bureau.LAST_YEAR))


def tree_of(file: Path) -> Policy:
    return parse(file.read_text("utf-8"))


def resident() -> int:
    """Bytes of this process in memory."""
    held: int = psutil.Process().memory_info().rss
    return held
