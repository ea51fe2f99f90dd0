"""Changing a password, and resetting a forgotten one by mail."""

import re

import pytest

NEW = "Wei-Lan-7431"


@pytest.fixture
def him(officer):
    officer.email = "he@police.example"
    officer.save()
    return officer


def change(browser, **given):
    said = {"old_password": "pass", "new_password1": NEW, "new_password2": NEW} | given
    return browser.post("/password/", said)


def test_it_changes_and_stays_signed_in(as_account, him):
    browser = as_account(him)
    assert change(browser).url == "/account/"
    assert "口令已更换" in browser.get("/account/").content.decode()
    him.refresh_from_db()
    assert him.check_password(NEW)


def test_other_sessions_end(as_account, him):
    elsewhere = as_account(him)
    change(as_account(him))
    assert elsewhere.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"old_password": "wrong"}, "原口令不对"),
        ({"new_password2": "other"}, "两次输入的新口令不同"),
        ({"new_password1": "", "new_password2": ""}, "请填写新口令"),
        ({"new_password1": "12345678", "new_password2": "12345678"}, "口令不能全是数字"),
    ],
)
def test_wrong_input_changes_nothing(as_account, him, given, said):
    response = change(as_account(him), **given)
    assert response.status_code == 200
    assert said in response.content.decode()
    him.refresh_from_db()
    assert him.check_password("pass")


def ask(client, email="he@police.example"):
    return client.post("/password/forgotten/", {"email": email})


def link(mailoutbox):
    return re.search(r"http://testserver(/password/reset/\S+)", mailoutbox[0].body)[1]


def test_a_forgotten_password_is_reset_by_mail(client, him, mailoutbox):
    assert ask(client).url == "/password/forgotten/sent/"
    assert mailoutbox[0].subject == "三挂钩：重设口令"
    page = client.get(link(mailoutbox)).url
    response = client.post(page, {"new_password1": NEW, "new_password2": NEW})
    assert response.url == "/sign-in/"
    him.refresh_from_db()
    assert him.check_password(NEW)


def test_a_link_works_once(client, him, mailoutbox):
    ask(client)
    page = client.get(link(mailoutbox)).url
    client.post(page, {"new_password1": NEW, "new_password2": NEW})
    assert "链接已失效" in client.get(link(mailoutbox), follow=True).content.decode()


def test_resetting_ends_the_lock(client, him, mailoutbox):
    for _try in range(5):
        client.post("/sign-in/", {"username": "officer", "password": "wrong"})
    ask(client)
    page = client.get(link(mailoutbox)).url
    client.post(page, {"new_password1": NEW, "new_password2": NEW})
    assert client.post("/sign-in/", {"username": "officer", "password": NEW}).status_code == 302


def test_an_unknown_address_is_answered_alike(client, him, mailoutbox):
    assert ask(client, "nobody@police.example").url == "/password/forgotten/sent/"
    assert mailoutbox == []
    assert client.get("/password/forgotten/sent/").status_code == 200


@pytest.mark.parametrize(("email", "said"), [("", "请填写邮箱"), ("he", "这不是一个邮箱地址")])
def test_what_is_no_address_is_asked_again(client, db, email, said):
    assert said in ask(client, email).content.decode()


def test_a_stranger_cannot_change_a_password(client, db):
    assert client.post("/password/", {}).url.startswith("/sign-in/")
