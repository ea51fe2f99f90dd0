"""Selection ratios before a policy is signed: does a rule reach one group much oftener than another?

A warning, never a veto: the figures show where to look, and not why it is so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any, Final

import polars as pl

from linkage import frames
from linkage.models import HARMFUL
from linkage.rules import RunResult
from linkage.rules.margins import population

SMALLEST: Final = 10  # fewer people: the share is shown and not judged
FOUR_FIFTHS: Final = 0.8
Z: Final = 1.959963984540054  # 95 % of the normal distribution
DIMENSIONS: Final = ("sex", "age", "post_type", "unit_kind", "rank")
AGES: Final = ((30, "30-"), (40, "30–39"), (50, "40–49"), (200, "50+"))
SMALL, BEST, FINE, PERHAPS, BELOW = "small", "best", "fine", "perhaps", "below"

PEOPLE = """
SELECT o.id, o.sex, date_part('year', age(%(day)s::date, o.born_on))::int, COALESCE(p.post_type, o.post_type),
       COALESCE(stay.kind, u.kind), o.rank
FROM people_officer o JOIN people_unit u ON u.id = o.unit_id
LEFT JOIN people_posting p ON p.officer_id = o.id AND p.from_day <= %(day)s
     AND (p.to_day IS NULL OR p.to_day >= %(day)s)
LEFT JOIN people_unit stay ON stay.id = p.unit_id
"""
SCHEMA = {
    "subject": pl.Int64(),
    "sex": pl.String(),
    "age": pl.Int64(),
    "post_type": pl.String(),
    "unit_kind": pl.String(),
    "rank": pl.String(),
}


@dataclass(frozen=True, kw_only=True)
class Group:
    """How many of a group were selected: the share with its interval, and how it stands to the best-off group."""

    name: str
    size: int
    selected: int
    rate: float
    low: float
    high: float
    ratio: float | None = None
    verdict: str = FINE


def wilson(selected: int, size: int) -> tuple[float, float]:
    """The score interval of a share at 95 %, which holds for small groups and for shares near 0 and 1 as well.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22, 209-212; method 3 in Newcombe, R. G. (1998), Statistics in Medicine 17, 857-872.
    """
    share, z2 = selected / size, Z * Z
    middle = share + z2 / (2 * size)
    half = Z * sqrt(share * (1 - share) / size + z2 / (4 * size * size))
    whole = 1 + z2 / size
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def judged(counts: Mapping[str, tuple[int, int]], *, harm: bool) -> list[Group]:
    """The groups of one dimension, each against the best-off one, by the four-fifths line.

    29 CFR 1607.4(D): a selection rate below four fifths of the highest group's is evidence of adverse impact; where
    numbers are small, or the difference may be chance, it may not be. Where to be selected does harm, the lowest rate
    is the best-off one, and four fifths of a group's own rate must not lie above it.
    """
    groups = [_group(name, size, selected) for name, (size, selected) in sorted(counts.items())]
    able = [group for group in groups if group.size >= SMALLEST]
    if len(able) < 2 or not any(group.selected for group in able):
        return [_with(group, verdict=SMALL if group.size < SMALLEST else FINE) for group in groups]
    best = (min if harm else max)(able, key=lambda group: group.rate)
    return [_against(group, best, harm=harm) for group in groups]


def _group(name: str, size: int, selected: int) -> Group:
    low, high = wilson(selected, size)
    return Group(
        name=name, size=size, selected=selected, rate=round(selected / size, 4), low=round(low, 4), high=round(high, 4)
    )


def _against(group: Group, best: Group, *, harm: bool) -> Group:
    if group.size < SMALLEST:
        return _with(group, verdict=SMALL)
    if group is best:
        return _with(group, ratio=1.0, verdict=BEST)
    mine, theirs = group.selected / group.size, best.selected / best.size
    over, under = (theirs, mine) if harm else (mine, theirs)
    ratio = 1.0 if under == 0 else over / under
    apart = group.low > best.high if harm else group.high < best.low
    verdict = FINE if ratio >= FOUR_FIFTHS else BELOW if apart else PERHAPS
    return _with(group, ratio=round(ratio, 3), verdict=verdict)


def _with(group: Group, **changed: Any) -> Group:
    return Group(**{**asdict(group), **changed})


# A run ----------------------------------------------------------------------------------------------------------------
def of_run(result: RunResult) -> list[dict[str, Any]]:
    """As a report keeps it: each rule on officers, and each outcome kind over all the graded ones."""
    people = _people(result)
    parts = [*_by_rule(result), *_by_kind(result)]
    return [part for part in (_compared(people, *asked) for asked in parts) if part]


def _people(result: RunResult) -> pl.DataFrame:
    """The groups somebody belonged to on the cycle's last day."""
    people = frames.table(PEOPLE, {"day": result.plan.ground.calendar[result.plan.code].ends_on}, SCHEMA)
    band = pl.lit(None, pl.String)
    for until, name in reversed(AGES):
        band = pl.when(pl.col("age") < until).then(pl.lit(name)).otherwise(band)
    return people.with_columns(age=band)


