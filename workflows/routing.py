"""When people move, open work follows: what is asked of "his unit head" goes with the officer, offices keep theirs."""

from collections import defaultdict
from collections.abc import Iterator

from django.db import models, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Substr

from people.events import GrantsChanged, Moved, UnitMoved
from people.models import Account
from people.queries import Desks, lines
from people.roles import Role
from workflows import clock as clocks
from workflows import kinds, ledger
from workflows.calendars import Clock
from workflows.claims import colleagues
from workflows.ledger import Change, Why
from workflows.models import Case, ItemChange, WorkItem
from workflows.work_items import Router

# From where a desk is looked for, as `work_items.start` says it of one case.
START = models.Case(models.When(role=Role.UNIT_HEAD, then=F("case__line_path")), default=F("case__unit_path"))


@transaction.atomic
def follow_officers(event: Moved) -> None:
    """Open cases of an officer who moved belong to the units of his new line."""
    for officer, line in lines(event.officer_ids, event.day).items():
        cases = Case.objects.filter(officer=officer, closed_at=None)
        cases.update(unit_path=line.unit_path, line_path=line.line_path)
    moved = WorkItem.objects.filter(closed_at=None, case__officer__in=event.officer_ids)
    follows = Q(role__in=(Role.UNIT_HEAD, Role.OFFICER))
    stays = Q(case__unit_path__startswith=F("desk"))
    _route(moved.filter(follows | ~stays), clocks.now(), actor=event.actor)


@transaction.atomic
def follow_grants(event: GrantsChanged) -> None:
    """A role at a path has one holder more or less: what lies below may have another nearest desk."""
    route(event.role, event.path, actor=event.actor)
    _free(event)


def _free(event: GrantsChanged) -> None:
    """Work goes back into the pool when who claimed it sits at its desk no more. Who stands in there still sits."""
    claimed = WorkItem.objects.filter(closed_at=None, role=event.role, desk=event.path, claimed_by__isnull=False)
    sitting = colleagues(list(claimed[:1])).get((event.role, event.path), [])
    items = list(claimed.exclude(claimed_by__in=sitting).select_for_update().order_by("pk"))
    before = ledger.as_they_are(items)
    for item in items:
        item.claimed_by = item.claimed_at = None
    ledger.write(items, before, Change(why=Why.RELEASED, actor=event.actor, at=clocks.now().at))


@transaction.atomic
def follow_unit(event: UnitMoved) -> None:
    """A unit hangs elsewhere: every path that began with the old one is written anew."""
    for model, names in ((Case, ("unit_path", "line_path")), (WorkItem, ("desk",))):
        for name in names:
            rows = model._default_manager.filter(**{f"{name}__startswith": event.old})
            rows.update(**{name: Concat(Value(event.new), Substr(F(name), len(event.old) + 1))})
    below = Q(case__unit_path__startswith=event.new) | Q(case__line_path__startswith=event.new)
    _route(WorkItem.objects.filter(below, closed_at=None), clocks.now(), actor=event.actor)


@transaction.atomic
def route(role: str, path: str, *, actor: Account, clock: Clock | None = None) -> list[ItemChange]:
    """Find the desks again of the open items of a role (of all roles if it is empty) for what lies below a path."""
    items = WorkItem.objects.filter(closed_at=None, case__unit_path__startswith=path)
    return _route(items.filter(role=role) if role else items, clock or clocks.now(), actor=actor)


def _route(items: QuerySet[WorkItem], clock: Clock, *, actor: Account) -> list[ItemChange]:
    return ledger.move_desks(dict(_misplaced(items, Router(Desks.on(clock.day)))), clock, actor=actor)


def _misplaced(items: QuerySet[WorkItem], router: Router) -> Iterator[tuple[WorkItem, str]]:
    """Items that lie on another desk than they should. Many share role and place: each pair is judged once."""
    items = items.annotate(start=START)
    with_own_way = _with_own_way()
    places = items.exclude(with_own_way).order_by().values_list("role", "start", "desk").distinct()
    for role, place, desk in list(places):
        right = place if role == Role.OFFICER else router.nearest(role, place)
        if right != desk:
            stray = items.exclude(with_own_way).filter(role=role, start=place, desk=desk)
            for item in stray.select_for_update(of=("self",)).order_by("pk"):
                yield item, right
    for looked_up, place in _looked_up(items.filter(with_own_way)):
        if (right := router.nearest(looked_up.role, place)) != looked_up.desk:
            yield looked_up, right


def _with_own_way() -> Q:
    """The duties that look for their desk in a way of their own."""
    found = Q(pk__in=[])
    for kind in kinds.registered():
        found |= Q(kind=kind.name, duty__in=[state for state, duty in kind.duties.items() if duty.at])
    return found


def _looked_up(items: QuerySet[WorkItem]) -> Iterator[tuple[WorkItem, str]]:
    """Each with the place from which its duty looks for the desk, asked of a case of the kind's own model."""
    by_kind: defaultdict[str, list[WorkItem]] = defaultdict(list)
    for found in items.select_for_update(of=("self",)).order_by("pk"):
        by_kind[found.kind].append(found)
    for name, of_kind in by_kind.items():
        kind = kinds.get(name)
        cases = kind.model._default_manager.in_bulk({item.case_id for item in of_kind})
        for mine in of_kind:
            if at := kind.duties[mine.duty].at:
                yield mine, at(cases[mine.case_id])
