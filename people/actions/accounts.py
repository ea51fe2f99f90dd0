"""Opening and closing the accounts of people."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people import events
from people.actions.grants import is_last_administrator, may_grant
from people.models import EVERYWHERE, Account, ApiToken, Change, Officer, RoleGrant
from people.refusals import Clash, NotPermitted


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A new account, and the first password: told once, kept nowhere in the clear."""

    account: Account
    password: str


@transaction.atomic
def open_account(*, officer: Officer, actor: Account, note: str = "") -> Opened:
    """Give an officer an account. He signs in with his badge."""
    if not may_grant(actor, officer.unit.path):
        raise NotPermitted
    if Account.objects.filter(officer=officer).exists() or Account.objects.filter(username=officer.badge).exists():
        raise Clash(_("这位民警已有账户"))
    password = secrets.token_urlsafe(12)
    account = Account.objects.create_user(officer.badge, officer.email, password, officer=officer)
    _journal(Change.What.ACCOUNT_OPENED, account, actor=actor, note=note)
    return Opened(account=account, password=password)


@transaction.atomic
def close_account(*, account: Account, actor: Account, note: str) -> None:
    """Sign the account out for good: its grants stay on record but hold no desk, its tokens are revoked."""
    _check_keeper(account, actor)
    if not account.is_active:
        raise Clash(_("账户已停用"))
    held = list(RoleGrant.objects.in_force(timezone.localdate()).filter(account=account))
    if any(is_last_administrator(grant) for grant in held):
        raise Clash(_("这是最后一位全局系统管理员，不能停用"))
    ApiToken.objects.filter(account=account, revoked_at__isnull=True).update(revoked_at=timezone.now())
    _switch(account, active=False)
    _journal(Change.What.ACCOUNT_CLOSED, account, actor=actor, note=note)
    _tell(held, actor=actor)


@transaction.atomic
def reopen_account(*, account: Account, actor: Account, note: str) -> None:
    """Let a closed account sign in again, with the grants that are still in force. Tokens stay revoked."""
    _check_keeper(account, actor)
    if account.is_active:
        raise Clash(_("账户没有停用"))
    _switch(account, active=True)
    _journal(Change.What.ACCOUNT_REOPENED, account, actor=actor, note=note)
    _tell(list(RoleGrant.objects.in_force(timezone.localdate()).filter(account=account)), actor=actor)


def remember_language(*, account: Account, language: str) -> None:
    """Keep the language the account chose, for its pages and its mail on every machine."""
    if language in dict(settings.LANGUAGES) and language != account.language:
        Account.objects.filter(pk=account.pk).update(language=language)
        account.language = language


def may_keep(actor: Account, account: Account) -> bool:
    """Whether the actor administers this account: that of an officer by his unit, any other from everywhere."""
    return may_grant(actor, account.officer.unit.path if account.officer else EVERYWHERE)


def _check_keeper(account: Account, actor: Account) -> None:
    if not may_keep(actor, account):
        raise NotPermitted
    if account == actor:
        raise NotPermitted(_("不能停用或恢复自己的账户"))


def _switch(account: Account, *, active: bool) -> None:
    Account.objects.filter(pk=account.pk).update(is_active=active)
    account.is_active = active


def _journal(what: str, account: Account, *, actor: Account, note: str) -> None:
    Change.objects.create(what=what, actor=actor, account=account, officer=account.officer, note=note)


def _tell(grants: list[RoleGrant], *, actor: Account) -> None:
    for role, path in sorted({(grant.role, grant.path) for grant in grants}):
        events.grants_changed(events.GrantsChanged(role=role, path=path, day=timezone.localdate(), actor=actor))
