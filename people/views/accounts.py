"""My own account: what I may do, my password, my API tokens."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.actions import issue_token, revoke_token
from people.forms.people import TokenForm
from people.http import AuthenticatedRequest, posted
from people.models import AccessLog, ApiToken, RoleGrant
from people.refusals import Refused


@require_safe
def show(request: AuthenticatedRequest) -> HttpResponse:
    account = request.user
    now = timezone.now()
    return render(
        request,
        "people/account.html",
        {
            "grants": RoleGrant.objects.in_force(timezone.localdate()).filter(account=account).select_related("unit"),
            "tokens": [(token, token.is_live(now)) for token in ApiToken.objects.filter(account=account)],
            "looks": AccessLog.objects.filter(officer=account.officer).count() if account.officer else 0,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("issued")
def new_token(request: AuthenticatedRequest) -> HttpResponse:
    form = TokenForm(posted(request))
    if not form.is_valid():
        return render(request, "people/token_new.html", {"form": form})
    said = form.cleaned_data
    issued = issue_token(
        account=request.user, name=said["name"], scope=said["scope"], lasts=form.lasts, actor=request.user
    )
    # Not a redirect: the secret must neither be kept in the session nor be shown a second time.
    response = render(request, "people/token_issued.html", {"issued": issued})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def end_token(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.select_related("account__officer"), pk=pk, account=request.user)
    try:
        revoke_token(token=token, actor=request.user)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("令牌“%(name)s”已撤销。") % {"name": token.name})
    return redirect("people:account")
