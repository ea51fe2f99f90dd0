"""Where the bars of "me beside my group" stand, reckoned on the server to a tenth of a unit."""

from collections.abc import Sequence
from dataclasses import dataclass

from appraisal.queries import Figure

LEFT = 130
WIDTH = 360
ROW = 34
TOP_OF_SCALE = 100.0


@dataclass(frozen=True, kw_only=True)
class Bar:
    figure: Figure
    y: int
    width: float
    median_x: float | None
    lowest: bool  # furthest below the median

    @property
    def text_y(self) -> int:
        return self.y + 13

    @property
    def value_y(self) -> int:
        return self.y + 14

    @property
    def line_top(self) -> int:
        return self.y - 4

    @property
    def line_bottom(self) -> int:
        return self.y + 22


def bars(figures: Sequence[Figure]) -> list[Bar]:
    """A bar begins at 0 and ends at 100, or at the highest figure where an indicator is a plain count."""
    top = max([TOP_OF_SCALE, *(f.value for f in figures), *(f.median for f in figures if f.median is not None)])
    lowest = _furthest_below(figures)
    return [
        Bar(
            figure=figure,
            y=6 + number * ROW,
            width=round(max(0.0, figure.value) / top * WIDTH, 1),
            median_x=None if figure.median is None else round(LEFT + max(0.0, figure.median) / top * WIDTH, 1),
            lowest=figure.name == lowest,
        )
        for number, figure in enumerate(figures)
    ]


def height(figures: Sequence[Figure]) -> int:
    return 2 + len(figures) * ROW


def _furthest_below(figures: Sequence[Figure]) -> str:
    below = [(figure.gap, figure.name) for figure in figures if figure.gap is not None and figure.gap < 0]
    return min(below, key=lambda pair: pair[0])[1] if below else ""
