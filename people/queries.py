"""Plain reads about people that the layers above build on: where somebody stands, and whose desk is nearest."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from people.models import EVERYWHERE, Officer, Posting, RoleGrant, Unit


@dataclass(frozen=True, slots=True)
class Line:
    """Where an officer stands: his unit, and the unit whose head answers for him."""

    unit_path: str
    line_path: str


def lines(officer_ids: Collection[int], day: date) -> Mapping[int, Line]:
    """The line of each officer on a day, in two reads. Without a posting on the day his present unit counts.

    Who leads a unit answers to the head of the unit above; the head of a root answers to nobody but himself.
    """
    on_the_day = Posting.objects.filter(
        Q(to_day__isnull=True) | Q(to_day__gte=day), from_day__lte=day, officer__in=officer_ids
    )
    found = {
        officer: _line(path, leads=leads)
        for officer, path, leads in on_the_day.values_list("officer_id", "unit__path", "is_leader")
    }
    if missing := set(officer_ids) - found.keys():
        present = Officer.objects.filter(pk__in=missing).values_list("pk", "unit__path")
        found |= {officer: _line(path, leads=False) for officer, path in present}
    return found


def _line(path: str, *, leads: bool) -> Line:
    return Line(unit_path=path, line_path=(parent(path) or path) if leads else path)


def parent(path: str) -> str:
    """The path of the unit above; empty above a root."""
    above = path[: path.rstrip("/").rfind("/") + 1]
    return "" if above == "/" else above


def root(path: str) -> str:
    """`/B00/F01/` lies under `/B00/`."""
    return f"/{path.split('/')[1]}/"


# As `RoleGrantQuerySet.in_force` says it; each step of a case reads this, and building the statement cost more than it.
NEAR = """
SELECT DISTINCT g.role, g.path FROM people_rolegrant g JOIN people_account a ON a.id = g.account_id
WHERE a.is_active AND g.role = ANY(%(roles)s) AND g.path = ANY(%(paths)s)
  AND g.from_day <= %(day)s AND (g.to_day IS NULL OR g.to_day >= %(day)s)
  AND (g.ended_at IS NULL OR (g.ended_at AT TIME ZONE %(zone)s)::date > %(day)s)
"""


class Desks:
    """Where each role has somebody in force on a day, read once: `nearest` then costs no query."""

    def __init__(self, held: Mapping[str, Collection[str]]) -> None:
        self._held = held

    @classmethod
    def on(cls, day: date | None = None) -> "Desks":
        """The desks of a day, today unless another is given. Accounts that are closed hold none."""
        held: defaultdict[str, set[str]] = defaultdict(set)
        in_force = RoleGrant.objects.in_force(day or timezone.localdate()).filter(account__is_active=True)
        for role, path in in_force.order_by().values_list("role", "path").distinct():
            held[role].add(path)
        return cls(held)

    @classmethod
    def near(cls, *, roles: Collection[str], paths: Collection[str], day: date) -> "Desks":
        """The desks of some roles at exactly these paths: what `on` gives, in a fifth of its time."""
        held: defaultdict[str, set[str]] = defaultdict(set)
        with connection.cursor() as cursor:
            cursor.execute(NEAR, {"roles": [*roles], "paths": [*paths], "day": day, "zone": settings.TIME_ZONE})
            for role, path in cursor.fetchall():
                held[role].add(path)
        return cls(held)

    def holds(self, role: str, path: str) -> bool:
        """Whether somebody holds the role at exactly this path."""
        return path in self._held.get(role, ())

    def nearest(self, role: str, path: str) -> str:
        """The deepest path at or above `path` where somebody holds the role; where nobody does, the root's."""
        held, above = self._held.get(role, ()), path
        while above not in held:
            if above == EVERYWHERE:
                return root(path)
            above = above[: above.rstrip("/").rfind("/") + 1]
        return above


def ancestors(unit: Unit) -> list[Unit]:
    """The units from the root down to this one, itself included."""
    codes = unit.path.strip("/").split("/")
    return list(Unit.objects.filter(code__in=codes).order_by("path"))
