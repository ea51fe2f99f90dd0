"""What follows a change of the calendars: a version, every open deadline counted again, and who is told."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext, override

from people.models import Account
from workflows import clock as clocks
from workflows import ledger
from workflows.calendars import Clock
from workflows.models import CalendarVersion, Cause, ItemChange, OutboxMessage, WorkItem

TOPIC = "deadlines moved"
SAID = 200  # characters of what a version says


@transaction.atomic
def publish(what: str, *, actor: Account, clock: Clock) -> list[ItemChange]:
    """Count by the calendars as they were just changed. The caller drops the kept calendar after its transaction."""
    version = CalendarVersion.objects.create(what=what[:SAID], actor=actor, at=clock.at)
    moved = ledger.recount(Clock(at=clock.at, calendar=clocks.fresh()), actor=actor, note=what)
    version.moved = len(moved)
    version.save(update_fields=["moved"])
    OutboxMessage.objects.bulk_create(_messages([change.item for change in moved], what, clock))
    return moved


def count_stale(*, actor: Account) -> list[ItemChange]:
    """Count again what a process reckoned by the calendar it still kept when a newer one had come."""
    calendar = clocks.fresh()
    stale = WorkItem.objects.filter(closed_at=None, calendar__lt=calendar.version).exclude(rule="")
    if not stale.exists():
        return []
    return ledger.recount(Clock(at=clocks.now().at, calendar=calendar), actor=actor)


def _messages(items: Sequence[WorkItem], what: str, clock: Clock) -> list[OutboxMessage]:
    """One for each desk and each person, with how many of his deadlines moved; of a single case, leading there."""
    moved: defaultdict[tuple[str, str, int | None], list[UUID]] = defaultdict(list)
    for item in items:
        moved[item.role, item.desk, item.officer_id].append(item.case_id)
    return [
        OutboxMessage(
            topic=TOPIC,
            cause=Cause.NOTICE,
            case_id=cases[0] if len(set(cases)) == 1 else None,
            role=role,
            desk=desk,
            officer_id=officer,
            payload={
                "count": len(cases),
                "url": reverse("workflows:desk"),
                "title_zh": _title(len(cases), what, "zh-hans"),
                "title_en": _title(len(cases), what, "en"),
            },
            written_at=clock.at,
            available_at=clock.at,
        )
        for (role, desk, officer), cases in moved.items()
    ]


def _title(count: int, what: str, language: str) -> str:
    with override(language):
        words = ngettext("%(count)d 件待办的期限已改变：%(what)s", "%(count)d 件待办的期限已改变：%(what)s", count)
        return (words % {"count": count, "what": what})[:SAID]
