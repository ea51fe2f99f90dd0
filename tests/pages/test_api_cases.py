"""Cases over the API: what one may see, and the whole of one."""

import pytest

pytestmark = pytest.mark.django_db


def test_it_lists_what_one_may_see(as_account, hr, make_cases):
    make_cases(3)
    answer = as_account(hr).get("/api/cases/").json()
    assert [row["title"] for row in answer["results"]] == ["送文件"] * 3


def test_it_filters_by_badge_and_unit(as_account, hr, make_cases, subject):
    make_cases(1)
    browser = as_account(hr)
    assert len(browser.get(f"/api/cases/?badge={subject.badge}&unit=F01").json()["results"]) == 1
    assert browser.get("/api/cases/?badge=9").json()["results"] == []
    assert browser.get("/api/cases/?unit=X").json()["results"] == []


def test_it_shows_reasons_history_and_what_is_missing(as_account, hr, make_case):
    case = make_case(purpose="")
    answer = as_account(hr).get(f"/api/cases/{case.pk}/").json()
    assert answer["case"]["state_label"] == "已提出"
    assert answer["reasons"][0]["words_zh"] == "连续 3 年优秀（2023、2024、2025）。"
    assert [row["number"] for row in answer["history"]] == [1]
    accept = next(step for step in answer["steps"] if step["name"] == "accept")
    assert accept["missing"] == [{"words": "事由已填写", "met": False}]
    assert answer["sound"] is True


def test_a_hidden_case_and_a_missing_one_answer_alike(as_account, stranger, make_case):
    browser = as_account(stranger)
    answers = [
        browser.get(f"/api/cases/{key}/") for key in (make_case().pk, "01999999-9999-7999-9999-999999999999", "x")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert browser.get("/api/cases/").json()["results"] == []


def test_nobody_is_refused_in_the_same_form(client):
    answer = client.get("/api/cases/")
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "words"}


def test_my_work_is_paged_by_key(as_account, hr, make_cases):
    make_cases(60)
    browser = as_account(hr)
    first = browser.get("/api/work-items/").json()
    rest = browser.get(f"/api/work-items/?after={first['next']}").json()
    assert (len(first["results"]), len(rest["results"]), rest["next"]) == (50, 10, "")
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in rest["results"]}
    assert first["results"][0]["due"].startswith("还有 5 个工作日（")


def test_my_work_is_not_a_strangers(as_account, stranger, make_case):
    make_case()
    assert as_account(stranger).get("/api/work-items/").json()["results"] == []


def test_the_schema_names_every_door(as_account, hr, tmp_path):
    answer = as_account(hr).get("/api/schema/")
    assert answer.status_code == 200
    assert b"/api/steps/{kind}/{step}/" in answer.content
