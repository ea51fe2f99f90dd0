"""What the page of the pool needs, gathered with a fixed number of reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from people.access import below
from people.models import Account, Unit
from people.roles import Role
from talent_pool.models import ReserveCase
from talent_pool.models.states import Stream, Tier

READERS = (Role.HR, Role.COMMITTEE)
ENDING_SOON = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which members are listed. Kept in the address, and used by the export."""

    tier: str = ""
    stream: str = ""
    state: str = ""
    unit: str = ""
    ending: bool = False
    q: str = ""

    @property
    def narrowed(self) -> bool:
        return self != Filter()


def read_filter(said: Any) -> Filter:
    """A value that means nothing filters nothing."""

    def one_of(name: str, known: Sequence[str]) -> str:
        value: str = said.get(name, "")
        return value if value in known else ""

    return Filter(
        tier=one_of("tier", Tier.values),
        stream=one_of("stream", Stream.values),
        state=one_of("state", ReserveCase.State.values),
        unit=said.get("unit", "")[:20].replace("\x00", ""),
        ending=bool(said.get("ending")),
        q=said.get("q", "").strip()[:50].replace("\x00", ""),
    )


def members(account: Account) -> QuerySet[ReserveCase]:
    """Who is in the pool now, below the account's units: admitted and not gone, held and suspended ones included."""
    inside = ReserveCase.objects.filter(admitted_on__isnull=False, closed_at__isnull=True)
    return inside.filter(below(account.paths(*READERS), "unit_path"))


def matching(rows: QuerySet[ReserveCase], chosen: Filter, today: date) -> QuerySet[ReserveCase]:
    exact = {name: getattr(chosen, name) for name in ("tier", "stream", "state") if getattr(chosen, name)}
    rows = rows.filter(**exact)
    if chosen.unit:
        path = Unit.objects.filter(code=chosen.unit).values_list("path", flat=True).first()
        rows = rows.filter(unit_path__startswith=path) if path else rows.none()
    if chosen.ending:
        rows = rows.filter(term_until__lte=today + ENDING_SOON)
    if chosen.q:
        rows = rows.filter(Q(officer__badge__startswith=chosen.q) | Q(officer__name__contains=chosen.q))
    return rows


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The pool in numbers."""

    total: int
    ready: int
    long_term: int
    ending: int
    women: int


def figures(rows: QuerySet[ReserveCase], today: date) -> Figures:
    counted = rows.order_by().aggregate(
        total=Count("pk"),
        ready=Count("pk", filter=Q(tier=Tier.READY)),
        long_term=Count("pk", filter=Q(tier=Tier.LONG_TERM)),
        ending=Count("pk", filter=Q(term_until__lte=today + ENDING_SOON)),
        women=Count("pk", filter=Q(officer__sex="女")),
    )
    return Figures(**counted)


def units(account: Account) -> list[Unit]:
    """The units the list can be narrowed to: those that have a committee or desks of their own, by the tree."""
    return list(Unit.objects.filter(below(account.paths(*READERS))).order_by("path")[:200])
