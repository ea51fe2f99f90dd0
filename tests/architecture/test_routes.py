"""No address answers somebody who is not signed in, but for those named here."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from people.tokens import TokenScope

# People must be able to sign in, to recover a password and to choose a language first; monitors have no account.
OPEN = {
    "people:login",
    "people:forgotten",
    "people:reset_sent",
    "people:reset",
    "set_language",
    "workflows:feed",  # a calendar program brings a secret in the address instead
    "admin:login",
    "healthz",
    "readyz",
    "metrics",  # guarded by a token or an address of its own
}
SAMPLES = {
    "int": "1",
    "str": "x",
    "slug": "x",
    "uuid": "01900000-0000-7000-8000-000000000000",
    "path": "x",
    "date": "2026-01-01",
}


def routes(resolver=None, *, prefix="/", space=""):
    """Every pattern with its full name and an address that would match it."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + example(entry)
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else address, entry, address
        else:
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry, prefix=address, space=inner)


def example(entry):
    """The part of an address this pattern matches, with any value in place of each parameter."""
    text = str(entry.pattern)
    for name, converter in getattr(entry.pattern, "converters", {}).items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            text = text.replace(written, SAMPLES.get(kind, "x"))
    return text if "<" not in text and "^" not in text else "x"


def closed_addresses():
    return {address: name for name, _entry, address in routes() if name not in OPEN}


def turns_away(answer, address):
    if answer.status_code in {301, 302}:
        doors = (reverse("people:login"), reverse("admin:login"))
        return answer.url.startswith(doors) or answer.url == f"{address}/"
    return answer.status_code in {401, 403, 404, 405}


@pytest.mark.django_db
def test_no_address_answers_somebody_who_is_not_signed_in():
    browser = Client()
    assert [address for address in closed_addresses() if not turns_away(browser.get(address), address)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["stranger", "hr", "administrator"])
def test_no_address_breaks(who, request, as_account):
    """A wrong or a foreign address is an answer too, never an unhandled error."""
    browser = as_account(request.getfixturevalue(who))
    browser.raise_request_exception = False
    signing_out = {reverse("people:logout"), reverse("admin:logout")}
    assert [
        address
        for address in closed_addresses()
        if address not in signing_out and browser.get(address).status_code >= 500
    ] == []


def test_only_named_routes_need_no_sign_in():
    """A view says so itself, by `login_not_required`; nobody adds one unseen."""
    opened = {name for name, entry, _address in routes() if not has_a_door(entry.callback)}
    assert opened <= OPEN


def has_a_door(callback):
    """The API has a door of its own: no view of it does without."""
    of_api = getattr(callback, "cls", None)
    if of_api is not None:
        return TokenScope in of_api.permission_classes
    return getattr(callback, "login_required", True)
