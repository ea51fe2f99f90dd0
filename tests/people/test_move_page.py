"""Registering a move on a page."""

import pytest
from django.utils import timezone


@pytest.fixture
def him(officer, post, station):
    post(officer.officer, station)
    return officer.officer


def move(browser, officer, to, **given):
    said = {"unit": to.pk, "post_type": "社区民警", "day": timezone.localdate().isoformat(), "reason": "工作需要"}
    return browser.post(f"/people/{officer.badge}/move/", said | given)


def test_it_moves_and_leads_back_to_the_record(as_account, hr, him, other_branch):
    response = move(as_account(hr), him, other_branch)
    assert response.url == f"/people/{him.badge}/"
    him.refresh_from_db()
    assert him.unit == other_branch


def test_an_administrator_who_reads_no_record_is_led_to_the_account(as_account, administrator, him, other_branch):
    assert move(as_account(administrator), him, other_branch).url == f"/people/{him.badge}/account/"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"unit": ""}, "请选择单位"),
        ({"post_type": "厨师"}, "选择一个有效的选项"),
        ({"day": ""}, "请填写起日"),
        ({"day": "someday"}, "这不是一个日期"),
        ({"day": "2999-01-01"}, "起日不能晚于今天"),
        ({"day": "2020-01-01"}, "这一天或之后已有任职"),
        ({"reason": ""}, "请写明理由"),
    ],
)
def test_wrong_input_moves_nobody(as_account, hr, him, station, other_branch, given, said):
    response = move(as_account(hr), him, other_branch, **given)
    assert response.status_code == 200
    assert said in response.content.decode()
    him.refresh_from_db()
    assert him.unit == station


def test_a_unit_beyond_one_s_reach_is_no_choice(as_account, make_account, him, branch, other_branch):
    of_branch = make_account("of_branch", "hr", branch)
    response = move(as_account(of_branch), him, other_branch)
    assert response.status_code == 200
    him.refresh_from_db()
    assert him.unit != other_branch


@pytest.mark.parametrize("who", ["unit_head", "leader", "auditor", "stranger", "officer"])
def test_others_have_no_such_page(request, as_account, him, other_branch, who):
    browser = as_account(request.getfixturevalue(who))
    assert browser.get(f"/people/{him.badge}/move/").status_code == 404
    assert move(browser, him, other_branch).status_code == 404


def test_the_page_says_where_he_is_now(as_account, hr, him, station):
    page = as_account(hr).get(f"/people/{him.badge}/move/").content.decode()
    assert f"现在{station.name}，社区民警" in page


def test_it_asks_to_sign_in(client, him):
    assert client.get(f"/people/{him.badge}/move/").url.startswith("/sign-in/")
