"""The small chart of a goal: figures against the planned line, drawn on the server. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import NamedTuple

WIDTH, HEIGHT = 310, 130
LEFT, RIGHT, TOP, BOTTOM = 34, 296, 22, 104


class Point(NamedTuple):
    day: date
    value: float


class Mark(NamedTuple):
    """A place on the drawing, rounded to a tenth, with what stands there."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    actual: Sequence[Mark]
    plan: Sequence[Mark]
    grid: Sequence[Mark]
    days: Sequence[Mark]

    @property
    def actual_line(self) -> str:
        return " ".join(f"{mark.x},{mark.y}" for mark in self.actual)

    @property
    def plan_line(self) -> str:
        return " ".join(f"{mark.x},{mark.y}" for mark in self.plan)

    @property
    def last(self) -> Mark:
        return self.actual[-1]

    @property
    def target(self) -> Mark:
        return self.plan[-1]


def chart(actual: Sequence[Point], plan: Sequence[Point]) -> Chart:
    """Lines over time; the scale runs over the values themselves and shows its axis."""
    points = [*actual, *plan]
    first, last = min(point.day for point in points), max(point.day for point in points)
    low, high = floor(min(point.value for point in points)), ceil(max(point.value for point in points))
    low, high = (low - 1, high + 1) if low == high else (low, high)
    span = max((last - first).days, 1)

    def place(point: Point) -> Mark:
        x = LEFT + (point.day - first).days / span * (RIGHT - LEFT)
        y = BOTTOM - (point.value - low) / (high - low) * (BOTTOM - TOP)
        return Mark(round(x, 1), round(y, 1), f"{point.value:g}")

    ticks = sorted({low, round((low + high) / 2), high})
    return Chart(
        actual=[place(point) for point in actual],
        plan=[place(point) for point in plan],
        grid=[place(Point(first, tick))._replace(x=LEFT) for tick in ticks],
        days=[Mark(LEFT, BOTTOM + 20, first.isoformat()), Mark(RIGHT, BOTTOM + 20, last.isoformat())],
    )
