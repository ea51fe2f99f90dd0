"""How the channels stand: what waits on each, what died, and whether it was sent again."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Unit
from people.roles import Role
from workflows.desk import CAP
from workflows.models import Channel, Parcel
from workflows.words import capped

SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One channel: what is due and waits, since when, and when something last went."""

    label: str
    waiting: str
    oldest: datetime | None
    last_sent: datetime | None
    dead: str


@dataclass(frozen=True, kw_only=True)
class DeadParcel:
    parcel: Parcel
    to: str
    count: int
    replayed: bool


def channels() -> list[Standing]:
    return [_standing(channel) for channel in Channel]


def _standing(channel: Channel) -> Standing:
    now = timezone.now()
    of = Parcel.objects.filter(channel=channel)
    waiting = of.filter(sent_at=None, dead_at=None, available_at__lte=now).order_by("available_at")
    sent = of.filter(sent_at__isnull=False).order_by("-id").values_list("sent_at", flat=True)
    return Standing(
        label=str(channel.label),
        waiting=capped(waiting[: CAP + 1].count(), CAP),
        oldest=waiting.values_list("available_at", flat=True).first(),
        last_sent=sent.first(),
        dead=capped(_dead().filter(channel=channel)[: CAP + 1].count(), CAP),
    )


def _dead() -> QuerySet[Parcel]:
    return Parcel.objects.filter(sent_at=None, dead_at__isnull=False).order_by("-dead_at")


def dead_parcels() -> list[DeadParcel]:
    """The newest that could not be sent. One that was sent again stays, and says so."""
    found = list(_dead()[:SHOWN])
    again = Parcel.objects.filter(replay_of__in=[parcel.replay_of_id or parcel.pk for parcel in found])
    replayed = dict(again.values_list("replay_of", "pk").order_by("pk"))
    names = dict(Unit.objects.filter(path__in={parcel.desk for parcel in found}).values_list("path", "name"))
    return [
        DeadParcel(
            parcel=parcel,
            to=_receiver(parcel, names),
            count=len(parcel.messages),
            replayed=replayed.get(parcel.replay_of_id or parcel.pk, 0) > parcel.pk,
        )
        for parcel in found
    ]


def _receiver(parcel: Parcel, names: dict[str, str]) -> str:
    """A desk or "a person": who it is, is not the administrator's business."""
    if parcel.account_id:
        return _("个人")
    return " · ".join(part for part in (names.get(parcel.desk, ""), str(Role(parcel.role).label)) if part)
