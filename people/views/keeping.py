"""What personnel and administrators do about an officer: post him elsewhere, open and close his account."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import access
from people.actions import Post, close_account, move_officer, open_account, reopen_account
from people.actions.moves import MOVERS
from people.forms.people import MoveForm, ReasonForm
from people.http import AuthenticatedRequest, posted
from people.models import Account, Officer, RoleGrant
from people.refusals import Refused
from people.roles import Role


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: AuthenticatedRequest, badge: str) -> HttpResponse:
    officer = access.find_officer(request.user, badge, *MOVERS)
    units = access.visible_units(request.user, *MOVERS)
    form = MoveForm(posted(request), units=units, initial={"post_type": officer.post_type})
    if form.is_valid() and _moved(request, form, officer):
        told = {"who": officer.name, "unit": officer.unit.name}
        messages.success(request, _("已登记%(who)s调动至%(unit)s。未办结的主管待办已随之转交。") % told)
        return _to_person(request, badge)
    return render(request, "people/move.html", {"officer": officer, "form": form})


def _moved(request: AuthenticatedRequest, form: MoveForm, officer: Officer) -> bool:
    said = form.cleaned_data
    to = Post(unit=said["unit"], post_type=said["post_type"], is_leader=said["is_leader"])
    try:
        move_officer(officer=officer, to=to, day=said["day"], actor=request.user, note=said["reason"])
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _to_person(request: AuthenticatedRequest, badge: str) -> HttpResponse:
    """To his record where the mover may read it, else to his account."""
    readable = access.visible_officers(request.user).filter(badge=badge).exists()
    return redirect("people:record" if readable else "people:keep", badge=badge)


@require_safe
def keep(request: AuthenticatedRequest, badge: str) -> HttpResponse:
    return _shown(request, access.find_officer(request.user, badge, Role.ADMINISTRATOR), ReasonForm())


@require_POST
def open_his_account(request: AuthenticatedRequest, badge: str) -> HttpResponse:
    """Opens it and shows the first password, this once."""
    officer = access.find_officer(request.user, badge, Role.ADMINISTRATOR)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, officer, form)
    try:
        opened = open_account(officer=officer, actor=request.user, note=form.cleaned_data["reason"])
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("people:keep", badge=badge)
    return render(request, "people/account_opened.html", {"officer": officer, "opened": opened})


@require_POST
def switch_his_account(request: AuthenticatedRequest, badge: str) -> HttpResponse:
    """Closes or reopens: `active` says which is meant, so that a second click undoes nothing."""
    officer = access.find_officer(request.user, badge, Role.ADMINISTRATOR)
    account = Account.objects.filter(officer=officer).first()
    if account is None:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, officer, form)
    act = reopen_account if request.POST.get("active") == "1" else close_account
    try:
        act(account=account, actor=request.user, note=form.cleaned_data["reason"])
    except Refused as refused:
        form.add_error(None, str(refused))
        return _shown(request, officer, form)
    messages.success(request, _("账户已恢复。") if account.is_active else _("账户已停用，登录与令牌随即失效。"))
    return redirect("people:keep", badge=badge)


def _shown(request: AuthenticatedRequest, officer: Officer, form: ReasonForm) -> HttpResponse:
    account = Account.objects.filter(officer=officer).first()
    grants = RoleGrant.objects.in_force(timezone.localdate()).filter(account=account).select_related("unit")
    return render(
        request,
        "people/keep.html",
        {"officer": officer, "account": account, "grants": grants if account else [], "form": form},
    )
