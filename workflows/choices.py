"""Which channels a department and a person have chosen: who may choose, the choice, a test of it, and how it went."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from people.access import NotFound, below
from people.models import EVERYWHERE, Account, RoleGrant, Unit, token_digest
from people.refusals import Clash
from people.roles import Role
from workflows.channels import allowed, webhook
from workflows.models import Channel, DeskChoice, Parcel, PersonalChoice

log = logging.getLogger(__name__)

CHOOSERS = (Role.UNIT_HEAD, Role.HR, Role.ADMINISTRATOR)
NOT_DESKS = (Role.OFFICER, Role.SYSTEM, Role.AUDITOR)
SHOWN = 50
EVERYWHERE_CODE = "~"  # stands for no unit in an address
FEED_PREFIX = "tlf_"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A department as its settings show it."""

    role: str
    path: str
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """How the last parcel of a channel went."""

    channel: str
    label: str
    parcel: Parcel | None


# Persons ---------------------------------------------------------------------------------------------------------
def personal(account: Account) -> PersonalChoice:
    found = PersonalChoice.objects.filter(account=account).first()
    return found or PersonalChoice(account=account, changed_at=timezone.now())


def choose_personal(account: Account, *, mail: str, calendar: bool) -> None:
    said = {"mail": mail, "calendar": calendar, "changed_at": timezone.now()}
    PersonalChoice.objects.update_or_create(account=account, defaults=said)


def issue_feed(account: Account) -> str:
    """The secret of the person's feed, shown this once. The one before leads nowhere from now on."""
    secret = FEED_PREFIX + secrets.token_urlsafe(32)
    said = {"feed_digest": token_digest(secret), "changed_at": timezone.now()}
    PersonalChoice.objects.update_or_create(account=account, defaults=said)
    return secret


def revoke_feed(account: Account) -> None:
    PersonalChoice.objects.filter(account=account).update(feed_digest=None, changed_at=timezone.now())


# Desks -----------------------------------------------------------------------------------------------------------
def desks(account: Account, words: str = "") -> list[Desk]:
    """The desks the account may choose for: those at or below its own, where somebody holds the role."""
    held = RoleGrant.objects.in_force(timezone.localdate()).filter(below(account.paths(*CHOOSERS)))
    held = held.exclude(role__in=NOT_DESKS).filter(account__is_active=True)
    if words:
        held = held.filter(Q(unit__name__contains=words) | Q(unit__code=words))
    found = held.order_by("path", "role").values_list("role", "path", "unit__code", "unit__name").distinct()
    return [
        Desk(role=role, path=path, code=code or EVERYWHERE_CODE, name=name or "")
        for role, path, code, name in found[: SHOWN + 1]
    ]


def get_desk(account: Account, role: str, code: str) -> Desk:
    """A desk to choose for; hidden and missing answer alike."""
    unit = Unit.objects.filter(code=code).first()
    path = unit.path if unit else EVERYWHERE if code == EVERYWHERE_CODE else ""
    known = role in Role.values and role not in NOT_DESKS
    if not (path and known and any(account.may(chooser, path) for chooser in CHOOSERS)):
        raise NotFound
    return Desk(role=role, path=path, code=code, name=unit.name if unit else "")


def of_desk(desk: Desk) -> DeskChoice:
    found = DeskChoice.objects.filter(role=desk.role, path=desk.path).select_related("folder").first()
    return found or DeskChoice(role=desk.role, path=desk.path, to_members=True)


@transaction.atomic
def choose_for_desk(desk: Desk, said: Mapping[str, Any], *, actor: Account) -> DeskChoice:
    """Keep the choice. Another web address gets another secret: the old one is known to the old receiver."""
    choice = _locked(desk, actor)
    if allowed.origin(choice.webhook) != allowed.origin(said["webhook"]):
        choice.webhook_key, choice.secret_number, choice.older_until = uuid4(), 0, None
    for name in ("to_members", "mailbox", "webhook", "folder", "format"):
        setattr(choice, name, said[name])
    return _saved(choice, actor, "desk_channels_chosen")


