"""Giving and taking back a role: dated, with a reason, and told to the layers above, whose desks may change."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from people import events
from people.models import EVERYWHERE, Account, Change, RoleGrant, Unit
from people.refusals import Clash, NotPermitted, Unfit
from people.roles import GRANTABLE, Role

LOOK_BACK = timedelta(days=7)
STAFF = (Role.ADMINISTRATOR, Role.AUDITOR)  # held everywhere, they open the Django admin, which knows no units


@transaction.atomic
def grant_role(
    *, account: Account, role: str, unit: Unit | None, actor: Account, to_day: date | None = None, reason: str = ""
) -> RoleGrant:
    """Let the account hold a role for a unit and all below it, from today; without a unit everywhere."""
    grant = RoleGrant(
        account=account,
        role=role,
        unit=unit,
        path=unit.path if unit else EVERYWHERE,
        from_day=timezone.localdate(),
        to_day=to_day,
        granted_by=actor,
        reason=reason,
    )
    _check_grant(grant)
    return _begin(grant)


def make_head(*, account: Account, unit: Unit, actor: Account) -> RoleGrant:
    """Give the head's role to one whom a move, already found allowed, made the head of a unit."""
    return _begin(
        RoleGrant(
            account=account,
            role=Role.UNIT_HEAD,
            unit=unit,
            path=unit.path,
            from_day=timezone.localdate(),
            granted_by=actor,
            reason=_("任单位负责人"),
        )
    )


def _begin(grant: RoleGrant) -> RoleGrant:
    # Two administrators at the same moment: the second waits here and then sees the first one's grant.
    Account.objects.select_for_update().get(pk=grant.account_id)
    held = RoleGrant.objects.in_force(grant.from_day)
    if held.filter(account=grant.account, role=grant.role, path=grant.path).exists():
        raise Clash(_("这个账户已有这个单位的这个角色"))
    grant.save()
    _settle(grant, what=Change.What.ROLE_GRANTED, note=grant.reason, actor=grant.granted_by)
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, actor: Account, reason: str = "") -> None:
    """Take the role back, from this moment. A grant that began today is as good as never given, but stays on record."""
    if not may_grant(actor, grant.path):
        raise NotPermitted
    take_back(grant=grant, actor=actor, reason=reason)


def take_back(*, grant: RoleGrant, actor: Account, reason: str) -> None:
    """End a grant for one who has already been found to be allowed to."""
    held = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    today = timezone.localdate()
    if held.ended_at is not None or (held.to_day is not None and held.to_day < today):
        raise Clash(_("这项授权已经结束"))
    if is_last_administrator(held):
        raise Clash(_("这是最后一位全局系统管理员，不能收回"))
    held.ended_at, held.ended_by, held.end_reason = timezone.now(), actor, reason
    held.save(update_fields=["ended_at", "ended_by", "end_reason"])
    _settle(held, what=Change.What.GRANT_ENDED, note=reason, actor=actor)


def turn_grants(*, day: date, actor: Account) -> int:
    """Tell of the grants whose last day lies in the week before `day`. Telling twice does no harm."""
    ended = RoleGrant.objects.filter(to_day__gte=day - LOOK_BACK, to_day__lt=day, ended_at__isnull=True)
    turned = list(ended.order_by().values_list("role", "path").distinct())
    for role, path in turned:
        with transaction.atomic():
            events.grants_changed(events.GrantsChanged(role=role, path=path, day=day, actor=actor))
    return len(turned)


def may_grant(actor: Account, path: str) -> bool:
    return actor.may(Role.ADMINISTRATOR, path) or actor.may(Role.SYSTEM, path)


def _check_grant(grant: RoleGrant) -> None:
    if not may_grant(grant.granted_by, grant.path):
        raise NotPermitted
    if grant.account == grant.granted_by and not grant.account.is_machine:
        raise NotPermitted(_("不能给自己授权，请由另一位系统管理员办理"))
    if not grant.account.is_active:
        raise Unfit(_("账户已停用"))
    if grant.role not in GRANTABLE:
        raise Unfit(_("这个角色不能授予"))
    if grant.to_day is not None and grant.to_day < grant.from_day:
        raise Unfit(_("止日不能早于今天"))


def is_last_administrator(grant: RoleGrant) -> bool:
    if (grant.role, grant.path) != (Role.ADMINISTRATOR, EVERYWHERE):
        return False
    lasting = RoleGrant.objects.in_force(timezone.localdate()).filter(
        Q(to_day__isnull=True), role=Role.ADMINISTRATOR, path=EVERYWHERE, account__is_active=True
    )
    return not lasting.exclude(pk=grant.pk).exists()


def _settle(grant: RoleGrant, *, what: str, note: str, actor: Account) -> None:
    """After a grant began or ended: the way into the admin, the journal, and the desks of the layers above."""
    account = Account.objects.get(pk=grant.account_id)
    account.is_staff = any((role, EVERYWHERE) in account.grants for role in STAFF)
    account.save(update_fields=["is_staff"])
    Change.objects.create(
        what=what,
        actor=actor,
        account=account,
        unit=grant.unit,
        note=note,
        detail={"role": grant.role, "path": grant.path, "to": grant.to_day and grant.to_day.isoformat()},
    )
    events.grants_changed(events.GrantsChanged(role=grant.role, path=grant.path, day=timezone.localdate(), actor=actor))
