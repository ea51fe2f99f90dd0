"""The in-app messages of my desks and of myself."""

from uuid import UUID

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
    sizes = messages.sizes(page.rows)
    rows = [(entry, sizes.get(entry.pile) if entry.pile else None) for entry in page.rows]
    context = {
        "page": page,
        "rows": rows,
        "read_to": messages.read_to(request.user),
        "newest": page.rows[0].pk if page.rows else 0,
    }
    return render(request, "workflows/messages.html", context)


@require_safe
def pile(request: AuthenticatedRequest, key: UUID) -> HttpResponse:
    """The list behind one message of a department."""
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    page = messages.pile(request.user, key, cursor)
    count = messages.sizes(page.rows[:1]).get(key, 1)
    return render(request, "workflows/pile.html", {"page": page, "count": count})


@require_POST
def mark_read(request: AuthenticatedRequest) -> HttpResponse:
    """Everything up to the newest message that was on the page; what came since stays new."""
    to = request.POST.get("to", "")
    if to.isdecimal() and len(to) < 19:
        messages.mark_read(request.user, to=int(to))
        toasts.success(request, _("消息已全部标为已读。"))
    return redirect("workflows:messages")
