"""What a policy would do before it does it: reports are made by jobs, read, filtered and taken along as files."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linkage import access, report_exports, report_jobs, report_pages
from linkage.forms import BacktestForm, ReportForm
from linkage.models import ReportKind
from people.http import AuthenticatedRequest
from workflows import jobs, list_exports, paging
from workflows.views.exports import said


@require_GET
def reports(request: AuthenticatedRequest) -> HttpResponse:
    """The reports made, newest first."""
    if not access.may_read(request.user):
        raise Http404
    found = access.reports(request.user)
    cursor = paging.Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {"page": paging.page(found, cursor), "total": found.count(), "may_make": access.may_decide(request.user)}
    return render(request, "linkage/reports.html", context)


@require_http_methods(["GET", "POST"])
def make(request: AuthenticatedRequest) -> HttpResponse:
    """Ask for a report; a job makes it."""
    if not access.may_decide(request.user):
        raise Http404
    known = {name: request.GET[name] for name in ("policy", "cycle") if name in request.GET}
    over_all = request.POST.get("kind") == ReportKind.BACKTEST
    forms: dict[str, Form] = {
        "form": ReportForm(initial={"as_of": timezone.localdate(), **known}),
        "backtest_form": BacktestForm(initial=known, prefix="all"),
    }
    if request.method == "POST":
        name = "backtest_form" if over_all else "form"
        forms[name] = BacktestForm(request.POST, prefix="all") if over_all else ReportForm(request.POST)
        if forms[name].is_valid():
            return _started(request, report_jobs.BACKTEST if over_all else report_jobs.PREVIEW, forms[name])
    return render(request, "linkage/make_report.html", forms, status=422 if request.method == "POST" else 200)


def _started(request: AuthenticatedRequest, kind: str, form: Form) -> HttpResponse:
    said = form.cleaned_data
    policy = said["policy"]
    args = {"policy": policy.pk, "code": policy.code, "version": policy.version}
    if "cycle" in said:
        args |= {"cycle": said["cycle"].code, "as_of": said["as_of"].isoformat()}
    job = jobs.start(kind, actor=request.user, args=args, path=access.home(request.user))
    return redirect("workflows:job", number=job.pk)


@require_GET
def report(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One report: figures first, the names behind each of them a click away."""
    found = access.readable_report(request.user, pk)
    if found.kind == ReportKind.BACKTEST:
        return render(request, "linkage/backtest.html", report_pages.backtest_page(request, found))
    return render(request, "linkage/report.html", report_pages.report_page(request, found))


@require_GET
def names(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The names behind a figure, also as a file: at once, or by a job where there are many."""
    found = access.readable_report(request.user, pk)
    if form := request.GET.get("export", ""):
        asked = {**said(request.GET), "report": str(pk)}
        answer = list_exports.at_once(report_exports.LIST, request.user, asked, "csv" if form == "csv" else "xlsx")
        if answer is not None:
            return answer
        messages.info(request, _("名单太长，请用“在后台导出”。"))
    return render(request, "linkage/report_names.html", report_pages.names_page(request, found))


@require_GET
def near(request: AuthenticatedRequest, pk: int, number: int, side: str) -> HttpResponse:
    """Who sits within one of a threshold."""
    found = access.readable_report(request.user, pk)
    rows = found.content.get("sensitivity", [])
    if number >= len(rows) or side not in ("inside", "outside"):
        raise Http404
    return render(request, "linkage/report_near.html", report_pages.near_page(request, found, rows[number], side))
