"""Signing in, being locked out, and signing out."""

import pytest
from django.urls import reverse

ADDRESS = "/sign-in/"


def sign_in(client, **given):
    return client.post(ADDRESS, {"username": "officer", "password": "pass"} | given)


@pytest.fixture
def browser(client, officer):
    """A browser on a machine of its own, so that one test's lock is not another's."""
    return client


def test_it_signs_in_and_returns_to_the_page(browser, officer):
    response = sign_in(browser, next="/account/")
    assert (response.status_code, response.url) == (302, "/account/")
    assert int(browser.session["_auth_user_id"]) == officer.pk


def test_it_does_not_return_to_another_site(browser):
    assert sign_in(browser, next="https://elsewhere.example/").url == "/"


def test_a_page_behind_the_login_leads_here_and_back(client, db):
    response = client.get("/account/")
    assert (response.status_code, response.url) == (302, f"{ADDRESS}?next=/account/")
    assert '<input type="hidden" name="next" value="/account/">' in client.get(response.url).content.decode()


def test_a_wrong_password_says_how_many_tries_are_left(browser):
    response = sign_in(browser, password="wrong")
    assert response.status_code == 200
    assert "再错 4 次" in response.content.decode()
    assert "再错 3 次" in sign_in(browser, password="wrong").content.decode()


def test_an_unknown_name_is_answered_in_the_same_words(browser):
    assert "用户名或口令不对。再错 4 次" in sign_in(browser, username="nobody").content.decode()


def test_five_wrong_passwords_lock_the_name_out(browser):
    answers = [sign_in(browser, password="wrong").status_code for _try in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = sign_in(browser)
    assert locked.status_code == 429
    assert "15 分钟后可再试" in locked.content.decode()


def test_the_lock_is_for_this_machine_only(browser):
    for _try in range(5):
        sign_in(browser, password="wrong")
    response = browser.post(ADDRESS, {"username": "officer", "password": "pass"}, REMOTE_ADDR="10.1.2.3")
    assert response.status_code == 302


def test_the_right_password_forgives_the_wrong_ones(browser):
    for _try in range(4):
        sign_in(browser, password="wrong")
    assert sign_in(browser).status_code == 302
    browser.logout()
    assert "再错 4 次" in sign_in(browser, password="wrong").content.decode()


@pytest.mark.parametrize(
    ("given", "asked"), [({"username": ""}, "请填写警号或用户名"), ({"password": ""}, "请填写口令")]
)
def test_an_empty_field_says_what_is_missing(browser, given, asked):
    assert asked in sign_in(browser, **given).content.decode()


def test_a_closed_account_cannot_sign_in(browser, officer):
    officer.is_active = False
    officer.save()
    assert sign_in(browser).status_code == 200


def test_who_is_signed_in_is_sent_on(as_account, officer):
    assert as_account(officer).get(ADDRESS).status_code == 302


def test_the_account_s_language_comes_with_it(browser, officer):
    officer.language = "en"
    officer.save()
    assert sign_in(browser).cookies["django_language"].value == "en"


def test_switching_the_language_is_kept_with_the_account(as_account, officer):
    as_account(officer).post(reverse("set_language"), {"language": "en", "next": "/account/"})
    officer.refresh_from_db()
    assert officer.language == "en"


def test_a_language_we_do_not_speak_is_not_kept(as_account, officer):
    as_account(officer).post(reverse("set_language"), {"language": "tlh", "next": "/account/"})
    officer.refresh_from_db()
    assert officer.language == ""


def test_a_stranger_may_switch_the_language_too(client, db):
    response = client.post(reverse("set_language"), {"language": "en", "next": ADDRESS})
    assert (response.status_code, response.cookies["django_language"].value) == (302, "en")


def test_signing_out_takes_a_post(as_account, officer):
    browser = as_account(officer)
    assert browser.get("/sign-out/").status_code == 405
    response = browser.post("/sign-out/", follow=True)
    assert "已退出登录" in response.content.decode()
    assert browser.get("/account/").status_code == 302


def test_the_page_costs_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(ADDRESS).status_code == 200
