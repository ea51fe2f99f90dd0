"""Entering units and officers in the registers, and correcting what is written there."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import LONGEST_PATH, Account, Change, Officer, Posting, Unit
from people.refusals import NotPermitted, Unfit
from people.roles import Role

REGISTRARS = (Role.ADMINISTRATOR, Role.HR, Role.SYSTEM)


@transaction.atomic
def add_unit(*, unit: Unit, actor: Account) -> Unit:
    """Enter a unit, not yet saved, under its parent."""
    above = unit.parent.path if unit.parent else "/"
    if not (actor.may(Role.ADMINISTRATOR, above) or actor.may(Role.SYSTEM, above)):
        raise NotPermitted
    unit.path = f"{above}{unit.code}/"
    if len(unit.path) > LONGEST_PATH:
        raise Unfit(_("单位层级过深"))
    unit.save(force_insert=True)
    Change.objects.create(what=Change.What.UNIT_ADDED, actor=actor, unit=unit, detail={"path": unit.path})
    return unit


@transaction.atomic
def correct_unit(*, unit: Unit, fields: Collection[str], actor: Account) -> None:
    """Write corrected fields of a unit. Where it hangs is changed by `move_unit` alone."""
    if not (actor.may(Role.ADMINISTRATOR, unit.path) or actor.may(Role.SYSTEM, unit.path)):
        raise NotPermitted
    kept = sorted(set(fields) & {"name", "kind", "peer_group"})
    unit.save(update_fields=kept)
    Change.objects.create(what=Change.What.UNIT_CORRECTED, actor=actor, unit=unit, detail={"fields": kept})


@transaction.atomic
def add_officer(*, officer: Officer, is_leader: bool = False, actor: Account) -> Officer:
    """Enter an officer, not yet saved. He serves in his unit since the day he joined."""
    if not _registers(actor, officer):
        raise NotPermitted
    officer.save(force_insert=True)
    Posting.objects.create(
        officer=officer,
        unit=officer.unit,
        post_type=officer.post_type,
        is_leader=is_leader,
        from_day=min(officer.joined_on, timezone.localdate()),
    )
    Change.objects.create(what=Change.What.OFFICER_ADDED, actor=actor, officer=officer, unit=officer.unit)
    return officer


@transaction.atomic
def correct_officer(*, officer: Officer, fields: Collection[str], actor: Account) -> None:
    """Write corrected fields of an officer. Where he serves is changed by `move_officer` alone."""
    if not _registers(actor, officer):
        raise NotPermitted
    kept = sorted(set(fields) & {"name", "sex", "born_on", "joined_on", "rank", "employment", "email"})
    officer.save(update_fields=kept)
    if "email" in kept:
        # The way to a new password leads through the account's address.
        Account.objects.filter(officer=officer).update(email=officer.email)
    Change.objects.create(what=Change.What.OFFICER_CORRECTED, actor=actor, officer=officer, detail={"fields": kept})


def _registers(actor: Account, officer: Officer) -> bool:
    return any(actor.may(role, officer.unit.path) for role in REGISTRARS)
