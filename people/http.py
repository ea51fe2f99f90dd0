"""The request of somebody who is signed in, for views behind the login."""

from django.http import HttpRequest

from people.models import Account


class AuthenticatedRequest(HttpRequest):
    user: Account
