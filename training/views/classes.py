"""Classes and their lists, for the training unit and HR."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Max, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.access import NotFound, log_looks
from people.http import AuthenticatedRequest
from people.models import Officer
from training import access, actions, queries, sheets
from training.models import ClassSession
from training.page_forms import ReceiptForm, SessionForm
from workflows.paging import Cursor, page
from workflows.refusals import Unmet

FILES = {"xlsx": (sheets.xlsx, sheets.XLSX), "csv": (sheets.text, sheets.CSV)}


def carer(request: AuthenticatedRequest) -> None:
    """These pages are for the training unit and HR; for anybody else there is no such page."""
    if not request.user.paths(*access.CARERS):
        raise NotFound


@require_safe
def class_list(request: AuthenticatedRequest) -> HttpResponse:
    carer(request)
    past = request.GET.get("when") == "past"
    today = timezone.localdate()
    sessions = access.sessions(request.user)
    chosen = sessions.filter(ends_on__lt=today) if past else sessions.filter(ends_on__gte=today)
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    found = page(chosen, cursor, keys=("starts_on", "id"), descending=past)
    context = {"rows": _rows(found.rows, chosen), "page": found, "past": past}
    return render(request, "training/classes.html", context)


def _rows(found: object, chosen: QuerySet[ClassSession]) -> list[object]:
    keys = [session.pk for session in found]  # type: ignore[attr-defined]
    rows = {row.session.pk: row for row in queries.classes(chosen.filter(pk__in=keys))}
    return [rows[key] for key in keys]


@require_safe
def class_page(request: AuthenticatedRequest, key: int) -> HttpResponse:
    """The class with a version of its list: what changed, and whether its receipt is there."""
    session = access.get_session(request.user, key)
    version = request.GET.get("version", "")
    shown = queries.class_page(session, int(version) if version.isdecimal() and len(version) < 6 else None)
    if version and shown.listed is None:
        raise Http404
    if shown.listed:
        _log(request, [row["badge"] for row in shown.listed.rows])
    changed = request.GET.get("change", "")
    rows = [row for row in shown.rows if not changed or row.change == changed]
    context = {
        "shown": shown,
        "session": session,
        "rows": rows,
        "changed": changed,
        "trains": access.may_train(request.user, session),
        "begun": timezone.localdate() >= session.starts_on,
    }
    return render(request, "training/class.html", context)


def _log(request: AuthenticatedRequest, badges: list[str]) -> None:
    officers = Officer.objects.filter(badge__in=badges).select_related("unit")
    log_looks(request.user, officers, page="training:class")


@require_http_methods(["GET", "HEAD", "POST"])
def new_class(request: AuthenticatedRequest) -> HttpResponse:
    carer(request)
    form = SessionForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        session = form.save(commit=False)
        last = ClassSession.objects.filter(course=session.course).aggregate(last=Max("number"))["last"]
        session.number = (last or 0) + 1
        session.save()
        messages.success(request, _("已开班：%s。") % session)
        return redirect("training:class", session.pk)
    return render(request, "training/new_class.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def issue(request: AuthenticatedRequest, key: int) -> HttpResponse:
    session = access.get_session(request.user, key)
    try:
        listed = actions.issue_list(session, actor=request.user)
        messages.success(request, _("已发出名册第 %(version)s 版，%(count)s 人。") % vars(listed))
    except Unmet as unmet:
        messages.error(request, str(unmet))
    return redirect("training:class", key)


@require_POST
def confirm(request: AuthenticatedRequest, key: int, version: int) -> HttpResponse:
    listed = access.get_list(request.user, key, version)
    form = ReceiptForm(request.POST)
    try:
        if not form.is_valid():
            raise Unmet(_("人数或校验码与第 %d 版不一致，请重新下载后核对") % version)
        actions.confirm_list(listed, actor=request.user, **form.cleaned_data)
        messages.success(request, _("已确认收到 %d 人。") % listed.count)
    except Unmet as unmet:
        messages.error(request, _("没有确认。%s。") % unmet)
    return redirect("training:class", key)


@require_safe
def download(request: AuthenticatedRequest, key: int, version: int, suffix: str) -> HttpResponse:
    """The list as a file: the same version is the same file, whenever one asks."""
    listed = access.get_list(request.user, key, version)
    _log(request, [row["badge"] for row in listed.rows])
    make, kind = FILES[suffix]
    name = content_disposition_header(as_attachment=True, filename=sheets.file_name(listed, suffix)) or "attachment"
    return HttpResponse(make(listed), content_type=kind, headers={"Content-Disposition": name})


@require_safe
def sign_in_sheet(request: AuthenticatedRequest, key: int) -> HttpResponse:
    """A sheet to print and sign: every name of the latest version, a column for each day."""
    session = access.get_session(request.user, key)
    shown = queries.class_page(session)
    if shown.listed is None:
        raise Http404
    _log(request, [row["badge"] for row in shown.listed.rows])
    days = [session.starts_on + timedelta(days=n) for n in range((session.ends_on - session.starts_on).days + 1)]
    return render(
        request,
        "training/sign_in.html",
        {"session": session, "listed": shown.listed, "days": days[:10], "rows": shown.listed.rows},
    )
