"""The pages of this app: a certificate to print."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from people.access import log_looks
from people.http import AuthenticatedRequest
from rewards import queries
from workflows import clock as clocks


@require_safe
@cache_control(private=True, no_store=True)
def certificate(request: AuthenticatedRequest, case_id: UUID) -> HttpResponse:
    shown = queries.certificate(request.user, case_id)
    if shown.case.officer:
        log_looks(request.user, [shown.case.officer], page="rewards:certificate")
    return render(request, "rewards/certificate.html", {"shown": shown, "case": shown.case, "clock": clocks.now()})
