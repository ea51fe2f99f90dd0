"""The one door to cases for people: what an account may see. Hidden and missing answer alike."""

from collections import defaultdict
from uuid import UUID

from django.db.models import Q, QuerySet

from people.access import RECORD_READERS, below
from people.models import Account
from people.stand_ins import places
from workflows import kinds
from workflows.models import Case, WorkItem


class CaseNotFound(Exception):
    """There is no such case, or you may not see it."""


def visible(account: Account) -> QuerySet[Case]:
    """The officer's own cases, those on his hands, and those of the units for which a role of his reads the kind.

    Who stands in for somebody sees what the role lent shows, and the work it lays on that one by name.
    """
    seen = Q(pk__in=[])
    for paths, names in _readable(account).items():
        seen |= Q(kind__in=names) & below(paths, "unit_path")
    for place in places(account):
        for paths, names in _readable(place).items():
            seen |= Q(kind__in=names) & below(paths, "unit_path")
        lent = WorkItem.objects.filter(person_box(place), closed_at=None).values("case")
        seen |= Q(pk__in=lent) if place.officer_id else Q(pk__in=[])
    if account.officer_id:
        on_hand = WorkItem.objects.filter(officer=account.officer_id, closed_at=None).values("case")
        seen |= Q(officer=account.officer_id) | Q(pk__in=on_hand)
    return Case.objects.filter(seen)


def person_box(place: Account) -> Q:
    """What is laid on somebody by name in the role that he lent; what is his own as an officer is not lent."""
    return Q(officer=place.officer_id, role__in=[role for role, _path in place.grants])


def _readable(account: Account) -> dict[tuple[str, ...], list[str]]:
    """The kinds that may be read, by the unit paths at or below which they may."""
    readable = defaultdict(list)
    for kind in kinds.registered():
        if paths := account.paths(*RECORD_READERS, *kind.readers):
            readable[tuple(sorted(set(paths)))].append(kind.name)
    return readable


def get_case(account: Account, case_id: UUID) -> Case:
    """The case as an instance of its kind's model."""
    name = visible(account).filter(pk=case_id).values_list("kind", flat=True).first()
    if name is None:
        raise CaseNotFound
    return kinds.get(name).model._default_manager.select_related("officer__unit", "unit").get(pk=case_id)
