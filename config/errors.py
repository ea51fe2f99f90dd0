"""What a page answers when something is not there, or not for this reader: both alike."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from people.access import NotFound
from workflows.access import CaseNotFound

Answer = Callable[[HttpRequest], HttpResponseBase]

HIDDEN = (CaseNotFound, NotFound)


class HiddenIsMissing:
    """Turns "no such case" and "no such person" into the page that says so."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return render(request, "404.html", status=404) if isinstance(exception, HIDDEN) else None
