"""Reads of what was known: results and facts as of a day, and a person's figures beside those of the peer group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from appraisal.grades import UNITS
from appraisal.models import Cycle, Fact, Result, SchemeWeight
from appraisal.quota import KNOWN, PLACED, known_on
from people.models import Officer, Posting, Unit

FEWEST_PEERS = 5  # a median over fewer would tell one colleague's figure


def holding(results: QuerySet[Result], as_of: date) -> QuerySet[Result]:
    """Only the rows that hold as known on the day: none recorded later, of equal days no higher number."""
    same = Q(officer=OuterRef("officer")) | Q(unit=OuterRef("unit"))
    later = Q(recorded_on__gt=OuterRef("recorded_on")) | Q(recorded_on=OuterRef("recorded_on"), pk__gt=OuterRef("pk"))
    superseded = Result.objects.filter(same, later, cycle=OuterRef("cycle"), recorded_on__lte=as_of)
    return results.filter(~Exists(superseded), recorded_on__lte=as_of)


def officer_results(officer: Officer, as_of: date) -> list[Result]:
    """What each cycle says of him as known on the day, the latest cycle first."""
    return _newest(Result.objects.filter(officer=officer), as_of)


def unit_results(unit: Unit, as_of: date) -> list[Result]:
    return _newest(Result.objects.filter(unit=unit), as_of)


def _newest(results: QuerySet[Result], as_of: date) -> list[Result]:
    known = results.filter(recorded_on__lte=as_of).order_by("cycle_id", "-recorded_on", "-pk").distinct("cycle_id")
    found = Result.objects.filter(pk__in=known.values("pk")).select_related("cycle")
    return list(found.order_by("-cycle__ends_on", "cycle__kind", "cycle__code"))


def result_rows(cycle: Cycle, subject: Officer | Unit) -> QuerySet[Result]:
    """Every row, the one that holds first."""
    return subject.results.filter(cycle=cycle).select_related("recorded_by__officer").order_by("-recorded_on", "-pk")


def facts_known(subject: Officer | Unit, as_of: date, *, with_withdrawn: bool = False) -> list[Fact]:
    """Each fact as told last, the latest first."""
    told = (
        subject.facts.filter(recorded_on__lte=as_of)
        .order_by("kind", "level", "from_day", "-recorded_on", "-pk")
        .distinct("kind", "level", "from_day")
    )
    found = Fact.objects.filter(pk__in=told.values("pk")).select_related("recorded_by__officer")
    if not with_withdrawn:
        found = found.filter(withdrawn=False)
    return list(found.order_by("-from_day", "-pk"))


def facts_active(subject: Officer | Unit, on: date) -> list[Fact]:
    """Those in force on the day: begun, not over, and recorded by then."""
    return [
        fact for fact in facts_known(subject, on) if fact.from_day <= on and (fact.to_day is None or fact.to_day > on)
    ]


def scheme(applies_to: str) -> list[str]:
    weights = SchemeWeight.objects.filter(applies_to=applies_to).order_by("position")
    return list(weights.values_list("indicator", flat=True))


def scheme_of(subject: Officer | Unit, cycle: Cycle) -> list[str]:
    """The indicators by which the subject is appraised in a cycle, in the scheme's order."""
    if isinstance(subject, Unit):
        return scheme(UNITS)
    return scheme(post_type_on(subject, cycle.ends_on))


def post_type_on(officer: Officer, day: date) -> str:
    posting = (
        Posting.objects.filter(officer=officer, from_day__lte=day)
        .exclude(to_day__lt=day)
        .values_list("post_type", flat=True)
        .first()
    )
    return posting or officer.post_type


# Beside the peer group -------------------------------------------------------------------------------------------
PEERS = f"""{KNOWN}, me AS (
    SELECT p.post_type, u.parent_id AS branch, b.name FROM people_posting p
    JOIN people_unit u ON u.id = p.unit_id JOIN people_unit b ON b.id = u.parent_id
    WHERE p.officer_id = %(officer)s AND p.from_day <= %(last)s AND (p.to_day IS NULL OR p.to_day >= %(last)s)
), peers AS (
    SELECT k.id, k.score FROM known k {PLACED} JOIN me ON me.post_type = p.post_type AND me.branch = u.parent_id
    WHERE k.status = 'graded'
)"""  # noqa: S608 (only our own words)
MEDIANS = f"""{PEERS}
SELECT v.key, percentile_cont(0.5) WITHIN GROUP (ORDER BY v.value::text::float8), 0, ''
FROM peers JOIN appraisal_result r ON r.id = peers.id, jsonb_each(r.indicators) v GROUP BY v.key
UNION ALL
SELECT NULL, (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY score) FROM peers), (SELECT count(*) FROM peers),
    me.post_type || ' ' || me.name FROM me"""  # noqa: S608 (only our own words)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One indicator of the subject beside the median of the peer group."""

    name: str
    value: float
    median: float | None

    @property
    def gap(self) -> float | None:
        return None if self.median is None else round(self.value - self.median, 2)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A result beside its peer group: same post type and branch, by the posting on the cycle's last day."""

    size: int
    group: str  # 社区民警 城南分局
    median: float | None
    figures: Sequence[Figure]

    @property
    def comparable(self) -> bool:
        return self.size >= FEWEST_PEERS


def beside_peers(result: Result, officer: Officer, as_of: date) -> Beside:
    """Medians over the graded of the peer group. Too few peers: his own figures alone."""
    cycle = result.cycle
    with connection.cursor() as cursor:
        cursor.execute(MEDIANS, known_on(cycle, as_of) | {"officer": officer.pk})
        rows = cursor.fetchall()
    whole = next(((median, size, group) for key, median, size, group in rows if key is None), (None, 0, ""))
    medians = {key: median for key, median, _size, _group in rows if key is not None}
    median, size, group = whole
    if size < FEWEST_PEERS:
        median, medians = None, {}
    return Beside(
        size=size,
        group=group,
        median=None if median is None else round(median, 2),
        figures=_figures(result.indicators, medians, scheme_of(officer, cycle)),
    )


def _figures(values: Mapping[str, float], medians: Mapping[str, float], order: Sequence[str]) -> list[Figure]:
    """In the scheme's order; what is measured beside the scheme comes last."""
    names = [name for name in order if name in values] + [name for name in values if name not in order]
    return [
        Figure(name=name, value=values[name], median=round(medians[name], 1) if name in medians else None)
        for name in names
    ]
