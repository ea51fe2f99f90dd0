"""The scenes of the benchmark, one after the other, each with data of its own."""

from collections.abc import Iterator

from tests.bench import bureau, evaluating
from tests.bench.figures import Figure


def taken(*, quick: bool) -> Iterator[Figure]:
    """Every figure; quick takes a tenth of the data."""
    officers = 20_000 if quick else 200_000
    bureau.clear()
    actor = bureau.make(officers)
    yield from evaluating.figures(officers, actor)
