"""Stand-ins and absences: my own, and those of the people of a unit I keep."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from people import access, stand_ins
from people.actions import end_absence, end_stand_in, set_absence, set_stand_in
from people.actions.stand_ins import KEEPERS, may_keep
from people.forms.stand_ins import DaysForm, StandInForm
from people.http import AuthenticatedRequest
from people.models import Absence, Account, StandIn
from people.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: AuthenticatedRequest) -> HttpResponse:
    return _page(request, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def of_officer(request: AuthenticatedRequest, badge: str) -> HttpResponse:
    """For somebody who is absent and cannot do it himself."""
    officer = access.find_officer(request.user, badge, *KEEPERS)
    account = Account.objects.select_related("officer__unit").filter(officer=officer).first()
    if account is None:
        raise Http404
    return _page(request, account)


def _page(request: AuthenticatedRequest, account: Account) -> HttpResponse:
    what = request.POST.get("what", "") if request.method == "POST" else ""
    stand_in = StandInForm(request.POST if what == "stand_in" else None, principal=account, prefix="s")
    absence = DaysForm(request.POST if what == "absence" else None, prefix="a")
    if (what == "stand_in" and _stand_in_set(request, stand_in)) or (
        what == "absence" and _absence_set(request, absence, account)
    ):
        return redirect(request.path)
    today = timezone.localdate()
    context = {
        "account": account,
        "own": account.pk == request.user.pk,
        "set_for": stand_ins.set_for(account, today),
        "set_on": stand_ins.set_on(account, today),
        "absences": stand_ins.absences_of(account, today),
        "today": today,
        "stand_in": stand_in,
        "absence": absence,
        "failed": stand_in if what == "stand_in" else absence,
        "lendable": stand_in["grant"].field.queryset.exists(),  # type: ignore[attr-defined]
    }
    return render(request, "people/stand_ins.html", context, status=422 if what else 200)


def _stand_in_set(request: AuthenticatedRequest, form: StandInForm) -> bool:
    if not form.is_valid():
        return False
    try:
        row = set_stand_in(**form.cleaned_data, actor=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    told = {"who": row.substitute.shown_name, "role": row.get_role_display()}
    messages.success(request, _("已设置代理：%(who)s，%(role)s。") % told)
    return True


def _absence_set(request: AuthenticatedRequest, form: DaysForm, account: Account) -> bool:
    if not form.is_valid():
        return False
    try:
        set_absence(account=account, **form.cleaned_data, actor=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("已登记外出。"))
    return True


@require_POST
def end(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(StandIn.objects.select_related("principal__officer__unit", "substitute"), pk=pk)
    if request.user.pk != row.substitute_id and not may_keep(request.user, row.principal):
        raise Http404
    try:
        end_stand_in(stand_in=row, actor=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("代理已结束，即刻生效。"))
    return _back(request, row.principal if request.user.pk != row.substitute_id else request.user)


@require_POST
def end_away(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Absence.objects.select_related("account__officer__unit"), pk=pk)
    if not may_keep(request.user, row.account):
        raise Http404
    try:
        end_absence(absence=row, actor=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("外出已结束。"))
    return _back(request, row.account)


def _back(request: AuthenticatedRequest, account: Account) -> HttpResponse:
    if account.pk == request.user.pk or account.officer is None:
        return redirect("people:stand_ins")
    return redirect("people:stand_ins_of", badge=account.officer.badge)
