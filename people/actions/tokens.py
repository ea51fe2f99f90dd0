"""Giving out API tokens and taking them back."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.actions.accounts import may_keep
from people.models import Account, ApiToken, Change, TokenScopes, token_digest
from people.refusals import Clash, NotPermitted, Unfit

LONGEST = timedelta(days=366)
PREFIX = "tl_"  # so that a secret found in a log or a repository can be recognised


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A new token and its secret, which cannot be read again."""

    token: ApiToken
    secret: str


@transaction.atomic
def issue_token(*, account: Account, name: str, scope: str, lasts: timedelta, actor: Account) -> Issued:
    """Give the account a token: its own holder does, or whoever administers a machine account."""
    _check_holder(account, actor)
    if scope not in TokenScopes:
        raise Unfit(_("没有这种权限"))
    if not timedelta() < lasts <= LONGEST:
        raise Unfit(_("有效期须在 1 至 366 天之间"))
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        account=account, name=name, scope=scope, digest=token_digest(secret), created_at=now, ends_at=now + lasts
    )
    _journal(Change.What.TOKEN_ISSUED, token, actor=actor)
    return Issued(token=token, secret=secret)


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: Account) -> None:
    """Make a token useless from this moment: its holder may, and whoever administers his account."""
    if not (token.account_id == actor.pk or may_keep(actor, token.account)):
        raise NotPermitted
    if not ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        raise Clash(_("令牌已撤销"))
    _journal(Change.What.TOKEN_REVOKED, token, actor=actor)


def _check_holder(account: Account, actor: Account) -> None:
    own = account.pk == actor.pk and actor.is_active
    kept_machine = account.is_machine and may_keep(actor, account)
    if not (own or kept_machine):
        raise NotPermitted


def _journal(what: str, token: ApiToken, *, actor: Account) -> None:
    Change.objects.create(
        what=what,
        actor=actor,
        account=token.account,
        detail={"token": token.name, "scope": token.scope, "ends_at": token.ends_at.isoformat()},
    )
