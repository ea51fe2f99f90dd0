"""API tokens: made on a page, shown once, and good for no more than their scope and their time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.accounts import machine
from people.actions import issue_token, revoke_token
from people.models import ApiToken, TokenScopes, token_digest
from people.refusals import Clash, NotPermitted, Unfit
from people.tokens import TokenScope

MONTH = timedelta(days=30)


@pytest.fixture
def issued(hr):
    return issue_token(account=hr, name="人事系统", scope=TokenScopes.READ, lasts=MONTH, actor=hr)


def ask(client, secret, address="/api/officers/"):
    return client.get(address, headers={"Authorization": f"Token {secret}"})


def test_only_its_digest_is_kept(issued):
    assert bytes(issued.token.digest) == token_digest(issued.secret)
    assert issued.secret not in str(ApiToken.objects.values_list())


def test_it_opens_what_its_account_may_see(client, issued, officer):
    response = ask(client, issued.secret)
    assert response.status_code == 200
    assert [row["badge"] for row in response.json()["results"]] == [officer.officer.badge]


def test_its_use_is_noted_once_a_minute(client, issued, django_assert_max_num_queries):
    ask(client, issued.secret)
    issued.token.refresh_from_db()
    first = issued.token.last_used_at
    assert first is not None
    ask(client, issued.secret)
    issued.token.refresh_from_db()
    assert issued.token.last_used_at == first


@pytest.mark.parametrize("state", ["unknown", "ended", "revoked", "closed"])
def test_dead_tokens_are_refused_in_the_same_words(client, hr, issued, state):
    secret = issued.secret
    if state == "unknown":
        secret = "tl_nothing"
    elif state == "ended":
        ApiToken.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    elif state == "revoked":
        revoke_token(token=issued.token, actor=hr)
    else:
        hr.is_active = False
        hr.save()
    response = ask(client, secret)
    assert response.status_code == 401
    assert "令牌无效、已到期或已撤销" in response.content.decode()


def test_without_a_token_or_session_the_api_is_closed(client, db):
    assert client.get("/api/officers/").status_code == 401


@pytest.mark.parametrize(
    ("scope", "method", "allowed"),
    [
        (TokenScopes.READ, "GET", True),
        (TokenScopes.READ, "POST", False),
        (TokenScopes.READ, "DELETE", False),
        (TokenScopes.ACT, "GET", True),
        (TokenScopes.ACT, "POST", True),
        (None, "POST", True),  # a session: what it may do is decided by the action
    ],
)
def test_the_scope_decides_about_methods(rf, hr, scope, method, allowed):
    request = rf.generic(method, "/api/")
    request.user = hr
    request.auth = ApiToken(scope=scope) if scope else None
    assert TokenScope().has_permission(request, None) is allowed


def test_the_api_neither_makes_nor_changes_anything(client, hr, officer):
    act = issue_token(account=hr, name="办理", scope=TokenScopes.ACT, lasts=MONTH, actor=hr)
    headers = {"Authorization": f"Token {act.secret}"}
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(f"/api/officers/{officer.officer.badge}/", headers=headers).status_code == 405


@pytest.mark.parametrize(
    ("scope", "lasts"),
    [("all", MONTH), (TokenScopes.READ, timedelta(0)), (TokenScopes.READ, timedelta(days=367))],
)
def test_wrong_scopes_and_times_are_refused(hr, scope, lasts):
    with pytest.raises(Unfit):
        issue_token(account=hr, name="x", scope=scope, lasts=lasts, actor=hr)


def test_nobody_makes_or_revokes_another_s(hr, officer, issued):
    with pytest.raises(NotPermitted):
        issue_token(account=officer, name="x", scope=TokenScopes.READ, lasts=MONTH, actor=hr)
    with pytest.raises(NotPermitted):
        revoke_token(token=issued.token, actor=officer)


def test_an_administrator_makes_them_for_machines_and_revokes_any(administrator, issued):
    connector = machine("payroll")
    issue_token(account=connector, name="x", scope=TokenScopes.READ, lasts=MONTH, actor=administrator)
    revoke_token(token=issued.token, actor=administrator)
    with pytest.raises(Clash):
        revoke_token(token=issued.token, actor=administrator)


# The pages ------------------------------------------------------------------------------------------------------------
def make(browser, **given):
    return browser.post("/account/tokens/new/", {"name": "人事系统", "scope": "read", "days": "90"} | given)


def test_the_secret_is_shown_once(as_account, hr, client):
    browser = as_account(hr)
    page = make(browser)
    secret = page.context["issued"].secret
    assert secret in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert secret not in browser.get("/account/").content.decode()
    assert ask(client, secret).status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "请写明用途"),
        ({"scope": "all"}, "选择一个有效的选项"),
        ({"days": "9999"}, "选择一个有效的选项"),
        ({"days": ""}, "请选择有效期"),
    ],
)
def test_wrong_input_makes_none(as_account, hr, given, said):
    assert said in make(as_account(hr), **given).content.decode()
    assert not ApiToken.objects.exists()


def test_it_is_revoked_on_the_page(as_account, hr, issued):
    response = as_account(hr).post(f"/account/tokens/{issued.token.pk}/revoke/")
    assert response.url == "/account/"
    issued.token.refresh_from_db()
    assert issued.token.revoked_at is not None


def test_another_s_token_is_not_there(as_account, stranger, issued):
    assert as_account(stranger).post(f"/account/tokens/{issued.token.pk}/revoke/").status_code == 404
    issued.token.refresh_from_db()
    assert issued.token.revoked_at is None


def test_the_account_page_shows_its_own_only(as_account, stranger, issued):
    assert "人事系统" not in as_account(stranger).get("/account/").content.decode()


@pytest.mark.parametrize("address", ["/account/", "/account/tokens/new/"])
def test_they_ask_to_sign_in(client, db, address):
    assert client.get(address).url.startswith("/sign-in/")
