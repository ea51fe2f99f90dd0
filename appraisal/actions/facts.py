"""Facts: recorded on a page, corrected by a superseding row, or brought back by a linkage when a case ends."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.actions.results import path_of
from appraisal.models import Fact, FactKind
from people.accounts import machine
from people.models import Account, Officer, Unit
from people.refusals import NotPermitted, Unfit
from people.roles import Role
from workflows import clock as clocks
from workflows.calendars import Clock

# Discipline is the inspector's word as well; everything else is kept by HR.
RECORDERS: dict[str, tuple[str, ...]] = {
    FactKind.SANCTION: (Role.HR, Role.INSPECTOR),
    FactKind.INVESTIGATION: (Role.HR, Role.INSPECTOR),
}


def recorders(kind: str) -> tuple[str, ...]:
    return RECORDERS.get(kind, (Role.HR,))


@dataclass(frozen=True, kw_only=True)
class FactSaid:
    """What a fact says. The same kind, level and first day mean the same fact, told anew."""

    kind: str
    from_day: date
    level: str = ""
    to_day: date | None = None
    withdrawn: bool = False


@transaction.atomic
def record_fact(
    *, subject: Officer | Unit, said: FactSaid, note: str, actor: Account, clock: Clock | None = None
) -> Fact:
    """Record a fact, or tell one anew: with its end, with other words, or that it never was."""
    clock = clock or clocks.now()
    if not any(actor.may(role, path_of(subject)) for role in recorders(said.kind)):
        raise NotPermitted
    if isinstance(subject, Officer) and subject.pk == actor.officer_id:
        raise NotPermitted(_("不能登记关于自己的事实，请由另一人办理"))
    _check(said, note)
    return Fact.objects.create(
        officer=subject if isinstance(subject, Officer) else None,
        unit=subject if isinstance(subject, Unit) else None,
        kind=said.kind,
        level=said.level,
        from_day=said.from_day,
        to_day=said.to_day,
        withdrawn=said.withdrawn,
        recorded_on=clock.day,
        note=note.strip(),
        recorded_by=actor,
    )


def _check(said: FactSaid, note: str) -> None:
    if said.kind not in FactKind.values:
        raise Unfit(_("没有这种事实"))
    if said.to_day is not None and said.to_day < said.from_day:
        raise Unfit(_("止日早于起日"))
    if said.kind == FactKind.AWARD and not said.level:
        raise Unfit(_("请写明奖励的级别"))
    if not note.strip():
        raise Unfit(_("请写明依据或原因"))


# From the linkages ------------------------------------------------------------------------------------------------
Payload = TypedDict(
    "Payload",
    {
        "withdrawn": bool,  # the case was undone: the fact of that day, kind and level never was
        "subject": dict[str, int],  # {"officer": id} or {"unit": id}
        "kind": str,
        "level": str,
        "from": str,
        "to": str | None,
        "note": str,
        "source": str,  # "reward:CASE:granted": the same message twice is one fact
    },
)


def receive_fact(payload: Any, clock: Clock | None = None) -> None:
    """Keep what a case came to. A message delivered twice is kept once."""
    said: Payload = payload
    clock = clock or clocks.now()
    subject, last = said["subject"], said.get("to")
    fact = Fact(
        officer_id=subject.get("officer"),
        unit_id=subject.get("unit"),
        kind=said["kind"],
        level=said.get("level", ""),
        from_day=date.fromisoformat(said["from"]),
        to_day=date.fromisoformat(last) if last else None,
        recorded_on=clock.day,
        withdrawn=said.get("withdrawn", False),
        note=said.get("note", ""),
        source=said["source"],
        recorded_by=machine("clock"),
    )
    Fact.objects.bulk_create([fact], ignore_conflicts=True)
