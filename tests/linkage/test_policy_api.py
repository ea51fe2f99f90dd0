"""Policies over the API: read-only; what was published for everybody signed in, drafts for those who work on them."""

from datetime import date

import pytest

from linkage import lifecycle, register
from people.accounts import machine
from tests.linkage.test_life_of_a_policy import text

pytestmark = pytest.mark.django_db
LIST = "/api/policies/"


@pytest.fixture
def shipped(bureau):
    return register.install_shipped(actor=machine("loader"))


@pytest.fixture
def draft(shipped, hr):
    return lifecycle.draft(text(), from_day=date(2030, 1, 1), actor=hr)


def test_the_list_leaves_out_the_texts_and_one_has_its_own(draft, shipped, hr, as_account):
    client = as_account(hr)
    rows = client.get(LIST).json()["results"]
    assert [row["version"] for row in rows] == ["2", "2026.1"]
    assert "text" not in rows[0]
    one = client.get(f"{LIST}{shipped.pk}/").json()
    assert (one["text"], one["state"]) == (shipped.text, "in_force")
    assert [step["step"] for step in one["records"]] == ["draft", "enact"]
    assert one["records"][0]["digest"] == shipped.digest


def test_it_filters(draft, hr, as_account):
    rows = as_account(hr).get(LIST, {"state": "draft"}).json()["results"]
    assert [row["version"] for row in rows] == ["2"]


@pytest.mark.parametrize("who", ["stranger", "officer", "leader", "auditor"])
def test_drafts_are_not_there_for_others(draft, shipped, who, request, as_account):
    client = as_account(request.getfixturevalue(who))
    assert [row["version"] for row in client.get(LIST).json()["results"]] == ["2026.1"]
    assert client.get(f"{LIST}{draft.pk}/").status_code == 404
    assert client.get(f"{LIST}{shipped.pk}/").status_code == 200


def test_nothing_is_written_by_it(shipped, hr, as_account):
    client = as_account(hr)
    assert {client.post(LIST).status_code, client.delete(f"{LIST}{shipped.pk}/").status_code} == {405}


def test_nobody_is_turned_away(shipped, client):
    assert client.get(LIST).status_code == 401
