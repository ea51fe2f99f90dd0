"""Filing an objection to one's own result or case."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.access import not_found
from appraisal.actions import file_objection
from appraisal.actions.objections import barrier, last_day
from appraisal.forms import ObjectionForm
from appraisal.models import Result
from appraisal.remedies import remedies
from appraisal.views.said import said
from people.http import AuthenticatedRequest
from workflows import clock as clocks
from workflows.calendars import local_day
from workflows.models import Case
from workflows.refusals import Refusal


@require_http_methods(["GET", "HEAD", "POST"])
def object_to_result(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    own = Result.objects.filter(officer=request.user.officer_id, officer__isnull=False)
    result = own.select_related("cycle", "officer__unit").filter(pk=pk).first()
    if result is None:
        raise not_found()
    return _object(request, result)


@require_http_methods(["GET", "HEAD", "POST"])
def object_to_case(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    own = Case.objects.filter(officer=request.user.officer_id, officer__isnull=False)
    case = own.select_related("officer__unit").filter(pk=pk).first()
    if case is None:
        raise not_found()
    return _object(request, case)


def _object(request: AuthenticatedRequest, aim: Result | Case) -> HttpResponse:
    clock = clocks.now()
    barred = barrier(aim, officer_id=request.user.officer_id, clock=clock)
    form = None if barred else ObjectionForm(said(request))
    if request.method == "POST" and form is not None and form.is_valid():
        filed = file_objection(aim, grounds=form.cleaned_data["grounds"], actor=request.user, clock=clock)
        if not isinstance(filed, Refusal):
            messages.success(request, _("已提出异议，政治处会在 5 个工作日内受理"))
            return redirect("workflows:case", filed)
        form.add_error(None, str(filed.words or filed.reason.label))
    known = local_day(aim.at if isinstance(aim, Result) else aim.opened_at)
    context = {
        "aim": aim,
        "result": aim if isinstance(aim, Result) else None,
        "barred": barred,
        "form": form,
        "until": last_day(aim, clock),
        "remedies": remedies(known, clock.calendar),
    }
    failed = request.method == "POST"
    return render(request, "appraisal/objection.html", context, status=422 if failed else 200)
