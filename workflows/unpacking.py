"""What parcels hold, read for a whole round at once: channels then send without a query of their own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from people.models import Account, RoleGrant
from workflows.channels import inbox
from workflows.channels.base import Pack, Told
from workflows.models import DeskChoice, OutboxMessage, Parcel, WorkItem

SOON = timedelta(days=3)
MOST_SOON = 50  # lines of a digest

SOON_ITEMS = """
SELECT DISTINCT ON (w.account, i.due_at, i.id) w.account, i.id
FROM unnest(%(accounts)s::bigint[], %(roles)s::text[], %(paths)s::text[], %(officers)s::bigint[])
    AS w(account, role, path, officer)
CROSS JOIN LATERAL (
    SELECT id, due_at FROM workflows_workitem
    WHERE closed_at IS NULL AND paused_at IS NULL AND due_at BETWEEN %(now)s AND %(until)s
      AND CASE WHEN w.officer IS NULL THEN role = w.role AND desk = w.path AND officer_id IS NULL
          ELSE officer_id = w.officer END
    ORDER BY due_at, id LIMIT %(most)s
) i
ORDER BY w.account, i.due_at, i.id
"""


def unpack(parcels: Sequence[Parcel], now: datetime) -> list[Pack]:
    told = _told({number for parcel in parcels for number in parcel.messages})
    accounts = Account.objects.select_related("officer", "message_choice").in_bulk(
        {parcel.account_id for parcel in parcels if parcel.account_id}
    )
    choices = _choices(parcels)
    soon = due_soon([accounts[p.account_id] for p in parcels if p.digest_day and p.account_id in accounts], now)
    return [
        Pack(
            parcel=parcel,
            told=[told[number] for number in parcel.messages if number in told],
            account=accounts.get(parcel.account_id) if parcel.account_id else None,
            choice=choices.get((parcel.role, parcel.desk)),
            soon=soon.get(parcel.account_id, ()) if parcel.account_id and parcel.digest_day else (),
        )
        for parcel in parcels
    ]


def _told(numbers: set[int]) -> Mapping[int, Told]:
    if not numbers:
        return {}
    found = OutboxMessage.objects.filter(pk__in=numbers).select_related("case__officer", "case__unit", "replay_of")
    messages = list(found)
    states = inbox.states_told(messages)
    return {m.pk: Told(m, states.get((m.case_id, m.number), "")) for m in messages}


def _choices(parcels: Sequence[Parcel]) -> Mapping[tuple[str, str], DeskChoice]:
    wanted = Q(pk__in=[])
    for role, desk in {(parcel.role, parcel.desk) for parcel in parcels if parcel.account_id is None}:
        wanted |= Q(role=role, path=desk)
    found = DeskChoice.objects.filter(wanted).select_related("folder")
    return {(choice.role, choice.path): choice for choice in found}


def due_soon(accounts: Sequence[Account], now: datetime) -> Mapping[int, Sequence[WorkItem]]:
    """What waits for each account and is due in the next days, first what is due first."""
    if not accounts:
        return {}
    boxes: list[tuple[Any, ...]] = [(a.pk, None, None, a.officer_id) for a in accounts if a.officer_id]
    grants = RoleGrant.objects.in_force(timezone.localdate(now)).filter(account__in=accounts)
    boxes += [(account, role, path, None) for account, role, path in grants.values_list("account", "role", "path")]
    if not boxes:  # a right taken back since the digest was packed
        return {}
    columns = dict(zip(("accounts", "roles", "paths", "officers"), map(list, zip(*boxes, strict=True)), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(SOON_ITEMS, {**columns, "now": now, "until": now + SOON, "most": MOST_SOON})
        pairs = cursor.fetchall()
    items = WorkItem.objects.in_bulk({item for _account, item in pairs})
    found: defaultdict[int, list[WorkItem]] = defaultdict(list)
    for account, item in pairs:
        if len(found[account]) < MOST_SOON:
            found[account].append(items[item])
    return found
