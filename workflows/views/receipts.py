"""Receipts: the lists my departments were asked to confirm, what is late, and what was confirmed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.http import AuthenticatedRequest
from workflows import receipts
from workflows.paging import Cursor, page


@require_safe
def receipt_list(request: AuthenticatedRequest) -> HttpResponse:
    mine = receipts.visible(request.user)
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "waiting": list(mine.filter(receipts.OPEN).order_by("due_at", "pk")[:100]),
        "page": page(mine.exclude(receipts.OPEN), cursor),
    }
    return render(request, "workflows/receipts.html", context)
