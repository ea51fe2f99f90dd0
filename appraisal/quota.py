"""The quota check of a cycle: how many 优秀 each unit may give, and how many it gave. It reports and never blocks.

公务员考核规定(2020): 优秀等次人数一般不超过参加考核人数的 20%；本机关考核结果好的，可以提高到 25%.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from appraisal.grades import EXCELLENT
from appraisal.models import Cycle

SHARE = 20  # per cent of all officers with a row of any status
SHARE_OF_EXCELLENT_UNITS = 25
BASIS = "公务员考核规定（2020）"

# What is known of a cycle on a day: the row recorded last, of equal days the later line.
KNOWN = """
WITH known AS (
    SELECT DISTINCT ON (officer_id, unit_id) id, officer_id, unit_id, status, grade, score, recorded_on
    FROM appraisal_result WHERE cycle_id = %(cycle)s AND recorded_on <= %(as_of)s
    ORDER BY officer_id, unit_id, recorded_on DESC, id DESC
)"""

# Postings never overlap, so that an officer sits in at most one unit on the last day.
PLACED = """ JOIN people_posting p ON p.officer_id = k.officer_id AND p.from_day <= %(last)s
    AND (p.to_day IS NULL OR p.to_day >= %(last)s) JOIN people_unit u ON u.id = p.unit_id """

COUNTS = f"""{KNOWN}
SELECT u.code, u.name, u.path, count(*), count(*) FILTER (WHERE k.status = 'graded' AND k.grade = %(best)s),
    coalesce(bool_or(own.grade = %(best)s), false)
FROM known k {PLACED} LEFT JOIN known own ON own.unit_id = u.id AND own.status = 'graded'
GROUP BY u.id ORDER BY u.path"""  # noqa: S608 (only our own words)


@dataclass(frozen=True, kw_only=True)
class UnitQuota:
    """One unit's seats: `rows` officers with a row, `excellent` of them 优秀, `percent` allowed."""

    code: str
    name: str
    path: str
    rows: int
    excellent: int
    percent: int

    @property
    def seats(self) -> int:
        return self.rows * self.percent // 100

    @property
    def over(self) -> int:
        return max(0, self.excellent - self.seats)

    @property
    def arithmetic(self) -> str:
        """`31 × 20% = 6.2 → 6`"""
        exact = f"{self.rows * self.percent / 100:.2f}".rstrip("0").rstrip(".")
        return f"{self.rows} × {self.percent}% = {exact} → {self.seats}"


def quota(cycle: Cycle, as_of: date) -> Sequence[UnitQuota]:
    """Every unit with officers in the cycle, by posting on its last day, in the order of the tree."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, known_on(cycle, as_of) | {"best": EXCELLENT})
        return [
            UnitQuota(
                code=code,
                name=name,
                path=path,
                rows=rows,
                excellent=excellent,
                percent=SHARE_OF_EXCELLENT_UNITS if best else SHARE,
            )
            for code, name, path, rows, excellent, best in cursor.fetchall()
        ]


def known_on(cycle: Cycle, as_of: date) -> dict[str, Any]:
    """The parameters that `KNOWN` and `PLACED` take."""
    return {"cycle": cycle.pk, "as_of": as_of, "last": cycle.ends_on}
