"""Who may stop and start the clock of a case, and what the ledger says of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from people.models import Account
from people.refusals import Clash, NotPermitted, Unfit
from people.roles import Role
from people.stand_ins import places
from workflows import clock as clocks
from workflows import ledger
from workflows.calendars import Calendar, local_day
from workflows.ledger import Why
from workflows.models import Case, ItemChange, WorkItem


@dataclass(slots=True, kw_only=True)
class PauseRow:
    """One pause as it is read."""

    since: datetime
    reason: str
    by: str
    expected: date | None
    until: datetime | None = None
    ended_by: str = ""
    note: str = ""


def pauser(case: Case, account: Account) -> Account | None:
    """The account, or the one it stands in for, that may stop the clock: personnel, never on a case of its own."""
    for place in (account, *places(account)):
        own = place.barred_officers if place.deputy else {place.officer_id}
        if place.may(Role.HR, case.unit_path) and (case.officer_id is None or case.officer_id not in own):
            return place
    return None


def pause(case: Case, *, actor: Account, reason: str, expected: date | None = None) -> None:
    clock, place = clocks.now(), _permitted(case, actor)
    if expected is not None and expected <= clock.day:
        raise Unfit(_("预计恢复的日期应在今天之后"))
    if not ledger.pause([case.pk], actor=place, clock=clock, note=reason, expected=expected):
        raise Clash(_("没有正在计时的待办"))


def resume(case: Case, *, actor: Account, reason: str = "") -> None:
    if not ledger.resume([case.pk], actor=_permitted(case, actor), clock=clocks.now(), note=reason):
        raise Clash(_("没有暂停的待办"))


def _permitted(case: Case, actor: Account) -> Account:
    place = pauser(case, actor)
    if place is None:
        raise NotPermitted
    return place


def pauses(case_id: UUID) -> list[PauseRow]:
    """Each pause of a case's work, newest first, in one read. Items that were stopped together are one pause."""
    changes = ItemChange.objects.filter(item__case=case_id, why__in=(Why.PAUSED, Why.RESUMED)).order_by("id")
    rows: dict[datetime, PauseRow] = {}
    open_rows: dict[int, PauseRow] = {}
    for change in changes.select_related("actor__officer"):
        who = change.actor.shown_name
        if change.why == Why.PAUSED:
            row = PauseRow(since=change.at, reason=change.note, by=who, expected=change.expected)
            open_rows[change.item_id] = rows.setdefault(change.at, row)
        elif row_ := open_rows.pop(change.item_id, None):
            row_.until, row_.ended_by, row_.note = change.at, who, change.note
    return list(reversed(rows.values()))


def unpublished(items: list[WorkItem], calendar: Calendar) -> list[int]:
    """The years whose holidays are not published yet and on which provisional deadlines hang."""
    years = {
        year
        for item in items
        if item.provisional
        for year in range(item.counted_from.year, local_day(item.due_at).year + 1)
        if not calendar.published(year)
    }
    return sorted(years)
