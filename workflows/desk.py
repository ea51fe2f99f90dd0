"""The work on a person's desk: the items of his roles' desks and those that are his alone."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import groupby

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from people.models import Account, RoleGrant, Unit
from people.roles import Role
from people.stand_ins import places
from workflows import clock as clocks
from workflows import kinds
from workflows.access import person_box
from workflows.calendars import Clock, end_of, local_day
from workflows.models import WorkItem
from workflows.paging import SIZE, Cursor, Page, bounded, read
from workflows.words import DueWords, capped, item_due

CAP = 10_000  # a count above it is shown as "1 万+": counting a million items would take longer than reading a page
GLANCE = 99
OTHERS = 12
WEEK = timedelta(days=6)  # with today they are seven
ORDER = ("due_at", "id")
PAUSED = "paused"
MINE, FREE = "mine", "free"
CLAIMS = (MINE, FREE)
DUES = ("over", "today", "week", "later", PAUSED)
SUBJECT = ("case__officer__unit", "case__unit")
CHUNK = 500  # rows an export reads at a time
HEAD = "SELECT due_at, kind, count(*) FROM ({}) AS head GROUP BY due_at, kind"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What of a desk is shown. Kept in the address of the page, and used by its export."""

    kind: str = ""
    due: str = ""  # over, today, week, later; or paused: those whose clock stands still are listed apart
    unit_path: str = ""
    claim: str = ""  # mine, free; else all
    reader: int = 0  # the account whose claims are "mine"


