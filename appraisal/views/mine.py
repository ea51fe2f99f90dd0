"""The officer's own page: his results, his figures beside his group, his facts and his rights."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from appraisal.access import not_found
from appraisal.pages import mine
from people.http import AuthenticatedRequest


@require_safe
def show_mine(request: AuthenticatedRequest) -> HttpResponse:
    """Only what is his. Somebody without an officer has no such page."""
    officer = request.user.officer
    if officer is None:
        raise not_found()
    return render(request, "appraisal/mine.html", mine(officer, request.GET.get("cycle", "")))