@transaction.atomic
def issue_secret(desk: Desk, *, actor: Account) -> str:
    """A new secret for the desk's web address, shown this once. The one before it signs too for some days."""
    choice = _locked(desk, actor)
    if not choice.webhook:
        raise Clash(_("还没有填写接口地址"))
    if choice.secret_number:
        choice.older_until = timezone.now() + webhook.OVERLAP
    choice.secret_number += 1
    _saved(choice, actor, "webhook_secret_issued")
    return webhook.secret_of(choice, choice.secret_number)


@transaction.atomic
def retire_secret(desk: Desk, *, actor: Account) -> None:
    """The older secret signs no more from now on."""
    choice = _locked(desk, actor)
    choice.older_until = None
    _saved(choice, actor, "webhook_secret_retired")


@transaction.atomic
def issue_desk_feed(desk: Desk, *, actor: Account) -> str:
    choice = _locked(desk, actor)
    secret = FEED_PREFIX + secrets.token_urlsafe(32)
    choice.feed_digest = token_digest(secret)
    _saved(choice, actor, "desk_feed_issued")
    return secret


@transaction.atomic
def revoke_desk_feed(desk: Desk, *, actor: Account) -> None:
    choice = _locked(desk, actor)
    choice.feed_digest = None
    _saved(choice, actor, "desk_feed_revoked")


def _locked(desk: Desk, actor: Account) -> DeskChoice:
    begun = {"changed_by": actor, "changed_at": timezone.now()}
    DeskChoice.objects.get_or_create(role=desk.role, path=desk.path, defaults=begun)
    return DeskChoice.objects.select_for_update(of=("self",)).get(role=desk.role, path=desk.path)


def _saved(choice: DeskChoice, actor: Account, action: str) -> DeskChoice:
    choice.changed_by, choice.changed_at = actor, timezone.now()
    choice.save()
    log.info("the channels of a desk were changed", extra={"action": action, "choice": choice.pk, "actor": actor.pk})
    return choice


# Tests and results -----------------------------------------------------------------------------------------------
PERSONAL = (Channel.MAIL, Channel.CALENDAR)
OF_DESK = (Channel.MAIL, Channel.WEBHOOK, Channel.DROP)


def send_test(channel: str, *, account: Account | None = None, desk: Desk | None = None) -> Parcel:
    """A parcel without messages, on its way like any other."""
    now = timezone.now()
    return Parcel.objects.create(
        channel=channel,
        fold=f"test:{uuid4()}",
        topic="test",
        account=account,
        role=desk.role if desk else "",
        desk=desk.path if desk else "",
        written_at=now,
        available_at=now,
    )


def results_of_person(account: Account) -> list[Result]:
    return [_result(channel, Q(account=account)) for channel in PERSONAL]


def results_of_desk(desk: Desk) -> list[Result]:
    return [_result(channel, Q(role=desk.role, desk=desk.path, account=None)) for channel in OF_DESK]


def _result(channel: Channel, whose: Q) -> Result:
    last = Parcel.objects.filter(whose, channel=channel).order_by("-id").first()
    return Result(channel=channel.value, label=str(channel.label), parcel=last)


# Feeds -----------------------------------------------------------------------------------------------------------
def feed_of(secret: str) -> Account | DeskChoice:
    """Whose feed a secret opens: an active account's, or a desk's."""
    digest = token_digest(secret)
    own = PersonalChoice.objects.filter(feed_digest=digest, account__is_active=True).select_related("account").first()
    if own:
        return own.account
    choice = DeskChoice.objects.filter(feed_digest=digest).first()
    if choice is None:
        raise NotFound
    return choice


def is_older_in_force(choice: DeskChoice, now: datetime) -> bool:
    return bool(choice.older_until and choice.older_until > now)
