"""Taking work from a desk's pool, putting it back, handing it on. A claim says who has it; it locks nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from people.access import below
from people.models import Account, RoleGrant
from people.roles import Role
from people.stand_ins import places, standing_at
from workflows import clock as clocks
from workflows import desk, ledger
from workflows.ledger import Change, Why
from workflows.models import WorkItem

ABOVE = (Role.UNIT_HEAD, Role.LEADER)  # who may hand out the work of a desk at or below their unit
Judge = Callable[[WorkItem], str]  # why it cannot be done; empty: it can


@dataclass(slots=True)
class Claimed:
    """What became of each: the work items that changed hands, and why the others did not."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


def claim(which: Q, *, actor: Account) -> Claimed:
    """Take work on. Of two who do so at once the second is told who was first."""

    def judge(item: WorkItem) -> str:
        taken = item.claimed_by
        if taken is None or taken.pk == actor.pk:
            return ""
        return _("%(who)s已认领") % {"who": taken.shown_name}

    return _hand_over(which & _at_desk(actor), judge, to=actor, change=_change(Why.CLAIMED, actor))


def release(which: Q, *, actor: Account) -> Claimed:
    """Put work back into the pool: one's own, or as head or leader anybody's."""

    def judge(item: WorkItem) -> str:
        if item.claimed_by_id is None:
            return _("没有人认领")
        if item.claimed_by_id == actor.pk or hands_out(actor, item):
            return ""
        return _("只有认领人、单位负责人或分管领导可以放回")

    return _hand_over(which & (_at_desk(actor) | _below(actor)), judge, to=None, change=_change(Why.RELEASED, actor))


def assign(which: Q, *, to: Account, actor: Account, note: str = "") -> Claimed:
    """Hand work to somebody of the same desk: by one of the desk, or by the head or leader above it."""
    held = desks_of(to)

    def judge(item: WorkItem) -> str:
        if (item.role, item.desk) not in held or not to.is_active:
            return _("%(who)s不在这个待办台") % {"who": to.shown_name}
        own = item.case.officer_id
        if own is not None and own == to.officer_id:
            return _("不能把关于本人的事项指派给本人")
        return ""

    return _hand_over(
        which & (_at_desk(actor) | _below(actor)), judge, to=to, change=_change(Why.ASSIGNED, actor, note)
    )


def hands_out(actor: Account, item: WorkItem) -> bool:
    return any(actor.may(role, item.desk) for role in ABOVE)


def desks_of(account: Account) -> set[tuple[str, str]]:
    """The desks an account sits at, in its own name or another's."""
    return {*account.grants, *(grant for place in places(account) for grant in place.grants)}


def colleagues(items: Sequence[WorkItem]) -> dict[tuple[str, str], list[Account]]:
    """Who sits at the desks of these items: those who hold the role there, and those who stand in for them."""
    keys = {(item.role, item.desk) for item in items if item.officer_id is None}
    wanted = Q(pk__in=())
    for role, path in keys:
        wanted |= Q(role=role, path=path)
    today = timezone.localdate()
    found: dict[tuple[str, str], list[Account]] = {}
    grants = RoleGrant.objects.in_force(today).filter(wanted, account__is_machine=False, account__is_active=True)
    for grant in grants.select_related("account__officer").order_by("account"):
        found.setdefault((grant.role, grant.path), []).append(grant.account)
    for key, rows in standing_at(keys, today).items():
        known = found.setdefault(key, [])
        known += [row.substitute for row in rows if row.substitute not in known]
    return found


def _at_desk(actor: Account) -> Q:
    sits = Q(pk__in=())
    for box in desk.boxes(actor):
        sits |= box
    return sits & Q(officer=None)  # what is laid on one by name is nobody else's to take


def _below(actor: Account) -> Q:
    return below(actor.paths(*ABOVE), "desk") & Q(officer=None)


def _change(why: ledger.Why, actor: Account, note: str = "") -> Change:
    return Change(why=why, actor=actor, at=clocks.now().at, note=note)


@transaction.atomic
def _hand_over(which: Q, judge: Judge, *, to: Account | None, change: Change) -> Claimed:
    """Locked in the order of their keys: of two claims one waits, and then sees the other's.

    What hangs on the items is read after the lock: joined to it, it would be of the time before the wait.
    """
    rows = WorkItem.objects.filter(which, closed_at=None).order_by("pk")
    items, moved, outcome = list(rows.select_for_update(of=("self",))), list[WorkItem](), Claimed()
    prefetch_related_objects(items, "claimed_by__officer", "case")
    for item in items:
        if refusal := judge(item):
            outcome.refused[item.pk] = refusal
        else:
            outcome.done.append(item.pk)
            if item.claimed_by_id != (to.pk if to else None):
                moved.append(item)
    before = ledger.as_they_are(moved)
    for item in moved:
        item.claimed_by, item.claimed_at = to, change.at if to else None
    ledger.write(moved, before, change)
    return outcome
