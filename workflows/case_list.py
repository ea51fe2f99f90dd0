"""The list of cases as its page and its export show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Account, Unit
from workflows import access, exports, kinds, list_exports, standing
from workflows import clock as clocks
from workflows.calendars import Clock, local_day
from workflows.kinds import Kind
from workflows.list_exports import CHUNK, LONGEST, ListExport, Table
from workflows.models import Case, WorkItem
from workflows.words import item_due

STANDINGS = ("open", "closed", "all")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What of the cases is listed. Kept in the address, and used by the export."""

    kind: str = ""
    state: str = ""
    unit: str = ""
    standing: str = "open"
    q: str = ""

    @property
    def narrowed(self) -> bool:
        return self != Filter()


def read_filter(asked: Mapping[str, str]) -> Filter:
    """A value that means nothing filters nothing."""
    said = {name: asked.get(name, "").strip() for name in ("kind", "state", "unit", "standing", "q")}
    kind = kinds.find(said["kind"])
    states = [value for value, _label in states_of(kind)]
    return Filter(
        kind=kind.name if kind else "",
        state=said["state"] if said["state"] in states else "",
        unit=said["unit"][:20],
        standing=said["standing"] if said["standing"] in STANDINGS else "open",
        q=said["q"][:50].replace("\x00", ""),
    )


def states_of(kind: Kind | None) -> list[tuple[str, Any]]:
    states: Any = getattr(kind.model, "State", None) if kind else None
    return list(states.choices) if states else []


def matching(rows: QuerySet[Case], chosen: Filter) -> QuerySet[Case]:
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.standing != "all":
        rows = rows.filter(closed_at__isnull=chosen.standing == "open")
    if chosen.unit:
        path = Unit.objects.filter(code=chosen.unit).values_list("path", flat=True).first()
        rows = rows.filter(unit_path__startswith=path) if path else rows.none()
    if chosen.q:
        officer = Q(officer__badge__startswith=chosen.q) | Q(officer__name__contains=chosen.q)
        rows = rows.filter(officer | Q(unit__name__contains=chosen.q) | Q(unit__code=chosen.q))
    return rows


def first_items(cases: Sequence[Case]) -> dict[UUID, WorkItem]:
    """The open work of each case that is due first."""
    items = WorkItem.objects.filter(case__in=[case.pk for case in cases], closed_at=None)
    return {item.case_id: item for item in items.order_by("case", "due_at").distinct("case")}


def rows_of(account: Account, chosen: Filter) -> QuerySet[Case]:
    return matching(access.visible(account), chosen).select_related("officer__unit", "unit")


def table(account: Account, asked: Mapping[str, str]) -> Table:
    """Every row of the filter, never one page of it."""
    rows = rows_of(account, read_filter(asked))
    head = [*exports.subject_head(), _("类别"), _("事项"), _("状态"), _("开立"), _("期限"), _("说明"), _("办结")]
    count = rows.order_by()[: LONGEST + 1].count()
    return Table(name=_("事项"), head=head, lines=lines(rows, clocks.now()), count=count)


def lines(rows: QuerySet[Case], clock: Clock) -> Iterator[list[str]]:
    cases = rows.order_by("-id").iterator(chunk_size=CHUNK)
    while found := list(islice(cases, CHUNK)):
        first = first_items(found)
        for case in found:
            yield line(case, first.get(case.pk), clock)


def line(case: Case, item: WorkItem | None, clock: Clock) -> list[str]:
    kind = kinds.find(case.kind)
    left = item_due(item, clock) if item else None
    return [
        *exports.subject(case),
        str(kind.title) if kind else case.kind,
        case.title,
        standing.state_label(kind, case.state) if kind else case.state,
        local_day(case.opened_at).isoformat(),
        left.iso if left else "",
        left.words if left else "",
        local_day(case.closed_at).isoformat() if case.closed_at else "",
    ]


def offer() -> None:
    """Called from the app's `ready`."""
    list_exports.offer(
        ListExport(
            name="cases",
            title=gettext_lazy("全部事项"),
            fields=("kind", "state", "unit", "standing"),
            texts=("q",),
            may=lambda account: access.visible(account).exists(),
            table=table,
        )
    )
