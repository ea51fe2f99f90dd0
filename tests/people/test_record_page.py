"""A person's whole record, and that each look at it is kept for him to read."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from people import record
from people.models import AccessLog


@pytest.fixture
def him(officer, post, other_branch, station):
    post(officer.officer, other_branch, since=date(2015, 1, 1), until=date(2024, 2, 29))
    post(officer.officer, station, since=date(2024, 3, 1))
    return officer.officer


@pytest.fixture
def parts(monkeypatch):
    """The parts of the record that a test registers, without those of the real apps."""
    monkeypatch.setattr(record, "_sections", [])
    return record


def address(officer):
    return f"/people/{officer.badge}/"


def test_it_shows_the_postings_latest_first(as_account, hr, him):
    page = as_account(hr).get(address(him)).content.decode()
    assert "何帅欣" in page
    assert page.index("2024-03-01") < page.index("2015-01-01")


@pytest.mark.parametrize("who", ["hr", "unit_head", "leader", "inspector", "auditor"])
def test_those_above_him_read_it(request, as_account, him, who):
    assert as_account(request.getfixturevalue(who)).get(address(him)).status_code == 200


@pytest.mark.parametrize("who", ["stranger", "other_unit_head", "trainer", "equipment", "committee", "administrator"])
def test_hidden_and_missing_answer_alike(request, as_account, him, who):
    browser = as_account(request.getfixturevalue(who))
    hidden, missing = browser.get(address(him)), browser.get("/people/9999999/")
    assert hidden.status_code == missing.status_code == 404
    assert not AccessLog.objects.exists()


def test_it_asks_to_sign_in(client, him):
    assert client.get(address(him)).url.startswith("/sign-in/")


def test_a_look_is_written_down_with_the_role_that_allowed_it(as_account, leader, him):
    as_account(leader).get(address(him))
    look = AccessLog.objects.get()
    assert (look.account, look.officer, look.role, look.page) == (leader, him, "leader", "people:record")


def test_his_own_look_is_not(as_account, officer, him):
    assert as_account(officer).get(address(him)).status_code == 200
    assert not AccessLog.objects.exists()


def test_a_look_can_be_neither_changed_nor_removed(as_account, hr, him):
    as_account(hr).get(address(him))
    for change in (lambda: AccessLog.objects.update(page="x"), lambda: AccessLog.objects.all().delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_other_apps_add_their_parts_in_order(as_account, hr, him, parts):
    seen = []
    parts.section(20, "事实", "people/_hooks.html", lambda request, officer: seen.append(officer) or {})
    parts.section(10, "结果", "people/_hooks.html", lambda request, officer: {})
    page = as_account(hr).get(address(him)).content.decode()
    assert page.index("#part-10") < page.index("#part-20")
    assert seen == [him]


def test_a_part_the_reader_may_not_see_is_left_out(as_account, hr, him, parts):
    parts.section(10, "结果", "people/_hooks.html", lambda request, officer: None)
    assert "part-10" not in as_account(hr).get(address(him)).content.decode()


def test_personnel_finds_the_move_here(as_account, hr, leader, him):
    assert f"{address(him)}move/" in as_account(hr).get(address(him)).content.decode()
    assert f"{address(him)}move/" not in as_account(leader).get(address(him)).content.decode()


def test_its_cost_does_not_grow(as_account, hr, him, parts, django_assert_max_num_queries):
    browser = as_account(hr)
    with django_assert_max_num_queries(13):
        browser.get(address(him))
