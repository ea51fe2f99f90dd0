"""The list of cycles, the page of one, its steps and its export."""

from datetime import date

import pytest
from django.urls import reverse

from appraisal.models import Cycle

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(make_cycle, make_result, officer, post):
    cycle = make_cycle(state="collecting")
    post(officer.officer)
    make_result(cycle, officer.officer, grade="优秀")
    return cycle


def url(name, *args):
    return reverse(f"appraisal:{name}", args=args)


def test_the_list_shows_cycles(cycle, hr, as_account):
    page = as_account(hr).get(url("cycles"))
    assert page.status_code == 200
    assert url("cycle", "2025") in page.text
    assert "收集中" in page.text


def test_the_list_filters_by_kind(cycle, hr, as_account):
    page = as_account(hr).get(url("cycles"), {"kind": "monthly"})
    assert "还没有考核周期" in page.text


@pytest.mark.parametrize("name", ["cycles", "cycle", "step"])
@pytest.mark.parametrize("who", ["stranger", "officer", "trainer", "equipment", "administrator"])
def test_a_stranger_finds_nothing(cycle, name, who, request, as_account):
    args = {"cycles": (), "cycle": ("2025",), "step": ("2025", "check_results")}[name]
    assert as_account(request.getfixturevalue(who)).get(url(name, *args)).status_code == 404


def test_missing_answers_like_hidden(hr, as_account):
    assert as_account(hr).get(url("cycle", "1999")).status_code == 404


def test_the_page_shows_the_arithmetic(cycle, hr, as_account):
    page = as_account(hr).get(url("cycle", "2025")).text
    assert "1 × 20% = 0.2 → 0" in page
    assert "超出 1 人" in page
    assert "通过核对" in page


def test_a_unit_head_sees_his_units_alone(cycle, other_unit_head, as_account):
    page = as_account(other_unit_head).get(url("cycle", "2025")).text
    assert "1 × 20%" not in page


def test_the_committee_sees_figures_without_names(cycle, committee, make_officer, station, post, as_account):
    post(make_officer(station, name="张三丰"))
    page = as_account(committee).get(url("cycle", "2025")).text
    assert "1 × 20% = 0.2 → 0" in page
    assert "张三丰" not in page


def test_a_step_is_taken_on_the_page(cycle, hr, as_account):
    answer = as_account(hr).post(url("step", "2025", "check_results"), follow=True)
    assert answer.redirect_chain == [(url("cycle", "2025"), 302)]
    cycle.refresh_from_db()
    assert cycle.state == "checked"
    assert "通过核对：周期 2025" in answer.text


def test_a_step_that_publishes_asks_for_a_reason_first(make_cycle, hr, as_account):
    cycle = make_cycle(state="checked")
    client = as_account(hr)
    assert "民警可以看到自己的结果" in client.get(url("step", "2025", "publish")).text
    answer = client.post(url("step", "2025", "publish"), {"note": ""})
    assert (answer.status_code, "请写明理由" in answer.text) == (409, True)
    assert client.post(url("step", "2025", "publish"), {"note": "内网"}).status_code == 302
    cycle.refresh_from_db()
    assert cycle.state == "on_notice"


def test_a_step_out_of_place_is_refused_in_words(cycle, hr, as_account):
    answer = as_account(hr).post(url("step", "2025", "finalise"), {"note": "x"})
    assert answer.status_code == 409
    assert "当前状态不能办理这一步" in answer.text


def test_a_barred_step_says_why(make_cycle, hr, as_account):
    make_cycle(state="on_notice", notice_until=date(2099, 1, 1))
    page = as_account(hr).get(url("cycle", "2025")).text
    assert "公示到 2099-01-01 为止" in page
    assert 'aria-disabled="true"' in page


def test_the_final_step_waits_for_the_committee(make_cycle, hr, as_account):
    make_cycle(state="objections")
    assert "这一步由党委成员办理" in as_account(hr).get(url("cycle", "2025")).text


def test_an_unknown_step_is_missing(cycle, hr, as_account):
    assert as_account(hr).post(url("step", "2025", "link")).status_code == 404


def test_hr_opens_a_cycle(hr, as_account):
    client = as_account(hr)
    said = {"code": "2026", "kind": "annual", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    assert client.post(url("cycle_new"), said).status_code == 302
    assert Cycle.objects.get().state == "collecting"
    again = client.post(url("cycle_new"), said)
    assert (again.status_code, "已有这个代码的周期" in again.text) == (422, True)


@pytest.mark.parametrize("who", ["committee", "auditor", "stranger"])
def test_nobody_else_opens_one(who, request, as_account):
    assert as_account(request.getfixturevalue(who)).get(url("cycle_new")).status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_gaps_and_anomalies_can_be_kept(cycle, hr, form, make_officer, station, post, as_account):
    post(make_officer(station, name="缺"))
    answer = as_account(hr).get(url("findings_export", "2025", form))
    assert answer.status_code == 200
    if form == "csv":
        assert "没有结果" in answer.content.decode("utf-8-sig")


def test_the_export_is_for_those_who_read_records(cycle, committee, hr, as_account):
    assert as_account(committee).get(url("findings_export", "2025", "csv")).status_code == 404
    assert as_account(hr).get(url("findings_export", "2025", "pdf")).status_code == 404


def test_the_cost_of_the_page_does_not_grow(
    cycle, hr, as_account, make_officer, make_result, station, post, django_assert_max_num_queries
):
    client = as_account(hr)
    client.get(url("cycle", "2025"))
    for _ in range(20):
        post(officer := make_officer(station))
        make_result(cycle, officer)
        post(make_officer(station))
    with django_assert_max_num_queries(22):
        client.get(url("cycle", "2025"))
