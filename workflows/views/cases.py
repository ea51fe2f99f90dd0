"""The list of cases and the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.access import RECORD_READERS, log_looks
from people.http import AuthenticatedRequest
from people.models import Account, Unit
from workflows import access, exports, kinds, queries, standing
from workflows import clock as clocks
from workflows.calendars import Clock
from workflows.desk import CAP
from workflows.kinds import Kind
from workflows.models import Case, WorkItem
from workflows.paging import Cursor, page
from workflows.views.desk import EXPORTED, part, units
from workflows.words import capped, item_due

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


def read_filter(request: AuthenticatedRequest) -> Filter:
    """A value that means nothing filters nothing."""
    said = {name: request.GET.get(name, "").strip() for name in ("kind", "state", "unit", "standing", "q")}
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


@require_safe
def case_list(request: AuthenticatedRequest) -> HttpResponse:
    clock, chosen = clocks.now(), read_filter(request)
    rows = matching(access.visible(request.user), chosen).select_related("officer__unit", "unit")
    if request.GET.get("export") in exports.FORMATS:
        return export(request, rows, clock)
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    found = page(rows, cursor)
    first = first_items(found.rows)
    kind = kinds.find(chosen.kind)
    context = {
        "clock": clock,
        "chosen": chosen,
        "page": found,
        "rows": [{"case": case, "item": first.get(case.pk)} for case in found.rows],
        "kind": kind,
        "kinds": list(kinds.registered()),
        "states": states_of(kind),
        "units": units(request.user),
        "total": capped(rows.order_by()[: CAP + 1].count(), CAP),
    }
    return render(request, part(request, "workflows/cases.html", "case-list"), context)


def first_items(cases: Sequence[Case]) -> dict[UUID, WorkItem]:
    """The open work of each case that is due first."""
    items = WorkItem.objects.filter(case__in=[case.pk for case in cases], closed_at=None)
    return {item.case_id: item for item in items.order_by("case", "due_at").distinct("case")}


def export(request: AuthenticatedRequest, rows: QuerySet[Case], clock: Clock) -> HttpResponse:
    """Every row of the filter, never one page of it."""
    found = list(rows.order_by("-id")[: EXPORTED + 1])
    first = first_items(found[:EXPORTED])
    head = [*exports.subject_head(), _("类别"), _("事项"), _("状态"), _("开立"), _("期限"), _("说明"), _("办结")]
    lines = [line(case, first.get(case.pk), clock) for case in found[:EXPORTED]]
    if len(found) > EXPORTED:
        lines.append([_("只导出了前 %d 件，请缩小筛选范围。") % EXPORTED])
    return exports.answer(request.GET["export"], _("事项"), head, lines)


def line(case: Case, item: WorkItem | None, clock: Clock) -> list[str]:
    kind = kinds.find(case.kind)
    left = item_due(item, clock) if item else None
    return [
        *exports.subject(case),
        str(kind.title) if kind else case.kind,
        case.title,
        standing.state_label(kind, case.state) if kind else case.state,
        case.opened_at.date().isoformat(),
        left.iso if left else "",
        left.words if left else "",
        case.closed_at.date().isoformat() if case.closed_at else "",
    ]


@require_safe
def case_page(request: AuthenticatedRequest, case_id: UUID) -> HttpResponse:
    case = access.get_case(request.user, case_id)
    if case.officer:
        log_looks(request.user, [case.officer], page="workflows:case")
    return render(request, "workflows/case.html", case_context(request, case))


def case_context(request: AuthenticatedRequest, case: Case) -> dict[str, Any]:
    """What the page of a case needs; also its parts, after a step."""
    clock = clocks.now()
    shown = queries.case_page(case, request.user, clock, whole="all" in request.GET)
    record = record_of(case, request.user)
    return {"clock": clock, "shown": shown, "case": case, "kind": shown.kind, "record_url": record}


def record_of(case: Case, account: Account) -> str:
    """The page of the subject's whole record, for whom `people.access.visible_officers` would show him."""
    officer = case.officer
    if officer is None:
        return ""
    open_to = officer.pk == account.officer_id or any(account.may(role, officer.unit.path) for role in RECORD_READERS)
    return reverse("people:record", args=[officer.badge]) if open_to else ""
