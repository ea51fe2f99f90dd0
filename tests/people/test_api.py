"""Officers and units over the API: read-only, within the caller's units, each look kept."""

import pytest

from people.models import AccessLog


def test_a_record_is_read_with_its_postings(as_account, leader, officer, station, post):
    post(officer.officer, station)
    row = as_account(leader).get(f"/api/officers/{officer.officer.badge}/").json()
    assert (row["badge"], row["unit"], row["postings"][0]["unit"]) == (officer.officer.badge, "F01P01", "F01P01")
    look = AccessLog.objects.get()
    assert (look.account, look.role, look.page) == (leader, "leader", "api:officer")


def test_hidden_and_missing_answer_alike(as_account, stranger, officer):
    browser = as_account(stranger)
    hidden = browser.get(f"/api/officers/{officer.officer.badge}/")
    missing = browser.get("/api/officers/9999999/")
    assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json())
    assert hidden.status_code == 404


def test_the_list_ends_where_one_s_units_end(as_account, leader, officer, other_branch, make_officer):
    make_officer(other_branch)
    rows = as_account(leader).get("/api/officers/").json()["results"]
    assert [row["badge"] for row in rows] == [officer.officer.badge]


def test_an_officer_finds_himself(as_account, officer, unit_head):
    rows = as_account(officer).get("/api/officers/").json()["results"]
    assert [row["badge"] for row in rows] == [officer.officer.badge]


def test_units_are_those_below_one_s_roles(as_account, leader, stranger, station, other_branch):
    rows = as_account(leader).get("/api/units/").json()["results"]
    assert [(row["code"], row["parent"]) for row in rows] == [("F01", "B00"), ("F01P01", "F01")]
    assert as_account(stranger).get("/api/units/").json()["results"] == []
    assert as_account(stranger).get("/api/units/F01/").status_code == 404


@pytest.mark.parametrize("address", ["/api/units/", "/api/officers/"])
def test_a_list_costs_the_same_for_many(
    as_account, hr, make_officer, make_unit, station, address, django_assert_max_num_queries
):
    browser = as_account(hr)
    with django_assert_max_num_queries(6):
        browser.get(address)
    for number in range(10):
        make_officer(station)
        make_unit(f"F1{number}")
    with django_assert_max_num_queries(6):
        browser.get(address)
