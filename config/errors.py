"""What a page answers when something is not there, or not for this reader: both alike."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from people.access import NotFound
from workflows.access import CaseNotFound

Answer = Callable[[HttpRequest], HttpResponseBase]

HIDDEN = (CaseNotFound, NotFound)
NO_TEXT = "NUL (0x00)"  # how the driver refuses a sign that PostgreSQL keeps in no text


class HiddenIsMissing:
    """Turns "no such case" and "no such person" into the page that says so; and what no text can hold names nothing."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        hidden = isinstance(exception, HIDDEN) or (isinstance(exception, DataError) and NO_TEXT in str(exception))
        return render(request, "404.html", status=404) if hidden else None
