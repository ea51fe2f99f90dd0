"""Which language a page speaks: Chinese, until its reader switches."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ChineseFirst:
    """Pages do not guess: in which language a browser was installed says little of who sits before it.

    A program that calls the API says by `Accept-Language` in which words it wants its refusals.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        return self.get_response(request)
