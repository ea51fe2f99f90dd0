"""An officer's account as its administrator sees it: opened, closed, reopened."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.accounts import machine
from people.actions import close_account, issue_token, open_account
from people.models import Account, ApiToken, Change
from people.refusals import Clash, NotPermitted


@pytest.fixture
def newcomer(make_officer, station):
    return make_officer(station, name="江晓", email="jx@police.example")


def test_an_account_is_opened_and_its_first_password_shown_once(as_account, administrator, newcomer, client):
    browser = as_account(administrator)
    page = browser.post(f"/people/{newcomer.badge}/account/open/", {"reason": "入警"})
    opened = page.context["opened"]
    assert opened.password in page.content.decode()
    account = Account.objects.get(officer=newcomer)
    assert (account.username, account.email) == (newcomer.badge, "jx@police.example")
    assert account.check_password(opened.password)
    assert opened.password not in browser.get(f"/people/{newcomer.badge}/account/").content.decode()


def test_opening_twice_says_so(as_account, administrator, officer):
    browser = as_account(administrator)
    page = browser.post(f"/people/{officer.officer.badge}/account/open/", {"reason": "入警"}, follow=True)
    assert "这位民警已有账户" in page.content.decode()


def test_closing_signs_out_and_revokes_tokens(as_account, administrator, officer, heard):
    issue_token(account=officer, name="读取", scope="read", lasts=timedelta(days=30), actor=officer)
    elsewhere = as_account(officer)
    address = f"/people/{officer.officer.badge}/account/"
    response = as_account(administrator).post(f"{address}switch/", {"active": "0", "reason": "退休"})
    assert response.url == address
    assert elsewhere.get("/account/").status_code == 302
    assert not ApiToken.objects.live(timezone.now()).exists()
    assert Change.objects.filter(what="account_closed", note="退休").exists()


def test_closing_tells_the_desks_of_its_roles(as_account, administrator, unit_head, station, heard):
    browser = as_account(administrator)
    address = f"/people/{unit_head.officer.badge}/account/switch/"
    browser.post(address, {"active": "0", "reason": "休假"})
    browser.post(address, {"active": "1", "reason": "回来"})
    assert [(event.role, event.path) for event in heard] == [("unit_head", station.path)] * 2
    unit_head.refresh_from_db()
    assert unit_head.is_active


@pytest.mark.parametrize(("active", "said"), [("1", "账户没有停用"), ("0", "请写明理由")])
def test_wrong_input_changes_nothing(as_account, administrator, officer, active, said):
    reason = "回来" if active == "1" else ""
    page = as_account(administrator).post(
        f"/people/{officer.officer.badge}/account/switch/", {"active": active, "reason": reason}
    )
    assert said in page.content.decode()
    officer.refresh_from_db()
    assert officer.is_active


def test_where_there_is_no_account_nothing_is_switched(as_account, administrator, newcomer):
    address = f"/people/{newcomer.badge}/account/switch/"
    assert as_account(administrator).post(address, {"active": "0", "reason": "x"}).status_code == 404


def test_the_page_shows_roles_with_a_way_to_end_them(as_account, administrator, unit_head):
    page = as_account(administrator).get(f"/people/{unit_head.officer.badge}/account/").content.decode()
    assert f"/people/grants/{unit_head.role_grants.get().pk}/end/" in page


@pytest.mark.parametrize("who", ["hr", "auditor", "unit_head", "stranger"])
@pytest.mark.parametrize("page", ["", "open/", "switch/"])
def test_others_have_no_such_page(request, as_account, officer, who, page):
    browser = as_account(request.getfixturevalue(who))
    address = f"/people/{officer.officer.badge}/account/{page}"
    answer = browser.post(address, {"reason": "x"}) if page else browser.get(address)
    assert answer.status_code == 404


def test_the_last_administrator_cannot_be_closed(make_account, make_officer, station):
    last = make_account("last", "administrator", officer=make_officer(station))
    with pytest.raises(Clash):
        close_account(account=last, actor=machine("console"), note="x")


def test_only_administrators_open_and_close(hr, officer, newcomer):
    with pytest.raises(NotPermitted):
        open_account(officer=newcomer, actor=hr)
    with pytest.raises(NotPermitted):
        close_account(account=officer, actor=hr, note="x")


def test_a_badge_taken_by_another_account_is_not_opened_twice(make_account, newcomer, administrator):
    make_account(newcomer.badge)
    with pytest.raises(Clash):
        open_account(officer=newcomer, actor=administrator)


def test_closing_twice_says_so(officer, administrator):
    close_account(account=officer, actor=administrator, note="退休")
    with pytest.raises(Clash):
        close_account(account=officer, actor=administrator, note="退休")


def test_nobody_closes_himself(administrator):
    with pytest.raises(NotPermitted):
        close_account(account=administrator, actor=administrator, note="x")


def test_it_asks_to_sign_in(client, officer):
    assert client.get(f"/people/{officer.officer.badge}/account/").url.startswith("/sign-in/")
