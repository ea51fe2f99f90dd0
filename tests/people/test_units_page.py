"""The tree of units, and who may see what of each."""

import pytest

from people.actions import grant_role
from people.roles import Role


def test_the_tree_shows_units_people_and_heads(as_account, hr, station, unit_head, post):
    post(unit_head.officer, station, leads=True)
    page = as_account(hr).get("/people/units/")
    rows = {branch.unit.code: branch for branch, _finds, _opened in page.context["rows"]}
    assert [rows[code].depth for code in ("B00", "F01", "F01P01")] == [0, 1, 2]
    assert (rows["F01P01"].people, rows["F01P01"].heads) == (1, ["陈所长"])


def test_one_sees_the_units_below_one_s_roles(as_account, leader, station, other_branch):
    page = as_account(leader).get("/people/units/")
    assert [(branch.unit.code, branch.depth) for branch, _finds, _opened in page.context["rows"]] == [
        ("F01", 0),
        ("F01P01", 1),
    ]


def test_the_way_to_the_rights_is_shown_to_those_who_may_go_it(as_account, leader, auditor, station):
    assert "/people/units/F01P01/access/" not in as_account(leader).get("/people/units/").content.decode()
    assert "/people/units/F01P01/access/" in as_account(auditor).get("/people/units/").content.decode()


def test_an_officer_without_a_role_has_no_tree(as_account, stranger):
    assert as_account(stranger).get("/people/units/").status_code == 404


def test_who_may_see_what(as_account, auditor, hr, leader, unit_head, other_unit_head, station):
    page = as_account(auditor).get("/people/units/F01P01/access/")
    seen = [(sight.grant.account.username, sight.grant.role, sight.here) for sight in page.context["sights"]]
    assert seen == [
        ("unit_head", "unit_head", True),
        ("leader", "leader", False),
        ("auditor", "auditor", False),
        ("hr", "hr", False),
    ]
    assert "全部档案；本单位民警的事项" in page.content.decode()


def test_an_administrator_of_the_unit_takes_back_what_was_given_there(as_account, make_account, station, unit_head, hr):
    of_unit = make_account("of_unit", "administrator", station)
    page = as_account(of_unit).get("/people/units/F01P01/access/").content.decode()
    assert f"/people/grants/{unit_head.role_grants.get().pk}/end/" in page
    assert f"/people/grants/{hr.role_grants.get().pk}/end/" not in page


def test_closed_accounts_and_ended_grants_see_nothing(as_account, auditor, leader, unit_head, station):
    leader.is_active = False
    leader.save()
    unit_head.role_grants.update(to_day="2020-12-31")
    page = as_account(auditor).get("/people/units/F01P01/access/")
    assert [sight.grant.account.username for sight in page.context["sights"]] == ["auditor"]


@pytest.mark.parametrize("who", ["stranger", "unit_head", "leader", "trainer", "committee"])
def test_it_is_missing_for_others(request, as_account, station, who):
    browser = as_account(request.getfixturevalue(who))
    assert browser.get("/people/units/F01P01/access/").status_code == 404
    assert browser.get("/people/units/NONE/access/").status_code == 404


def test_only_administrators_find_the_buttons(as_account, hr, administrator, unit_head, station):
    address = "/people/units/F01P01/access/"
    assert "/grant/" not in as_account(hr).get(address).content.decode()
    page = as_account(administrator).get(address).content.decode()
    assert "/people/units/F01P01/grant/" in page
    assert f"/people/grants/{unit_head.role_grants.get().pk}/end/" in page


@pytest.mark.parametrize("address", ["/people/units/", "/people/units/F01P01/access/"])
def test_they_ask_to_sign_in(client, db, address):
    assert client.get(address).url.startswith("/sign-in/")


@pytest.mark.parametrize("address", ["/people/units/", "/people/units/F01P01/access/"])
def test_their_cost_does_not_grow_with_units_and_grants(
    as_account, auditor, administrator, station, make_unit, make_account, django_assert_max_num_queries, address
):
    browser = as_account(auditor)
    browser.get(address)
    with django_assert_max_num_queries(12) as few:
        browser.get(address)
    for number in range(5):
        make_unit(f"F01P1{number}", parent=station.parent)
        account = make_account(f"hr{number}")
        grant_role(account=account, role=Role.HR, unit=station, actor=administrator)
    with django_assert_max_num_queries(len(few)):
        browser.get(address)
