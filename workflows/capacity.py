"""In whose name an account takes a step: its own where it may, else in the place of one it stands in for."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any

from django_fsm import Transition

from people.models import Account
from people.stand_ins import places
from workflows import kinds
from workflows.models import Case
from workflows.refusals import Outcome

Take = Callable[[Sequence[Any], Account], Outcome]


def may_act(place: Account, case: Any, edge: Transition) -> bool:
    """Whether what is lent covers the step. Asked only of one who stands in for somebody, and beside the permission.

    Nobody acts in another's place on a case about himself or about that one. What the step permits by name and not by
    role is covered only where the duty lies on that one by name, in the role he lent.
    """
    if place.deputy is None:
        return True
    if case.__dict__["officer_id"] in place.barred_officers:
        return False
    nameless = copy(place)
    nameless.officer_id = None
    if edge.has_perm(case, nameless):
        return True
    duty = kinds.get(case.kind).duties.get(case.__dict__["state"])
    return duty is not None and duty.person is not None and duty.role in [role for role, _path in place.grants]


def acting(case: Any, edge: Transition | None, account: Account) -> Account | None:
    """The account, or the first of its places, that may take the step; None: neither may."""
    for place in (account, *places(account)):
        if edge is not None and edge.has_perm(case, place) and may_act(place, case, edge):
            return place
    return None


def in_turn(cases: Iterable[tuple[Case, Account | None]], account: Account, take: Take) -> Outcome:
    """Take a step on many cases, each in the name in which it may be taken; the account itself is told of the rest."""
    outcome = Outcome()
    groups: dict[int, tuple[Account, list[Case]]] = {}
    for case, place in cases:
        chosen = place or account
        groups.setdefault(id(chosen), (chosen, []))[1].append(case)
    for chosen, group in groups.values():
        outcome.add(take(group, chosen))
    return outcome
