"""What a form is bound to."""

from django.http import QueryDict

from people.http import AuthenticatedRequest


def said(request: AuthenticatedRequest) -> QueryDict | None:
    """What was posted, be it nothing at all; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None
