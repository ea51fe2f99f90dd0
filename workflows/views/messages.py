"""The in-app messages of my desks and of myself."""

from django.contrib import messages as toasts
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.http import AuthenticatedRequest
from workflows import messages
from workflows.paging import Cursor


@require_safe
def inbox(request: AuthenticatedRequest) -> HttpResponse:
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    page = messages.page(request.user, cursor)
    context = {"page": page, "read_to": messages.read_to(request.user), "newest": page.rows[0].pk if page.rows else 0}
    return render(request, "workflows/messages.html", context)


@require_POST
def mark_read(request: AuthenticatedRequest) -> HttpResponse:
    """Everything up to the newest message that was on the page; what came since stays new."""
    to = request.POST.get("to", "")
    if to.isdecimal() and len(to) < 19:
        messages.mark_read(request.user, to=int(to))
        toasts.success(request, _("消息已全部标为已读。"))
    return redirect("workflows:messages")
