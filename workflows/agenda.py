"""What the calendars of people have to be told: compared with what they were told, so that nothing is lost in between.

A round looks at the accounts that want it, finds deadlines that are new, have moved or are done, and writes the entries
and the letters in one transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from people.models import Account
from workflows.channels.calendar import CANCEL, REQUEST
from workflows.models import CalendarEntry, Channel, ItemChange, Parcel, PersonalChoice, WorkItem

HORIZON = timedelta(days=120)
MOST = 100  # deadlines of one person: who has more of them needs a list, not a calendar
FILES = 30  # events of one letter
ACCOUNTS = 200  # of one transaction

# Open deadlines of each account's boxes, the nearest first.
NEAR = """
WITH boxes AS (
    SELECT account_id AS account, role, path, NULL::bigint AS officer FROM people_rolegrant
    WHERE account_id = ANY(%(keen)s) AND from_day <= %(day)s AND (to_day IS NULL OR to_day >= %(day)s)
      AND (ended_at IS NULL OR (ended_at AT TIME ZONE %(zone)s)::date > %(day)s)
    UNION ALL
    SELECT id, NULL, NULL, officer_id FROM people_account WHERE id = ANY(%(keen)s) AND officer_id IS NOT NULL
), wanted AS (
    SELECT account, id, due_at FROM (
        SELECT b.account, i.id, i.due_at, row_number() OVER (PARTITION BY b.account ORDER BY i.due_at, i.id) AS place
        FROM boxes b CROSS JOIN LATERAL (
            SELECT id, due_at FROM workflows_workitem
            WHERE closed_at IS NULL AND paused_at IS NULL AND due_at < %(until)s
              AND ((b.officer IS NULL AND role = b.role AND desk = b.path AND officer_id IS NULL)
                   OR officer_id = b.officer)
            ORDER BY due_at, id LIMIT %(most)s
        ) i
    ) near WHERE place <= %(most)s
)
"""
WANTED = f"{NEAR} SELECT id FROM wanted"  # noqa: S608 - our own words
# Against what each calendar shows: of an account that wants it no more, nothing is wanted.
CHANGED = f"""{NEAR}, told AS (
    SELECT account_id AS account, item_id AS id, due_at, sequence FROM workflows_calendarentry
    WHERE account_id = ANY(%(accounts)s)
)
SELECT account, id, wanted.due_at, told.due_at, told.sequence FROM wanted FULL JOIN told USING (account, id)
WHERE wanted.due_at IS DISTINCT FROM told.due_at
ORDER BY account, id
"""  # noqa: S608 - the same


class Change(NamedTuple):
    """A deadline as the calendar should show it (`now`; none: not at all) and as it does."""

    account: int
    item: int
    now: datetime | None
    before: datetime | None
    sequence: int | None


def tell(now: datetime) -> int:
    """Write what calendars have to be told; return how many events that is."""
    wanting = PersonalChoice.objects.filter(calendar=True, account__is_active=True).order_by("account")
    entries = CalendarEntry.objects.filter(due_at__isnull=False, account__message_choice__calendar=False)
    accounts = sorted({*wanting.values_list("account", flat=True), *entries.values_list("account", flat=True)})
    return sum(_tell_some(accounts[at : at + ACCOUNTS], now) for at in range(0, len(accounts), ACCOUNTS))


@transaction.atomic
def _tell_some(accounts: Sequence[int], now: datetime) -> int:
    # Two rounds at once: the second waits, and then finds nothing left to say.
    rows = PersonalChoice.objects.select_for_update().filter(account__in=accounts).order_by("pk")
    wanting = [choice.account_id for choice in rows if choice.calendar]
    changes = _changes(accounts, wanting, now)
    if not changes:
        return 0
    CalendarEntry.objects.bulk_create(
        [CalendarEntry(account_id=c.account, item_id=c.item, due_at=c.now, sequence=_next(c)) for c in changes],
        update_conflicts=True,
        unique_fields=["account", "item"],
        update_fields=["due_at", "sequence"],
    )
    _write_letters(changes, now)
    return len(changes)


def _changes(accounts: Sequence[int], keen: Sequence[int], now: datetime) -> list[Change]:
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, {**_window(now), "keen": list(keen), "accounts": list(accounts)})
        return [Change(*row) for row in cursor.fetchall()]


def _window(now: datetime) -> dict[str, Any]:
    local = timezone.localtime(now)
    return {"day": local.date(), "zone": settings.TIME_ZONE, "until": now + HORIZON, "most": MOST}


def _next(change: Change) -> int:
    return 0 if change.sequence is None else change.sequence + 1


def _write_letters(changes: Sequence[Change], now: datetime) -> None:
    items = WorkItem.objects.in_bulk({change.item for change in changes})
    by_account: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        if change.item in items:
            by_account[change.account].append(_event(change, items))
    Parcel.objects.bulk_create(
        [
            Parcel(
                channel=Channel.CALENDAR,
                fold=f"calendar:{account}:{now.isoformat()}:{at}",
                account_id=account,
                content={"events": events[at : at + FILES]},
                written_at=now,
                available_at=now,
            )
            for account, events in by_account.items()
            for at in range(0, len(events), FILES)
        ]
    )


def _event(change: Change, items: Mapping[int, WorkItem]) -> dict[str, Any]:
    item = items[change.item]
    return {
        "item": item.pk,
        "case": str(item.case_id),
        "kind": item.kind,
        "duty": item.duty,
        "sequence": _next(change),
        "method": REQUEST if change.now else CANCEL,
        "day": timezone.localdate(change.now or change.before or item.due_at).isoformat(),
    }


def open_items(account: Account, now: datetime) -> list[WorkItem]:
    """The deadlines of a person's feed."""
    with connection.cursor() as cursor:
        cursor.execute(WANTED, {**_window(now), "keen": [account.pk]})
        wanted = [item for (item,) in cursor.fetchall()]
    return list(WorkItem.objects.filter(pk__in=wanted).order_by("due_at", "pk"))


def open_items_of_desk(role: str, path: str, now: datetime) -> list[WorkItem]:
    """The deadlines of a department's feed."""
    waiting = WorkItem.objects.filter(role=role, desk=path, officer=None, closed_at=None, paused_at=None)
    return list(waiting.filter(due_at__lt=now + HORIZON).order_by("due_at", "pk")[:MOST])


def moves(items: Sequence[WorkItem]) -> Counter[int]:
    """How often the date of each was moved: what a feed shows under a higher number replaces what was read before."""
    moved = ItemChange.objects.filter(item__in=[item.pk for item in items]).exclude(due_from=F("due_to"))
    return Counter(moved.order_by().values_list("item", flat=True))
