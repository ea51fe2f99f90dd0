"""The request of somebody who is signed in, for views behind the login."""

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from people.models import Account


class AuthenticatedRequest(HttpRequest):
    user: Account
    htmx: HtmxDetails


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing on a GET, and an empty POST is still an answer to be found wanting."""
    return request.POST if request.method == "POST" else None
