"""Officers move between units and posts, and units within the tree; rights and open duties follow."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from people import events
from people.actions.grants import make_head, take_back
from people.models import LONGEST_PATH, Account, Change, Officer, Posting, RoleGrant, StandIn, Unit
from people.refusals import Clash, NotPermitted, Unfit
from people.roles import Role

MOVERS = (Role.HR, Role.ADMINISTRATOR, Role.SYSTEM)


@dataclass(frozen=True, kw_only=True)
class Post:
    """Where somebody is to serve."""

    unit: Unit
    post_type: str
    is_leader: bool = False


@transaction.atomic
def move_officer(*, officer: Officer, to: Post, day: date, actor: Account, note: str = "") -> Posting:
    """Post the officer elsewhere from a day on. The posting he held ends the day before.

    Heading a unit gives its head's role, and leaving it takes the role back.
    """
    # Two moves of one officer at the same moment: the second waits and then sees the first.
    moving = Officer.objects.select_for_update(of=("self",)).select_related("unit").get(pk=officer.pk)
    left = _held_before(moving, day)
    _check_move(moving, left, to, day=day, actor=actor)
    if left:
        left.to_day = day - timedelta(days=1)
        left.save(update_fields=["to_day"])
    posting = Posting.objects.create(
        officer=moving, unit=to.unit, post_type=to.post_type, is_leader=to.is_leader, from_day=day
    )
    Officer.objects.filter(pk=moving.pk).update(unit=to.unit, post_type=to.post_type)
    officer.unit, officer.post_type = to.unit, to.post_type
    _journal_move(moving, posting, actor=actor, note=note)
    _pass_on_headship(moving, posting, actor=actor)
    events.moved(events.Moved(officer_ids=[moving.pk], day=day, actor=actor))
    return posting


def may_move(actor: Account, *units: Unit) -> bool:
    """Whoever moves somebody answers for both ends."""
    return all(any(actor.may(role, unit.path) for role in MOVERS) for unit in units)


def _held_before(officer: Officer, day: date) -> Posting | None:
    return Posting.objects.filter(
        Q(to_day__isnull=True) | Q(to_day__gte=day), officer=officer, from_day__lt=day
    ).first()


def _check_move(officer: Officer, left: Posting | None, to: Post, *, day: date, actor: Account) -> None:
    if not may_move(actor, officer.unit, to.unit):
        raise NotPermitted
    if actor.officer_id == officer.pk:
        raise NotPermitted(_("不能办理自己的调动"))
    if day > timezone.localdate():
        raise Unfit(_("起日不能晚于今天，请在生效当天登记"))
    if Posting.objects.filter(officer=officer, from_day__gte=day).exists():
        raise Clash(_("这一天或之后已有任职，请选更晚的起日"))
    if left and (left.unit_id, left.post_type, left.is_leader) == (to.unit.pk, to.post_type, to.is_leader):
        raise Clash(_("单位、岗位和职务都没有变化"))


def _journal_move(officer: Officer, posting: Posting, *, actor: Account, note: str) -> None:
    Change.objects.create(
        what=Change.What.OFFICER_MOVED,
        actor=actor,
        officer=officer,
        unit=posting.unit,
        note=note,
        detail={
            "from_unit": officer.unit.code,
            "to_unit": posting.unit.code,
            "post_type": posting.post_type,
            "is_leader": posting.is_leader,
            "day": posting.from_day.isoformat(),
        },
    )


def _pass_on_headship(officer: Officer, posting: Posting, *, actor: Account) -> None:
    account = Account.objects.filter(officer=officer, is_active=True).first()
    if account is None:
        return
    heads = RoleGrant.objects.in_force(timezone.localdate()).filter(account=account, role=Role.UNIT_HEAD)
    path = posting.unit.path if posting.is_leader else ""
    for grant in heads.exclude(path=path):
        take_back(grant=grant, actor=actor, reason=_("调离"))
    if posting.is_leader and not heads.filter(path=path).exists():
        make_head(account=account, unit=posting.unit, actor=actor)


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, actor: Account, note: str = "") -> None:
    """Hang a unit, with all below it, under another. Paths and grants follow; so does what the layers above keep."""
    # Every move of a unit takes the tree's rows in one order, so that two moves cannot make a ring.
    tree = {row.pk: row for row in Unit.objects.select_for_update().order_by("pk")}
    moving, above = tree[unit.pk], tree[parent.pk]
    old, new = moving.path, f"{above.path}{moving.code}/"
    _check_unit_move(
        moving, above, longest=max(len(row.path) for row in tree.values() if row.path.startswith(old)), actor=actor
    )
    Unit.objects.filter(pk=moving.pk).update(parent=above)
    for model in (Unit, RoleGrant, StandIn):
        model._default_manager.filter(path__startswith=old).update(
            path=Concat(Value(new), Substr(F("path"), len(old) + 1))
        )
    unit.refresh_from_db()
    Change.objects.create(
        what=Change.What.UNIT_MOVED, actor=actor, unit=unit, note=note, detail={"from": old, "to": new}
    )
    events.unit_moved(events.UnitMoved(old=old, new=new, actor=actor))
    # The head of the moved unit now answers to the head of another one.
    heads = Posting.objects.filter(unit=unit, is_leader=True, to_day__isnull=True)
    events.moved(
        events.Moved(
            officer_ids=list(heads.values_list("officer_id", flat=True)), day=timezone.localdate(), actor=actor
        )
    )


def _check_unit_move(unit: Unit, parent: Unit, *, longest: int, actor: Account) -> None:
    if not all(
        actor.may(Role.ADMINISTRATOR, path) or actor.may(Role.SYSTEM, path) for path in (unit.path, parent.path)
    ):
        raise NotPermitted
    if parent.path.startswith(unit.path):
        raise Unfit(_("不能把单位调到它自己或它的下级之下"))
    if unit.parent_id == parent.pk:
        raise Clash(_("单位已在这个上级之下"))
    if longest - len(unit.path) + len(parent.path) + len(unit.code) + 1 > LONGEST_PATH:
        raise Unfit(_("单位层级过深"))
