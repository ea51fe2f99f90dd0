"""The scenes of the benchmark, one after the other, each with data of its own."""

import json
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from tests.bench import alone, bureau, cases, evaluating, policies, post, scale
from tests.bench.figures import Figure, Reading

STEPS = 200  # until their messages are in an inbox: each is waited for


@dataclass(frozen=True, kw_only=True)
class Size:
    officers: int = 200_000
    cases: int = 20_000
    one_by_one: int = 1_000  # cases of the loop with django-fsm-log
    calls: int = 450  # of one client
    open_items: int = 1_000_000
    previews: int = 1_000


FULL = Size()
QUICK = Size(officers=20_000, cases=2_000, one_by_one=200, calls=300, open_items=100_000, previews=200)
TINY = Size(
    officers=1_000, cases=200, one_by_one=20, calls=60, open_items=20_000, previews=40
)  # to see that all of it runs


PARTS = ("cases", "policies")


def taken(size: Size, parts: Collection[str] = PARTS) -> Iterator[Figure | Reading]:
    """Every figure of the parts asked for, one after the other."""
    bureau.clear()
    loader = bureau.make(size.officers)
    if "cases" in parts:
        yield from of_cases(size)
    if "policies" in parts:
        yield from policies.whole_library(size.officers)
        yield from evaluating.figures(size.officers, loader)
        yield from policies.previews(size.previews)


def of_cases(size: Size) -> Iterator[Figure | Reading]:
    """What happens to cases, their work and their messages."""
    desk = cases.Desk.staffed()
    moved = []
    for figure in cases.figures(size.cases, desk):
        yield figure
        moved.append(figure)
    yield from one_by_one(size, opened=moved[0], moved=moved[-1])
    yield from alone.figures(size.calls, desk)
    yield from post.figures(size.cases, min(size.calls, STEPS), desk)
    yield from scale.figures(size.open_items, desk)


def one_by_one(size: Size, *, opened: Figure, moved: Figure) -> Iterator[Figure]:
    """The ordinary way, told for comparison: fewer cases, their time scaled up."""
    command = [sys.executable, "-m", "tests.bench.loop", str(size.one_by_one)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    seconds = {step: each * size.cases / size.one_by_one for step, each in json.loads(said).items()}
    for step, beside in (("open", opened), ("move", moved)):
        name = f"{step} them one by one with django-fsm-log"
        yield replace(beside, name=name, seconds=seconds[step], limit=None)