@dataclass(frozen=True, kw_only=True)
class Load:
    """How much work there is, at a glance."""

    shown: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The work on a desk by when it is due and by kind, counted up to a cap."""

    counted: int
    paused: int = 0
    by_due: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    by_day: Counter[date] = field(default_factory=Counter)
    oldest: datetime | None = None

    def count(self, span: str) -> int:
        return self.paused if span == PAUSED else self.by_due[span]

    @property
    def complete(self) -> bool:
        return self.counted <= CAP

    @property
    def total(self) -> str:
        return capped(self.counted, CAP)


def boxes(account: Account) -> list[Q]:
    """One exact key per desk: each is read in the order of its own index, however many items it holds.

    The desks of those the account stands in for are read too, but for cases about himself or about them.
    """
    desks = {(role, path): Q(role=role, desk=path, officer=None) for role, path in account.grants}
    persons = [Q(officer=account.officer_id)] if account.officer_id else []
    for place in places(account):
        barred = Q(case__officer__in=list(place.barred_officers))
        for role, path in place.grants:
            desks.setdefault((role, path), Q(role=role, desk=path, officer=None) & ~barred)
        if place.officer_id:
            persons.append(person_box(place) & ~barred)
    return [*desks.values(), *persons]


def lent_by(item: WorkItem, account: Account) -> str:
    """Whose work it is that the account sees because it stands in for him; empty where it is its own."""
    if (item.role, item.desk) in account.grants and item.officer_id is None:
        return ""
    if item.officer_id and item.officer_id == account.officer_id:
        return ""
    for place in places(account):
        named = item.officer_id == place.officer_id and any(role == item.role for role, _path in place.grants)
        if named if item.officer_id else (item.role, item.desk) in place.grants:
            return place.shown_name
    return ""


def read_filter(account: Account, asked: Mapping[str, str]) -> Filter:
    """The filter in the address. A value that means nothing filters nothing."""
    kind, span, unit, claim = (asked.get(name, "") for name in ("kind", "due", "unit", "claim"))
    return Filter(
        kind=kind if kinds.find(kind) else "",
        due=span if span in DUES else "",
        unit_path=Unit.objects.filter(code=unit).values_list("path", flat=True).first() or "" if unit else "",
        claim=claim if claim in CLAIMS else "",
        reader=account.pk,
    )


def matching(chosen: Filter, clock: Clock) -> Q:
    wanted = Q(closed_at=None, paused_at__isnull=chosen.due != PAUSED)
    if chosen.kind:
        wanted &= Q(kind=chosen.kind)
    if chosen.unit_path:
        wanted &= Q(case__unit_path__startswith=chosen.unit_path)
    if chosen.claim == MINE:
        wanted &= Q(claimed_by=chosen.reader) | Q(officer__account=chosen.reader)
    elif chosen.claim == FREE:
        wanted &= Q(claimed_by=None, officer=None)
    bounds = spans(clock).get(chosen.due)
    if bounds:
        start, end = bounds
        wanted &= Q(due_at__gt=start) if start else Q()
        wanted &= Q(due_at__lte=end) if end else Q()
    return wanted


def spans(clock: Clock) -> dict[str, tuple[datetime | None, datetime | None]]:
    """The groups of a desk by when their items are due: after one moment, up to and with another."""
    today = local_day(clock.at)
    tonight = end_of(today)
    weeks_end = end_of(today + WEEK)
    return {
        "over": (None, clock.at),
        "today": (clock.at, tonight),
        "week": (tonight, weeks_end),
        "later": (weeks_end, None),
    }


def spanner(clock: Clock) -> Callable[[datetime], str]:
    """Which group a deadline falls into, at one reading of the clock: asked ten thousand times for one page."""
    names = list(spans(clock))
    ends = [end for _start, end in spans(clock).values() if end]
    return lambda due_at: names[bisect_left(ends, due_at)]


def open_items(box: Q, chosen: Filter, clock: Clock) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(box, matching(chosen, clock))


def page(account: Account, chosen: Filter, cursor: Cursor, *, clock: Clock, size: int = SIZE) -> Page[WorkItem]:
    """A page of the desk, first what is due first."""
    found: list[WorkItem] = []
    more = False
    for box in boxes(account):
        rows, longer = read(open_items(box, chosen, clock), cursor, keys=ORDER, descending=False, size=size)
        found += rows
        more = more or longer
    found.sort(key=lambda item: (item.due_at, item.pk))
    more = more or len(found) > size
    shown = found[-size:] if cursor.backwards else found[:size]
    return bounded(with_cases(shown), cursor, more=more, keys=ORDER)


def with_cases(items: Sequence[WorkItem]) -> list[WorkItem]:
    """The same items with their cases and subjects, read for those alone that are shown."""
    rows = WorkItem.objects.select_related("case__officer__unit", "case__unit", "officer", "claimed_by__officer")
    full = rows.in_bulk([item.pk for item in items])
    return [full[item.pk] for item in items if item.pk in full]


def every(account: Account, chosen: Filter, *, clock: Clock) -> Iterator[WorkItem]:
    """All items of a filter, those due first, read as they are asked for."""
    found = [open_items(box, chosen, clock).select_related(*SUBJECT).order_by(*ORDER) for box in boxes(account)]
    merged = merge(*(rows.iterator(chunk_size=CHUNK) for rows in found), key=lambda item: (item.due_at, item.pk))
    return (next(same) for _key, same in groupby(merged, key=lambda item: item.pk))


def count(account: Account, chosen: Filter, *, clock: Clock, limit: int) -> int:
    """How many items `every` has, counted no further than the limit."""
    counted = 0
    for box in boxes(account):
        counted += open_items(box, chosen, clock).order_by()[: limit - counted].count() if counted < limit else 0
    return counted


def load(account: Account) -> Load:
    """The number in the navigation, counted no further than it is shown."""
    clock, dues = clocks.now(), list[datetime]()
    for box in boxes(account):
        items = WorkItem.objects.filter(box, matching(Filter(), clock)).order_by(*ORDER)
        dues += items.values_list("due_at", flat=True)[: GLANCE + 1]
    late = any(day < clock.at for day in dues)
    return Load(shown=capped(len(dues), GLANCE) if dues else "", late=late)


def figures(account: Account, chosen: Filter, *, clock: Clock) -> Figures:
    """The tiles and the numbers on the chips, one read per desk, each ending at the cap."""
    heads: list[tuple[datetime, str, int]] = []
    paused = 0
    for box in boxes(account):
        heads += head(open_items(box, replace(chosen, kind="", due=""), clock))
        paused += open_items(box, replace(chosen, due=PAUSED), clock).order_by()[: CAP + 1].count()
    span_of = spanner(clock)
    by_due, by_kind, by_day = Counter[str](), Counter[str](), Counter[date]()
    for last, kind, count in heads:
        by_kind[kind] += count
        by_day[local_day(last)] += count
        by_due[span_of(last)] += count if kind == (chosen.kind or kind) else 0
    return Figures(
        counted=by_kind.total(),
        paused=paused,
        by_due=by_due,
        by_kind=by_kind,
        by_day=by_day,
        oldest=min((last for last, _kind, _count in heads), default=None),
    )


def head(items: QuerySet[WorkItem]) -> list[tuple[datetime, str, int]]:
    """How many are due when, by kind, of the first of a desk up to the cap. Deadlines end with a day: they are few."""
    first = items.order_by(*ORDER).values("due_at", "kind")[: CAP + 1]
    sql, params = first.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(HEAD.format(sql), params)
        return [(due_at, kind, count) for due_at, kind, count in cursor.fetchall()]


def words_of(clock: Clock) -> Callable[[WorkItem], DueWords]:
    """How long there is for an item, at one reading of the clock."""
    return lambda item: item_due(item, clock)


@dataclass(frozen=True, kw_only=True)
class Holder:
    name: str
    role: str


def others(account: Account) -> list[Holder]:
    """Who else holds the same desks, so that one knows with whom to speak."""
    desks = Q(pk__in=())
    for role, path in account.grants:
        desks |= Q(role=role, path=path)
    grants = RoleGrant.objects.in_force(timezone.localdate()).filter(desks, account__is_machine=False)
    found = grants.exclude(account=account).select_related("account__officer").order_by("role", "account")[:OTHERS]
    return [Holder(name=grant.account.shown_name, role=str(Role(grant.role).label)) for grant in found]
