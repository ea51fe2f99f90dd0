"""The one door to units and people: what an account may see is decided here, and each look at a person is kept."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from people.models import AccessLog, Account, Officer, Unit
from people.roles import Role

# Who may read the whole record of the people below. Training unit, equipment and committee see their cases, not lives;
# an administrator keeps accounts and sees no content.
RECORD_READERS = (Role.UNIT_HEAD, Role.LEADER, Role.HR, Role.INSPECTOR, Role.AUDITOR)
# Who may find a person by name without reading his record.
PEOPLE_FINDERS = (*RECORD_READERS, Role.ADMINISTRATOR)
# Who may see the tree of units with the names of those in charge, and who may see which account sees what.
UNIT_READERS = (*PEOPLE_FINDERS, Role.TRAINING_UNIT, Role.EQUIPMENT, Role.COMMITTEE)
ACCESS_READERS = (Role.ADMINISTRATOR, Role.AUDITOR, Role.INSPECTOR, Role.HR)


class NotFound(Exception):
    """There is no such person or unit, or you may not see it: the two answer alike."""


def below(paths: Iterable[str], field: str = "path") -> Q:
    """A condition that a path lies at or below one of these; without any it is never true."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def visible_units(account: Account, *roles: str) -> QuerySet[Unit]:
    """The units at or below a grant of one of the roles; without roles, of any role that reads records."""
    return Unit.objects.filter(below(account.paths(*(roles or RECORD_READERS))))


def visible_officers(account: Account, *roles: str) -> QuerySet[Officer]:
    """The officers at or below a grant of one of the roles; without roles, those whose record the account may read,
    himself among them."""
    seen = below(account.paths(*(roles or RECORD_READERS)), "unit__path")
    if not roles:
        seen |= Q(pk=account.officer_id)
    return Officer.objects.filter(seen).select_related("unit")


def get_unit(account: Account, code: str, *roles: str) -> Unit:
    unit = visible_units(account, *roles).filter(code=code).first()
    if unit is None:
        raise NotFound
    return unit


def get_officer(account: Account, badge: str, *, page: str = "people:record") -> Officer:
    """The officer of this badge, his record being opened on `page`: anybody's look but his own is written down."""
    officer = visible_officers(account).filter(badge=badge).first()
    if officer is None:
        raise NotFound
    log_looks(account, [officer], page=page)
    return officer


def find_officer(account: Account, badge: str, *roles: str) -> Officer:
    """The officer of this badge, to do something about him by one of the roles; his record stays closed."""
    officer = visible_officers(account, *roles).filter(badge=badge).first()
    if officer is None:
        raise NotFound
    return officer


def search(account: Account, words: str, *, unit: str = "", limit: int) -> list[Officer]:
    """Officers whose name or badge begins with the words, by badge; with a unit's code only those who serve there."""
    found = visible_officers(account, *PEOPLE_FINDERS).filter(Q(name__startswith=words) | Q(badge__startswith=words))
    if unit:
        found = found.filter(unit__code=unit)
    return list(found.order_by("badge")[:limit])


def looks_at(officer: Officer) -> QuerySet[AccessLog]:
    """Who looked at an officer's record, for himself to read."""
    return AccessLog.objects.filter(officer=officer).select_related("account__officer")


def log_looks(account: Account, officers: Iterable[Officer], *, page: str) -> None:
    """Write down that the account saw these officers' data on a page, and by which role it may."""
    AccessLog.objects.bulk_create(
        AccessLog(account=account, officer=officer, role=reads(account, officer) or Role.OFFICER, page=page)
        for officer in officers
        if officer.pk != account.officer_id
    )


def reads(account: Account, officer: Officer) -> str:
    """By which of its roles the account may read the officer's record, the first of those that do; by none: empty."""
    return next((role for role in RECORD_READERS if account.may(role, officer.unit.path)), "")
