"""Giving and taking back a role on a page."""

import pytest

from people.models import RoleGrant

GRANT = "/people/units/F01P01/grant/"


def give(browser, **given):
    return browser.post(GRANT, {"username": "officer", "role": "hr", "to_day": "", "reason": "轮岗"} | given)


def test_a_role_is_given(as_account, administrator, officer, station):
    response = give(as_account(administrator))
    assert response.url == "/people/units/F01P01/access/"
    grant = RoleGrant.objects.get(account=officer)
    assert (grant.role, grant.path, grant.granted_by, grant.reason) == ("hr", station.path, administrator, "轮岗")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"username": "nobody"}, "没有用户名为“nobody”的账户"),
        ({"username": ""}, "请填写警号或用户名"),
        ({"username": "administrator"}, "不能给自己授权"),
        ({"role": ""}, "请选择角色"),
        ({"role": "system"}, "选择一个有效的选项"),
        ({"to_day": "soon"}, "这不是一个日期"),
        ({"to_day": "2020-01-01"}, "止日不能早于今天"),
        ({"reason": ""}, "请写明理由"),
    ],
)
def test_wrong_input_gives_nothing(as_account, administrator, officer, given, said):
    before = RoleGrant.objects.count()
    response = give(as_account(administrator), **given)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert RoleGrant.objects.count() == before


@pytest.mark.parametrize("who", ["hr", "auditor", "unit_head", "stranger"])
def test_others_have_no_such_page(request, as_account, officer, station, who):
    browser = as_account(request.getfixturevalue(who))
    assert browser.get(GRANT).status_code == 404
    assert give(browser).status_code == 404


def test_a_role_is_taken_back(as_account, administrator, unit_head):
    grant = unit_head.role_grants.get()
    browser = as_account(administrator)
    assert "收回后立即生效" in browser.get(f"/people/grants/{grant.pk}/end/").content.decode()
    response = browser.post(f"/people/grants/{grant.pk}/end/", {"reason": "调离"})
    assert response.url == "/people/units/F01P01/access/"
    grant.refresh_from_db()
    assert (grant.ended_by, grant.end_reason) == (administrator, "调离")


def test_taking_back_asks_for_a_reason(as_account, administrator, unit_head):
    grant = unit_head.role_grants.get()
    assert "请写明理由" in as_account(administrator).post(f"/people/grants/{grant.pk}/end/", {}).content.decode()
    grant.refresh_from_db()
    assert grant.ended_at is None


def test_taking_back_twice_says_so(as_account, administrator, unit_head):
    address = f"/people/grants/{unit_head.role_grants.get().pk}/end/"
    browser = as_account(administrator)
    browser.post(address, {"reason": "调离"})
    assert "已经结束" in browser.post(address, {"reason": "调离"}).content.decode()


@pytest.mark.parametrize("who", ["hr", "auditor", "stranger"])
def test_others_cannot_take_back(request, as_account, unit_head, who):
    address = f"/people/grants/{unit_head.role_grants.get().pk}/end/"
    browser = as_account(request.getfixturevalue(who))
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"reason": "调离"}).status_code == 404
    assert unit_head.role_grants.get().ended_at is None


@pytest.mark.parametrize("address", [GRANT, "/people/grants/1/end/"])
def test_they_ask_to_sign_in(client, db, address):
    assert client.get(address).url.startswith("/sign-in/")
