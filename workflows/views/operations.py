"""How the machinery stands, for administrators: they see no content of any case."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from people.http import AuthenticatedRequest
from workflows import canary, clockwork, operations, outbox
from workflows.models import OutboxMessage
from workflows.views.desk import part

REASON_LENGTH = 300


@require_safe
def overview(request: AuthenticatedRequest) -> HttpResponse:
    only_for_administrators(request)
    template = part(request, "workflows/operations.html", "ops-figures")
    context = {"figures": operations.figures(), "now": timezone.localtime()}
    if "#" not in template:
        context |= {
            "dead": operations.dead_letters(),
            "services": operations.services(),
            "late": clockwork.by_department(),
            "turns": clockwork.last_turns(),
            "jobs": clockwork.jobs(),
            "canary": canary.newest(),
            "years": operations.years(),
            "anchor": operations.anchor(),
            "unfit": request.GET.get("unfit", ""),
        }
    return render(request, template, context)


@require_POST
def replay(request: AuthenticatedRequest) -> HttpResponse:
    """Send dead messages once more. The reason is kept with each."""
    only_for_administrators(request)
    reason = request.POST.get("reason", "").strip()[:REASON_LENGTH]
    chosen = [int(text) for text in request.POST.getlist("message") if text.isdecimal() and len(text) < 19]
    if not reason or not chosen:
        messages.error(request, _("没有重发：请选择消息，并写明原因。"))
        return redirect("workflows:operations")
    sent = sum(replayed(number, request, reason) for number in chosen[: operations.SHOWN])
    messages.success(request, ngettext("已重发 %d 条。", "已重发 %d 条。", sent) % sent)
    return redirect("workflows:operations")


def replayed(number: int, request: AuthenticatedRequest, reason: str) -> bool:
    try:
        outbox.replay(number, actor=request.user, reason=reason)
    except (OutboxMessage.DoesNotExist, outbox.NotReplayable):
        return False
    return True


def only_for_administrators(request: AuthenticatedRequest) -> None:
    if not operations.administers(request.user):
        raise Http404
