"""The allow list as administrators keep it: what is allowed, since when and why, and what was refused."""

import logging
import os

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import EVERYWHERE, Account
from people.refusals import Clash, NotPermitted, Unfit
from people.roles import Role
from workflows.channels import allowed
from workflows.models import AllowedAddress, RefusedAddress

log = logging.getLogger(__name__)
Kind = AllowedAddress.Kind
SHOWN = 50


def may_keep(account: Account) -> bool:
    """What leaves the building concerns all of it: an administrator of a part of it does not decide."""
    return EVERYWHERE in account.paths(Role.ADMINISTRATOR)


def in_force() -> QuerySet[AllowedAddress]:
    return AllowedAddress.objects.filter(ended_at=None).select_related("added_by__officer").order_by("kind", "value")


def refused() -> list[RefusedAddress]:
    """What was wanted and is still not allowed, the latest first."""
    known = set(in_force().values_list("kind", "value"))
    latest = RefusedAddress.objects.order_by("-last_at")[:SHOWN]
    return [address for address in latest if (address.kind, address.value) not in known]


def allow(kind: str, value: str, *, reason: str, actor: Account) -> AllowedAddress:
    if not may_keep(actor):
        raise NotPermitted
    value = fitting(kind, value.strip())
    try:
        with transaction.atomic():
            made = AllowedAddress.objects.create(
                kind=kind, value=value, reason=reason, added_by=actor, added_at=timezone.now()
            )
    except IntegrityError as error:
        raise Clash(_("这个地址已在允许之列")) from error
    log.info("an address was allowed", extra={"action": "address_allowed", "address": made.pk, "actor": actor.pk})
    return made


def end(address: AllowedAddress, *, actor: Account) -> None:
    """From now on nothing goes there any more, what is already on its way included."""
    if not may_keep(actor):
        raise NotPermitted
    address.ended_by, address.ended_at = actor, timezone.now()
    address.save(update_fields=["ended_by", "ended_at"])
    log.info("an address was ended", extra={"action": "address_ended", "address": address.pk, "actor": actor.pk})


def fitting(kind: str, value: str) -> str:
    """The one way in which the address is written; refused if it is none."""
    if kind == Kind.MAIL:
        domain = allowed.domain(value if "@" in value else f"@{value}")
        if not domain or any(character in domain for character in "*/ ,;") or "." not in domain:
            raise Unfit(_("请填写域名，例如 police.example"))
        return domain
    if kind == Kind.WEB:
        if not (origin := allowed.origin(value)):
            raise Unfit(_("请填写网络地址，例如 https://training.police.example"))
        return origin
    if kind != Kind.FOLDER:
        raise Unfit(_("没有这一类地址"))
    if not os.path.isabs(value) or os.path.normpath(value) != value.rstrip("/") or value.rstrip("/") == "":
        raise Unfit(_("请填写文件夹的完整路径，例如 /srv/trilink/out"))
    if not os.path.isdir(value) or os.path.realpath(value) != value.rstrip("/"):
        raise Unfit(_("服务器上没有这个文件夹，或它是一个链接"))
    return value.rstrip("/")
