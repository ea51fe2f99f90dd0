"""Setting and ending a stand-in or an absence, by the account itself or by those who keep the unit's people."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Absence, Account, Change, RoleGrant, StandIn
from people.refusals import Clash, NotPermitted, Unfit
from people.roles import Role
from people.stand_ins import UNLENT

KEEPERS = (Role.HR, Role.ADMINISTRATOR)


def may_keep(actor: Account, account: Account) -> bool:
    """Whether the actor may say who stands in for the account: himself, or for somebody of a unit he keeps."""
    if actor.pk == account.pk:
        return True
    return account.officer is not None and any(actor.may(role, account.officer.unit.path) for role in KEEPERS)


@transaction.atomic
def set_stand_in(
    *, grant: RoleGrant, substitute: Account, from_day: date, to_day: date, reason: str, actor: Account
) -> StandIn:
    """Let `substitute` act in the place of the grant's holder, with this one role for its unit."""
    row = StandIn(
        principal=grant.account,
        substitute=substitute,
        role=grant.role,
        unit=grant.unit,
        path=grant.path,
        from_day=from_day,
        to_day=to_day,
        reason=reason,
        set_by=actor,
    )
    _check(row, grant)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Clash(_("这些日期已有人代理这个角色")) from error
    _journal(row, Change.What.STAND_IN_SET, actor=actor, note=reason)
    return row


def _check(row: StandIn, grant: RoleGrant) -> None:
    if not may_keep(row.set_by, row.principal):
        raise NotPermitted
    if row.role in UNLENT:
        raise Unfit(_("这个角色不能由他人代理"))
    if row.substitute_id == row.principal_id:
        raise Unfit(_("不能由本人代理本人"))
    if row.substitute.is_machine or not row.substitute.is_active:
        raise Unfit(_("代理人的账户已停用"))
    if row.substitute_id == row.set_by_id and row.set_by_id != row.principal_id:
        raise NotPermitted(_("不能指定自己代理他人，请由另一位经办人办理"))
    if not RoleGrant.objects.in_force(timezone.localdate()).filter(pk=grant.pk).exists():
        raise Unfit(_("本人现在没有这个角色"))
    _check_days(row.from_day, row.to_day)


def _check_days(from_day: date, to_day: date) -> None:
    if from_day < timezone.localdate():
        raise Unfit(_("起日不能早于今天"))
    if to_day < from_day:
        raise Unfit(_("止日不能早于起日"))


@transaction.atomic
def end_stand_in(*, stand_in: StandIn, actor: Account) -> None:
    """End it at once. The stand-in himself may hand it back."""
    row = StandIn.objects.select_for_update().get(pk=stand_in.pk)
    if actor.pk != row.substitute_id and not may_keep(actor, row.principal):
        raise NotPermitted
    if row.ended_at is not None or row.to_day < timezone.localdate():
        raise Clash(_("这项代理已经结束"))
    row.ended_at, row.ended_by = timezone.now(), actor
    row.save(update_fields=["ended_at", "ended_by"])
    _journal(row, Change.What.STAND_IN_ENDED, actor=actor)


def _journal(row: StandIn, what: str, *, actor: Account, note: str = "") -> None:
    Change.objects.create(
        what=what,
        actor=actor,
        account=row.principal,
        officer=row.principal.officer,
        unit=row.unit,
        note=note,
        detail={
            "substitute": row.substitute.username,
            "role": row.role,
            "path": row.path,
            "from": row.from_day.isoformat(),
            "to": row.to_day.isoformat(),
        },
    )


@transaction.atomic
def set_absence(*, account: Account, from_day: date, to_day: date, reason: str, actor: Account) -> Absence:
    if not may_keep(actor, account):
        raise NotPermitted
    _check_days(from_day, to_day)
    row = Absence(account=account, from_day=from_day, to_day=to_day, reason=reason, set_by=actor)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Clash(_("这些日期已登记外出")) from error
    _journal_absence(row, Change.What.ABSENCE_SET, actor=actor, note=reason)
    return row


@transaction.atomic
def end_absence(*, absence: Absence, actor: Account) -> None:
    row = Absence.objects.select_for_update().get(pk=absence.pk)
    if not may_keep(actor, row.account):
        raise NotPermitted
    if row.ended_at is not None or row.to_day < timezone.localdate():
        raise Clash(_("这次外出已经结束"))
    row.ended_at, row.ended_by = timezone.now(), actor
    row.save(update_fields=["ended_at", "ended_by"])
    _journal_absence(row, Change.What.ABSENCE_ENDED, actor=actor)


def _journal_absence(row: Absence, what: str, *, actor: Account, note: str = "") -> None:
    days = {"from": row.from_day.isoformat(), "to": row.to_day.isoformat()}
    Change.objects.create(
        what=what, actor=actor, account=row.account, officer=row.account.officer, note=note, detail=days
    )
