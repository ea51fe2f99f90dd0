"""What is missing from a cycle or looks wrong in it. Each is for a person to look at; none blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from appraisal.grades import ANNUAL, ORDINARY
from appraisal.models import Cycle
from appraisal.quota import KNOWN, PLACED, UnitQuota, known_on, quota

LATE_AFTER = timedelta(days=60)  # from the cycle's last day
ORDER = [*ANNUAL, *ORDINARY]  # a cycle uses one of the two lists: their places are only compared within it

GAPS = f"""{KNOWN}
SELECT o.badge, o.name, u.name, u.path
FROM people_posting p JOIN people_officer o ON o.id = p.officer_id JOIN people_unit u ON u.id = p.unit_id
WHERE p.from_day <= %(last)s AND (p.to_day IS NULL OR p.to_day >= %(last)s)
AND NOT EXISTS (SELECT FROM known k WHERE k.officer_id = p.officer_id) ORDER BY u.path, o.badge"""  # noqa: S608

# A grade does not go with its score when it is better than another grade of the peer group (same post type and branch)
# whose median scored at least as high, or worse than one whose median scored at most as high. The median of one or two
# says nothing: then it is those who are odd.
MISMATCHES = f"""{KNOWN}, placed AS (
    SELECT k.*, p.post_type, u.parent_id AS branch, u.name AS unit, u.path,
        array_position(%(order)s::text[], k.grade::text) AS place
    FROM known k {PLACED} WHERE k.status = 'graded' AND k.score IS NOT NULL
), middle AS (
    SELECT post_type, branch, place, grade, percentile_cont(0.5) WITHIN GROUP (ORDER BY score) AS score
    FROM placed GROUP BY post_type, branch, place, grade HAVING count(*) >= 3
)
SELECT DISTINCT ON (a.path, o.badge) o.badge, o.name, a.unit, a.path, a.grade, a.score, m.grade, m.score
FROM placed a JOIN people_officer o ON o.id = a.officer_id
JOIN middle m ON m.post_type = a.post_type AND m.branch IS NOT DISTINCT FROM a.branch
WHERE (m.place < a.place AND a.score >= m.score) OR (m.place > a.place AND a.score <= m.score)
ORDER BY a.path, o.badge, abs(a.score - m.score) DESC"""  # noqa: S608 (only our own words)

UNSCORED_OR_LATE = f"""{KNOWN}
SELECT coalesce(o.badge, x.code), coalesce(o.name, x.name), coalesce(w.name, x.name), coalesce(w.path, x.path),
    k.grade, k.recorded_on, k.status = 'graded' AND k.score IS NULL
FROM known k LEFT JOIN people_officer o ON o.id = k.officer_id LEFT JOIN people_unit w ON w.id = o.unit_id
LEFT JOIN people_unit x ON x.id = k.unit_id
WHERE (k.status = 'graded' AND k.score IS NULL) OR k.recorded_on > %(late)s ORDER BY 4, 1"""  # noqa: S608


class Oddity(models.TextChoices):
    MISMATCH = "mismatch", _("等次与得分不一致")
    UNSCORED = "unscored", _("有等次，没有得分")
    LATE = "late", _("录入很晚")


@dataclass(frozen=True, kw_only=True)
class Gap:
    """An officer in service on the cycle's last day of whom it says nothing."""

    badge: str
    name: str
    unit: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """A row that a person should look at, with what is odd about it."""

    oddity: Oddity
    subject: str  # badge or unit code
    name: str
    unit: str
    path: str
    grade: str = ""
    score: float | None = None
    beside: str = ""  # the grade whose median it was compared with
    median: float | None = None
    recorded_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The check of a cycle as known on a day."""

    quota: Sequence[UnitQuota]
    gaps: Sequence[Gap]
    anomalies: Sequence[Anomaly]
    results: int

    @property
    def breaches(self) -> Sequence[UnitQuota]:
        return [unit for unit in self.quota if unit.over]

    def figures(self) -> dict[str, int]:
        """What is written down with a step."""
        return {
            "results": self.results,
            "breaches": len(self.breaches),
            "gaps": len(self.gaps),
            "anomalies": len(self.anomalies),
        }


def report(cycle: Cycle, as_of: date) -> Report:
    return Report(
        quota=quota(cycle, as_of),
        gaps=gaps(cycle, as_of),
        anomalies=anomalies(cycle, as_of),
        results=cycle.results.filter(recorded_on__lte=as_of).count(),
    )


def gaps(cycle: Cycle, as_of: date) -> list[Gap]:
    with connection.cursor() as cursor:
        cursor.execute(GAPS, known_on(cycle, as_of))
        return [Gap(badge=badge, name=name, unit=unit, path=path) for badge, name, unit, path in cursor.fetchall()]


def anomalies(cycle: Cycle, as_of: date) -> list[Anomaly]:
    return [*_mismatches(cycle, as_of), *_unscored_or_late(cycle, as_of)]


def _mismatches(cycle: Cycle, as_of: date) -> list[Anomaly]:
    with connection.cursor() as cursor:
        cursor.execute(MISMATCHES, known_on(cycle, as_of) | {"order": ORDER})
        return [
            Anomaly(
                oddity=Oddity.MISMATCH,
                subject=badge,
                name=name,
                unit=unit,
                path=path,
                grade=grade,
                score=score,
                beside=beside,
                median=round(median, 2),
            )
            for badge, name, unit, path, grade, score, beside, median in cursor.fetchall()
        ]


def _unscored_or_late(cycle: Cycle, as_of: date) -> list[Anomaly]:
    with connection.cursor() as cursor:
        cursor.execute(UNSCORED_OR_LATE, known_on(cycle, as_of) | {"late": cycle.ends_on + LATE_AFTER})
        return [
            Anomaly(
                oddity=Oddity.UNSCORED if unscored else Oddity.LATE,
                subject=subject,
                name=name,
                unit=unit,
                path=path,
                grade=grade,
                recorded_on=recorded_on,
            )
            for subject, name, unit, path, grade, recorded_on, unscored in cursor.fetchall()
        ]
