"""The list of cases and the page of one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from people.access import RECORD_READERS, log_looks
from people.http import AuthenticatedRequest
from people.models import Account
from workflows import access, exports, kinds, list_exports, queries
from workflows import clock as clocks
from workflows.case_list import first_items, read_filter, rows_of, states_of
from workflows.desk import CAP
from workflows.models import Case
from workflows.paging import Cursor, page
from workflows.views.desk import part, units
from workflows.views.exports import export
from workflows.words import capped


@require_safe
def case_list(request: AuthenticatedRequest) -> HttpResponse:
    if request.GET.get("export") in exports.FORMATS:
        return export(request, "cases")
    clock, chosen = clocks.now(), read_filter(request.GET)
    rows = rows_of(request.user, chosen)
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    found = page(rows, cursor)
    first = first_items(found.rows)
    kind = kinds.find(chosen.kind)
    count = rows.order_by()[: CAP + 1].count()
    context = {
        "clock": clock,
        "chosen": chosen,
        "page": found,
        "rows": [{"case": case, "item": first.get(case.pk)} for case in found.rows],
        "kind": kind,
        "kinds": list(kinds.registered()),
        "states": states_of(kind),
        "units": units(request.user),
        "total": capped(count, CAP),
        "many": count > list_exports.MANY,
        "list": "cases",
    }
    return render(request, part(request, "workflows/cases.html", "case-list"), context)


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
