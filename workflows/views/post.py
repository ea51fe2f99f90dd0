"""How delivery stands, for administrators: what died on which channel, and which addresses may be reached."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.http import AuthenticatedRequest, posted
from people.refusals import Refused
from workflows import addresses, delivery, parcels
from workflows.forms_post import AddressForm
from workflows.models import AllowedAddress, Parcel
from workflows.outbox import NotReplayable
from workflows.views.operations import REASON_LENGTH, only_for_administrators


@require_safe
def overview(request: AuthenticatedRequest) -> HttpResponse:
    only_for_administrators(request)
    context = {"channels": delivery.channels(), "dead": delivery.dead_parcels(), "refused": addresses.refused()}
    return render(request, "workflows/post.html", context | {"keeps": addresses.may_keep(request.user)})


@require_POST
def replay(request: AuthenticatedRequest) -> HttpResponse:
    only_for_administrators(request)
    reason = request.POST.get("reason", "").strip()[:REASON_LENGTH]
    chosen = [int(text) for text in request.POST.getlist("parcel") if text.isdecimal() and len(text) < 19]
    if not reason or not chosen:
        messages.error(request, _("没有重发：请选择投递，并写明原因。"))
        return redirect("workflows:post")
    sent = sum(_replayed(number, request, reason) for number in chosen[: delivery.SHOWN])
    messages.success(request, ngettext("已重发 %d 份。", "已重发 %d 份。", sent) % sent)
    return redirect("workflows:post")


def _replayed(number: int, request: AuthenticatedRequest, reason: str) -> bool:
    try:
        parcels.replay(number, actor=request.user, reason=reason)
    except (Parcel.DoesNotExist, NotReplayable):
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def allow_list(request: AuthenticatedRequest) -> HttpResponse:
    if not addresses.may_keep(request.user):
        raise Http404
    asked = {"kind": request.GET.get("kind", ""), "value": request.GET.get("value", "")[:300]}
    form = AddressForm(posted(request), initial=asked)
    if form.is_valid():
        try:
            made = addresses.allow(**form.cleaned_data, actor=request.user)
        except Refused as refused:
            form.add_error("value", str(refused))
        else:
            messages.success(request, _("已允许 %s。") % made.value)
            return redirect("workflows:addresses")
    context = {"form": form, "allowed": addresses.in_force(), "refused": addresses.refused()}
    return render(request, "workflows/addresses.html", context)


@require_POST
def end_address(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    if not addresses.may_keep(request.user):
        raise Http404
    address = get_object_or_404(AllowedAddress, pk=pk, ended_at=None)
    addresses.end(address, actor=request.user)
    messages.success(request, _("已停止向 %s 发送。") % address.value)
    return redirect("workflows:addresses")
