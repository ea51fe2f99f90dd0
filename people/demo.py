"""The cast of the sample bureau: for every role somebody whose desk has work, and a head in every unit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people.accounts import machine
from people.actions import grant_role
from people.models import Account, Officer, Posting, RoleGrant, Unit
from people.roles import Role

PASSWORD = "trilink-demo-2026"  # noqa: S105 - printed beside the accounts, which exist on demonstration data only
ROOT = "B00"
SHOWN_BRANCH = "F04"
SHOWN_STATIONS = ("F04P01", "F04P02")
# In the sample's decisions one has four reasons for training at once, the other a reserve nomination and two rewards.
TRAINED, NOMINATED = "2201199", "2200052"


@dataclass(frozen=True, kw_only=True)
class Player:
    """An account of the demonstration; `shown` ones are told to whoever starts it."""

    username: str
    name: str = ""
    role: str = Role.OFFICER
    unit: str = ""  # code; empty: everywhere
    badge: str = ""
    shown: bool = False


def cast() -> list[Player]:
    """Everybody who takes part, read off the loaded bureau. Empty where the sample bureau is not loaded."""
    if Officer.objects.filter(badge__in=(TRAINED, NOMINATED)).count() < 2:
        return []
    return [*_officers(), *_heads(), *_leaders(), *_offices(), *_committees()]


def _officers() -> Iterator[Player]:
    for badge in (TRAINED, NOMINATED):
        yield Player(username=badge, badge=badge, shown=True)


def _heads() -> Iterator[Player]:
    """Who leads a unit today heads it; a unit whose leader is in no list of the sample gets one by title."""
    leading = Posting.objects.filter(is_leader=True, to_day__isnull=True).order_by("unit__code", "officer__badge")
    led: set[str] = set()
    for badge, code in leading.values_list("officer__badge", "unit__code"):
        led.add(code)
        yield Player(username=badge, badge=badge, role=Role.UNIT_HEAD, unit=code, shown=code in SHOWN_STATIONS)
    for code, name in Unit.objects.exclude(code__in=led).values_list("code", "name"):
        title = _("%(unit)s负责人") % {"unit": name}
        yield Player(username=f"head-{code}", name=title, role=Role.UNIT_HEAD, unit=code)


def _leaders() -> Iterator[Player]:
    yield Player(username="leader", name="沈国梁", role=Role.LEADER, unit=ROOT, shown=True)
    for code, name in _branches():
        title = _("%(unit)s分管领导") % {"unit": name}
        yield Player(username=f"leader-{code}", name=title, role=Role.LEADER, unit=code, shown=code == SHOWN_BRANCH)


def _offices() -> Iterator[Player]:
    for username, name, role in (
        ("hr", "李志远", Role.HR),
        ("training", "韩雪梅", Role.TRAINING_UNIT),
        ("equipment", "罗建军", Role.EQUIPMENT),
        ("inspector", "严正平", Role.INSPECTOR),
    ):
        yield Player(username=username, name=name, role=role, unit=ROOT, shown=True)
    yield Player(username="auditor", name="顾明", role=Role.AUDITOR, shown=True)
    yield Player(username="admin", name="方晓", role=Role.ADMINISTRATOR, shown=True)


def _committees() -> Iterator[Player]:
    for number, name in enumerate(("程海涛", "魏淑兰", "石磊", "江文博", "傅慧敏"), start=1):
        yield Player(username=f"committee-{number}", name=name, role=Role.COMMITTEE, unit=ROOT, shown=number <= 3)
    for code, unit in _branches():
        for number in (1, 2, 3):
            title = _("%(unit)s党委成员%(number)s") % {"unit": unit, "number": number}
            yield Player(
                username=f"committee-{code}-{number}",
                name=title,
                role=Role.COMMITTEE,
                unit=code,
                shown=(code, number) == (SHOWN_BRANCH, 1),
            )


def _branches() -> Iterable[tuple[str, str]]:
    return Unit.objects.filter(parent__code=ROOT, kind="分局").values_list("code", "name")


@transaction.atomic
def open_accounts(players: list[Player]) -> None:
    """Open what is missing. A second call changes nothing, also not a password that somebody has set since."""
    officers = Officer.objects.in_bulk([player.badge for player in players if player.badge], field_name="badge")
    # One hash for all: hashing a hundred times the same password would take as many seconds as the rest of the demo.
    hashed = make_password(PASSWORD)
    accounts = [_account(player, officers.get(player.badge), hashed) for player in players]
    Account.objects.bulk_create(accounts, ignore_conflicts=True)
    _grant(players)


def _account(player: Player, officer: Officer | None, hashed: str) -> Account:
    return Account(
        username=player.username,
        first_name=player.name,
        password=hashed,
        officer=officer,
        email=officer.email if officer else "",
    )


def _grant(players: list[Player]) -> None:
    accounts = Account.objects.in_bulk([player.username for player in players], field_name="username")
    units = Unit.objects.in_bulk(field_name="code")
    in_force = RoleGrant.objects.in_force(timezone.localdate())
    held = set(in_force.values_list("account__username", "role", "unit__code"))
    actor = machine("loader")
    for player in players:
        if player.role == Role.OFFICER or (player.username, player.role, player.unit or None) in held:
            continue
        grant_role(
            account=accounts[player.username],
            role=player.role,
            unit=units[player.unit] if player.unit else None,
            actor=actor,
            reason=_("演示"),
        )
