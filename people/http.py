"""The request of somebody who is signed in, for views behind the login."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from people.access import NotFound
from people.models import Account


class AuthenticatedRequest(HttpRequest):
    user: Account


P = ParamSpec("P")
View = Callable[Concatenate[AuthenticatedRequest, P], HttpResponse]


def hides(view: View[P]) -> View[P]:
    """Answer for what is hidden as for what is missing: there is no such page."""

    @wraps(view)
    def answered(request: AuthenticatedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as missing:
            raise Http404 from missing

    return answered


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing on a GET, and an empty POST is still an answer to be found wanting."""
    return request.POST if request.method == "POST" else None
