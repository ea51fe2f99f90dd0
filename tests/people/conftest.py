"""What the tests of people share: postings, and what the layers above would have heard."""

from datetime import date

import pytest

from people import events
from people.models import Posting


@pytest.fixture
def post(db):
    """A posting of an officer."""

    def post(officer, unit, *, leads=False, since=date(2024, 1, 1), until=None):
        return Posting.objects.create(
            officer=officer, unit=unit, post_type=officer.post_type, is_leader=leads, from_day=since, to_day=until
        )

    return post


@pytest.fixture
def heard(monkeypatch):
    """The events an action told of, in their order."""
    told = []
    for name in ("_on_move", "_on_grant", "_on_unit_move"):
        monkeypatch.setattr(events, name, [told.append])
    return told


@pytest.fixture
def personnel(make_account, make_officer, bureau):
    """Somebody in personnel, for the whole bureau."""
    return make_account("personnel", "hr", bureau, officer=make_officer(bureau, name="李志远"))
