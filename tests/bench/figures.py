"""A line of the benchmark's table, compared or only read, and how a figure is taken: the middle of five."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

ROUNDS = 5


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was timed, against what, and how many times as long it may take."""

    name: str
    seconds: float
    yardstick_seconds: float
    limit: float | None  # None: told for comparison only

    @property
    def ratio(self) -> float:
        return self.seconds / self.yardstick_seconds

    @property
    def kept(self) -> bool:
        return self.limit is None or self.ratio <= self.limit

    def row(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": round(self.ratio, 3)}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was measured alone: nothing to compare it with, and no limit. It depends on the machine."""

    name: str
    amount: float
    unit: str
    goal: str = ""
    kept: bool = True

    def row(self) -> dict[str, Any]:
        return {"name": self.name, "amount": self.amount, "unit": self.unit, "goal": self.goal}


@contextmanager
def stopwatch(into: list[float]) -> Iterator[None]:
    """Seconds of the block, added to the list. What earlier blocks left behind is collected before, not within."""
    gc.collect()
    gc.freeze()  # nor walked through again and again: what the benchmark itself holds is not the product's
    start = time.perf_counter()
    yield
    into.append(time.perf_counter() - start)


def paired(
    name: str,
    ours: Callable[[], object],
    yardstick: Callable[[], object],
    *,
    limit: float | None,
    before: Callable[[], object] = lambda: None,
    rounds: int = ROUNDS,
) -> Figure:
    """Both in turn, round by round, so that a change of the machine's speed meets both; the median of each."""
    taken: list[float] = []
    asked: list[float] = []
    for _round in range(rounds):
        for call, into in ((yardstick, asked), (ours, taken)):
            before()
            with stopwatch(into):
                call()
    return Figure(name=name, seconds=median(taken), yardstick_seconds=median(asked), limit=limit)
