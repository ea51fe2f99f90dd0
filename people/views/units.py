"""The tree of units, who may see what of each, and giving and taking back roles there."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people import access, queries_units
from people.actions import end_grant, grant_role
from people.actions.grants import may_grant
from people.forms.people import GrantForm, ReasonForm
from people.http import AuthenticatedRequest, posted
from people.models import Account, RoleGrant, Unit
from people.refusals import Refused
from people.roles import Role


@require_safe
def show_tree(request: AuthenticatedRequest) -> HttpResponse:
    account = request.user
    if not account.holds(*access.UNIT_READERS):
        raise Http404
    tree = queries_units.tree(access.visible_units(account, *access.UNIT_READERS))
    rows = [
        (branch, holds(account, access.PEOPLE_FINDERS, branch.unit), holds(account, access.ACCESS_READERS, branch.unit))
        for branch in tree
    ]
    return render(request, "people/units.html", {"rows": rows})


def holds(account: Account, roles: Sequence[str], unit: Unit) -> bool:
    return any(unit.path.startswith(path) for path in account.paths(*roles))


@require_safe
def show_access(request: AuthenticatedRequest, code: str) -> HttpResponse:
    unit = access.get_unit(request.user, code, *access.ACCESS_READERS)
    return render(
        request,
        "people/unit_access.html",
        {
            "unit": unit,
            "sights": queries_units.sights(unit, timezone.localdate(), reader=request.user),
            "grantable": may_grant(request.user, unit.path),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def give_role(request: AuthenticatedRequest, code: str) -> HttpResponse:
    unit = access.get_unit(request.user, code, Role.ADMINISTRATOR)
    form = GrantForm(posted(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            grant = grant_role(
                account=said["username"],
                role=said["role"],
                unit=unit,
                to_day=said["to_day"],
                reason=said["reason"],
                actor=request.user,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            told = {"who": grant.account.shown_name, "role": grant.get_role_display()}
            messages.success(request, _("已授予%(who)s：%(role)s。") % told)
            return redirect("people:unit_access", code=code)
    return render(request, "people/grant.html", {"unit": unit, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def take_role(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    grants = RoleGrant.objects.select_related("account__officer", "unit")
    grant = get_object_or_404(grants.filter(access.below(request.user.paths(Role.ADMINISTRATOR))), pk=pk)
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            end_grant(grant=grant, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            told = {"who": grant.account.shown_name, "role": grant.get_role_display()}
            messages.success(request, _("已收回%(who)s的角色：%(role)s。") % told)
            return _back(grant)
    return render(
        request,
        "people/grant_end.html",
        {"grant": grant, "form": form, "opens": queries_units.OPENS.get(grant.role, "")},
    )


def _back(grant: RoleGrant) -> HttpResponse:
    return redirect("people:unit_access", code=grant.unit.code) if grant.unit else redirect("people:units")
