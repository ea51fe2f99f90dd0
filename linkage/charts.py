"""Columns side by side, reckoned on the server to a tenth of a unit. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, TOP, FLOOR, BELOW = 8, 24, 168, 24
STEP = 62
BAR = 24
NARROWEST = 640


@dataclass(frozen=True, kw_only=True)
class Series:
    """One row of figures. `tone` is its colour: 1 what the page is about, 6 what it is compared with."""

    name: str
    tone: int
    values: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Bar:
    x: float
    y: float
    height: float
    tone: int
    text: str

    @property
    def middle(self) -> float:
        return round(self.x + BAR / 2, 1)

    @property
    def above(self) -> float:
        return round(self.y - 5, 1)


@dataclass(frozen=True, kw_only=True)
class Label:
    x: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Columns:
    width: int
    height: int
    floor: int
    bars: Sequence[Bar]
    labels: Sequence[Label]
    series: Sequence[Series]
    rows: Sequence[tuple[str, Sequence[float]]]  # the same as a table: a label, and the figures of each series


def columns(labels: Sequence[str], series: Sequence[Series]) -> Columns:
    """Bars begin at 0; each place holds one bar per series, its value on it."""
    highest = max([1.0, *(value for one in series for value in one.values)])
    step = max(STEP, BAR * len(series) + 14)
    return Columns(
        width=max(NARROWEST, LEFT * 2 + step * len(labels)),
        height=FLOOR + BELOW,
        floor=FLOOR,
        bars=[
            _bar(one, value, LEFT + place * step + number * BAR, highest)
            for number, one in enumerate(series)
            for place, value in enumerate(one.values)
        ],
        labels=[
            Label(x=round(LEFT + place * step + BAR * len(series) / 2, 1), text=text)
            for place, text in enumerate(labels)
        ],
        series=series,
        rows=[(text, [one.values[place] for one in series]) for place, text in enumerate(labels)],
    )


def _bar(series: Series, value: float, x: float, highest: float) -> Bar:
    height = round(value / highest * (FLOOR - TOP), 1)
    return Bar(x=x, y=round(FLOOR - height, 1), height=height, tone=series.tone, text=f"{value:g}")
