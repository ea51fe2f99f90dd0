"""Gives each request an id, which its answer, its log lines and the jobs it asks for carry."""

import logging
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponseBase

from config import metrics
from workflows.request_id import taken_or_made, working_for

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
SLOW_SECONDS = 2.0


class RequestId:
    """First of the middlewares: everything that happens for a request happens inside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = taken_or_made(request.headers.get(HEADER, ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        with working_for(request_id):
            begun = perf_counter()
            answer = self.get_response(request)
            self.note(request, answer, perf_counter() - begun)
        answer[HEADER] = request_id
        return answer

    def note(self, request: HttpRequest, answer: HttpResponseBase, seconds: float) -> None:
        route = request.resolver_match.view_name if request.resolver_match else "none"
        metrics.request_answered(request.method or "", route, answer.status_code, seconds)
        if seconds > SLOW_SECONDS or (answer.status_code >= 500 and answer.status_code != 503):
            told = {"route": route, "status": answer.status_code, "seconds": round(seconds, 3)}
            log.warning("a request was slow or failed", extra={"action": "request", **told})
