"""In whose place an account acts today: copies of those it stands in for, cut to the one role they lent it."""

from copy import copy
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from people.models import Absence, Account, StandIn
from people.models.stand_ins import lasts, not_over
from people.roles import Role

# What cannot be lent: one's own matters, a vote, the keys of the house, and the watch over it.
UNLENT = (Role.OFFICER, Role.COMMITTEE, Role.ADMINISTRATOR, Role.AUDITOR, Role.SYSTEM)


def places(account: Account) -> tuple[Account, ...]:
    """The accounts in whose place it acts today, one for each role and unit lent; read once for the account's life."""
    if "places" not in account.__dict__:
        rows = StandIn.objects.in_force(timezone.localdate()).filter(substitute=account).exclude(role__in=UNLENT)
        found = rows.select_related("principal__officer").order_by("pk")
        account.__dict__["places"] = tuple(in_place(row, account) for row in found)
    known: tuple[Account, ...] = account.__dict__["places"]
    return known


def in_place(row: StandIn, substitute: Account) -> Account:
    """The one stood in for, as the stand-in may act for him: with this role for this unit and nothing else."""
    place = copy(row.principal)
    place.deputy = substitute
    place.__dict__["grants"] = ((row.role, row.path),)
    place.__dict__["places"] = ()  # what is lent is not lent on
    return place


def set_for(account: Account, day: date) -> QuerySet[StandIn]:
    """Who stands in for an account, now and later."""
    rows = StandIn.objects.filter(not_over(day), principal=account)
    return rows.select_related("substitute__officer", "unit", "set_by__officer").order_by("from_day", "pk")


def set_on(account: Account, day: date) -> QuerySet[StandIn]:
    """For whom an account stands in, now and later."""
    rows = StandIn.objects.filter(not_over(day), substitute=account)
    return rows.select_related("principal__officer", "unit", "set_by__officer").order_by("from_day", "pk")


def absences_of(account: Account, day: date) -> QuerySet[Absence]:
    return Absence.objects.filter(not_over(day), account=account).order_by("from_day", "pk")


def away(officers: list[int], day: date) -> dict[int, date]:
    """Which of these officers are out of office on a day, and until when."""
    if not officers:
        return {}
    rows = Absence.objects.filter(lasts(day), account__officer__in=officers)
    return dict(rows.values_list("account__officer", "to_day"))


def standing_at(desks: set[tuple[str, str]], day: date) -> dict[tuple[str, str], list[StandIn]]:
    """Who stands in at each of these desks on a day."""
    wanted = Q(pk__in=())
    for role, path in desks:
        wanted |= Q(role=role, path=path)
    found: dict[tuple[str, str], list[StandIn]] = {}
    rows = StandIn.objects.in_force(day).filter(wanted)
    for row in rows.select_related("substitute__officer", "principal__officer").order_by("pk"):
        found.setdefault((row.role, row.path), []).append(row)
    return found
