"""The in-app messages of an account: those to its desks and to its officer, newest first."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from people.access import NotFound
from people.models import Account
from people.stand_ins import places
from workflows.models import InboxEntry, InboxMark
from workflows.paging import SIZE, Cursor, Page, bounded, read

UNREAD_CAP = 99


def boxes(account: Account) -> list[Q]:
    """One exact key per box, so that each is read in the order of its own index.

    What is told to the desk of somebody the account stands in for is told to it too, but for what is about either.
    """
    desks = {(role, path): Q(role=role, desk=path, officer=None) for role, path in account.grants}
    for place in places(account):
        for role, path in place.grants:
            barred = Q(case__officer__in=list(place.barred_officers))
            desks.setdefault((role, path), Q(role=role, desk=path, officer=None) & ~barred)
    own = list(desks.values())
    return [*own, Q(officer=account.officer_id)] if account.officer_id else own


def read_to(account: Account) -> int:
    return InboxMark.objects.filter(account=account).values_list("read_to", flat=True).first() or 0


def unread(account: Account) -> str:
    """How many messages are new: `3`, `99+`, or nothing."""
    mark, found = read_to(account), 0
    keys: list[QuerySet[InboxEntry, int]] = [
        InboxEntry.objects.filter(box, id__gt=mark, leads=True)
        .order_by()
        .values_list("id", flat=True)[: UNREAD_CAP + 1]
        for box in boxes(account)
    ]
    if keys:
        found = keys[0].union(*keys[1:], all=True)[: UNREAD_CAP + 1].count() if len(keys) > 1 else keys[0].count()
    return _("%d+") % UNREAD_CAP if found > UNREAD_CAP else str(found or "")


def page(account: Account, cursor: Cursor, *, size: int = SIZE) -> Page[InboxEntry]:
    """A page of the messages: each box gives its newest, the newest of all of them are shown."""
    found: dict[int, InboxEntry] = {}
    more = False
    for box in boxes(account):
        entries = InboxEntry.objects.filter(box, leads=True).select_related("case")
        rows, longer = read(entries, cursor, keys=("id",), descending=True, size=size)
        found |= {row.pk: row for row in rows}
        more = more or longer
    newest = sorted(found.values(), key=lambda row: row.pk, reverse=True)
    more = more or len(newest) > size
    shown: Sequence[InboxEntry] = newest[-size:] if cursor.backwards else newest[:size]
    return bounded(shown, cursor, more=more, keys=("id",))


def sizes(entries: Iterable[InboxEntry]) -> dict[UUID, int]:
    """How many messages lie in the pile of each entry, where there is more than the one that is shown."""
    piles = [entry.pile for entry in entries if entry.pile]
    counted = InboxEntry.objects.filter(pile__in=piles).order_by().values_list("pile").annotate(n=Count("pk"))
    return {pile: n for pile, n in counted if n > 1}


def pile(account: Account, key: UUID, cursor: Cursor, *, size: int = SIZE) -> Page[InboxEntry]:
    """What one act told a desk, in the order of writing. To others there is no such pile."""
    mine = Q(pk__in=[])
    for box in boxes(account):
        mine |= box
    entries = InboxEntry.objects.filter(mine, pile=key).select_related("case__officer", "case__unit")
    rows, longer = read(entries, cursor, keys=("id",), descending=False, size=size)
    if not rows and not cursor.values:
        raise NotFound
    return bounded(rows, cursor, more=longer, keys=("id",))


def mark_read(account: Account, *, to: int) -> None:
    """All messages up to this one have been seen. A mark never goes back."""
    InboxMark.objects.get_or_create(account=account)
    InboxMark.objects.filter(account=account).update(read_to=Greatest("read_to", to))