Asked = tuple[str, str, bool, pl.Series, pl.Series]  # of what, its name, whether it does harm, everybody, the selected


def _by_rule(result: RunResult) -> Iterator[Asked]:
    """Rules that reach officers through their unit select units, and are left out."""
    frame = result.frames["officer"]
    for name, plan in result.plan.rules.items():
        if plan.rule.subject == "officer":
            everybody = frame.filter(population(result, name))["subject"]
            selected = result.decisions.filter(rule=name, status="open")["subject"]
            yield "rule", name, _harms(plan.rule.outcomes[0]), everybody, selected


def _by_kind(result: RunResult) -> Iterator[Asked]:
    graded = result.frames["officer"].filter(pl.col(f"status@{result.plan.code}") == "graded")["subject"]
    rows = result.decisions.filter(status="open", who="officer")
    rows = rows.with_columns(kind=pl.col("outcome").str.split(":").list.first())
    for (kind,), found in rows.group_by("kind", maintain_order=True):
        yield "kind", str(kind), _harms(str(kind)), graded, found["subject"].unique()


def _harms(outcome: str) -> bool:
    return outcome.partition(":")[0] in HARMFUL


def _compared(
    people: pl.DataFrame, of: str, name: str, harm: bool, everybody: pl.Series, selected: pl.Series
) -> dict[str, Any] | None:
    rows = people.filter(pl.col("subject").is_in(everybody.implode()))
    rows = rows.with_columns(hit=pl.col("subject").is_in(selected.implode()))
    hits = int(rows["hit"].sum())
    if not hits:
        return None
    groups = {by: judged(_counts(rows, by), harm=harm) for by in DIMENSIONS}
    return {
        "of": of,
        "name": name,
        "harm": harm,
        "size": rows.height,
        "selected": hits,
        "dimensions": [{"by": by, "groups": [asdict(group) for group in found]} for by, found in groups.items()],
    }


def _counts(rows: pl.DataFrame, by: str) -> dict[str, tuple[int, int]]:
    told = rows.group_by(pl.col(by).fill_null("")).agg(pl.len(), pl.col("hit").sum())
    return {name: (size, hits) for name, size, hits in told.iter_rows()}


def warnings(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What lies below the line, the sure before the doubtful, each with its rule and dimension."""
    rows = [
        {"of": part["of"], "name": part["name"], "harm": part["harm"], "by": dimension["by"], "group": group}
        for part in found
        for dimension in part["dimensions"]
        for group in dimension["groups"]
        if group["verdict"] in (BELOW, PERHAPS)
    ]
    return sorted(rows, key=lambda row: (row["group"]["verdict"] != BELOW, row["group"]["ratio"]))
