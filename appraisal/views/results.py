"""The results of a cycle as a list, and the page of one result: its rows, and correcting it."""

from collections.abc import Mapping
from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appraisal import result_list
from appraisal.access import get_subject, not_found, readable_cycle
from appraisal.actions import correct_result
from appraisal.actions.results import Said, latest, path_of
from appraisal.forms import CorrectionForm
from appraisal.grades import grades
from appraisal.models import Cycle, ResultStatus
from appraisal.queries import result_rows, scheme_of
from appraisal.result_list import matching, read_filter
from appraisal.views.said import said
from people.access import RECORD_READERS, visible_units
from people.http import AuthenticatedRequest
from people.models import Account, Officer, Unit
from people.refusals import Refused
from people.roles import Role
from workflows import exports, list_exports
from workflows.paging import Cursor, page
from workflows.views.exports import too_long

UNITS = 200  # offered in the filter


def record_reader(request: AuthenticatedRequest, code: str) -> Cycle:
    if not request.user.holds(*RECORD_READERS):
        raise not_found()
    return readable_cycle(request.user, code)


@require_safe
def show_results(request: AuthenticatedRequest, code: str) -> HttpResponse:
    cycle = record_reader(request, code)
    chosen = read_filter(request.GET)
    rows = matching(cycle, request.user, chosen)
    total = rows.count()
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    return render(
        request,
        "appraisal/results.html",
        {
            "cycle": cycle,
            "chosen": chosen,
            "total": total,
            "many": total > list_exports.MANY,
            "page": page(rows, cursor, keys=("id",), descending=False),
            "statuses": ResultStatus.choices,
            "units": visible_units(request.user).order_by("path")[:UNITS],
            "grades": dict.fromkeys([*grades(cycle.kind, unit=False), *grades(cycle.kind, unit=True)]),
            "query": request.GET.urlencode(),
        },
    )


@require_safe
def export_results(request: AuthenticatedRequest, code: str, form: str) -> HttpResponse:
    cycle = record_reader(request, code)
    if form not in exports.FORMATS:
        raise not_found()
    asked = {**request.GET.dict(), "cycle": cycle.code}
    answer = list_exports.at_once(result_list.LIST, request.user, cast(Mapping[str, str], asked), form)
    return answer or too_long(request, reverse("appraisal:results", args=[cycle.code]))


# One result -------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def show_result(request: AuthenticatedRequest, code: str, subject: str) -> HttpResponse:
    cycle = record_reader(request, code)
    found = get_subject(request.user, subject, *RECORD_READERS, page="appraisal:result")
    form = correction_form(request, cycle, found) if may_correct(request.user, found) else None
    if request.method == "POST":
        if form is None:
            raise not_found()
        if form.is_valid() and corrected(request, form, cycle, found):
            messages.success(request, corrected_words(cycle))
            return redirect("appraisal:result", code, subject)
    return render(
        request,
        "appraisal/result.html",
        {"cycle": cycle, "subject": found, "rows": list(result_rows(cycle, found)), "form": form},
        status=422 if form is not None and form.errors else 200,
    )


def may_correct(account: Account, subject: Officer | Unit) -> bool:
    own = isinstance(subject, Officer) and subject.pk == account.officer_id
    return not own and account.may(Role.HR, path_of(subject))


def correction_form(request: AuthenticatedRequest, cycle: Cycle, subject: Officer | Unit) -> CorrectionForm:
    """The form, filled with what holds now. Indicators beside the scheme keep their field, so that none gets lost."""
    before = latest(cycle, subject)
    values = before.indicators if before else {}
    indicators = list(dict.fromkeys([*scheme_of(subject, cycle), *values]))
    initial: dict[str, object] = {f"indicator_{n}": values.get(name) for n, name in enumerate(indicators)}
    if before:
        initial |= {"status": before.status, "grade": before.grade, "score": before.score}
    words = grades(cycle.kind, unit=isinstance(subject, Unit))
    return CorrectionForm(said(request), initial=initial, words=words, indicators=indicators)


def corrected(request: AuthenticatedRequest, form: CorrectionForm, cycle: Cycle, subject: Officer | Unit) -> bool:
    told = form.cleaned_data
    new = Said(status=told["status"], grade=told["grade"], score=told["score"], indicators=form.indicators())
    try:
        correct_result(cycle=cycle, subject=subject, said=new, reason=told["reason"], actor=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def corrected_words(cycle: Cycle) -> str:
    if cycle.is_final:
        return _("已更正，原来的一行保留。周期已定案：再运行一次联动，会显示由此产生的差异，由人确认。")
    return _("已更正，原来的一行保留。")
