"""The page of a case: where it stands, what is missing, why, what happened, and whose turn it is."""

import re

import pytest

from people.models import AccessLog
from tests.errand.models import Errand
from workflows import actions, effects
from workflows import clock as clocks
from workflows.kinds import Moment

pytestmark = pytest.mark.django_db


def test_it_tells_where_the_case_stands(as_account, hr, make_case):
    case = make_case()
    page = as_account(hr).get(f"/cases/{case.pk}/")
    assert page.status_code == 200
    assert "连续 3 年优秀（2023、2024、2025）" in page.text
    assert "链条已校验" in page.text
    assert "事由已填写" in page.text
    assert "交单位负责人办理“安排”，期限 10 个工作日" in page.text


def test_a_hidden_case_and_a_missing_one_answer_alike(as_account, stranger, make_case):
    browser = as_account(stranger)
    hidden = browser.get(f"/cases/{make_case().pk}/")
    missing = browser.get("/cases/01999999-9999-7999-9999-999999999999/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert "没有这一页，或你没有查看的权限" in hidden.text
    assert said(hidden) == said(missing)


def said(page):
    """What a page says, but for its own address and the token of its forms."""
    token = r'name="(csrf-token|csrfmiddlewaretoken)" (content|value)="\w+"'
    return re.sub(token, "", page.text.replace(page.context["request"].path, ""))


def test_a_barred_step_is_shown_with_what_is_missing(as_account, hr, make_case):
    page = as_account(hr).get(f"/cases/{make_case(purpose='').pk}/")
    assert 'aria-disabled="true"' in page.text
    assert "还差：事由已填写。" in page.text
    assert "“受理”之前，还差 1 项" in page.text


def test_who_may_not_act_is_told_whose_turn_it_is(as_account, unit_head, make_case):
    page = as_account(unit_head).get(f"/cases/{make_case().pk}/")
    assert "这一步不由你办理" in page.text
    assert "政治处" in page.text
    assert "hx-post" not in page.text


def test_the_subject_reads_the_same_and_finds_his_rights(as_account, officer, make_case):
    page = as_account(officer).get(f"/cases/{make_case(officer=officer.officer).pk}/")
    assert page.status_code == 200
    assert "你的权利" in page.text


def test_each_look_of_another_is_written_down(as_account, hr, subject, make_case):
    as_account(hr).get(f"/cases/{make_case().pk}/")
    assert AccessLog.objects.filter(account=hr, officer=subject, page="workflows:case").count() == 1


def test_what_was_entered_is_read_by_those_who_work_on_it(as_account, hr, officer, make_case):
    case = make_case(officer=officer.officer)
    actions.advance([case.pk], Errand.accept, actor=hr)
    actions.advance([case.pk], Errand.plan, actor=hr, inputs={"place": "省厅", "days": 3})
    assert "地点：省厅；天数：3" in as_account(hr).get(f"/cases/{case.pk}/").text
    assert "地点：省厅" not in as_account(officer).get(f"/cases/{case.pk}/").text


def test_a_held_case_says_so_above_all(as_account, hr, make_case):
    case = make_case()
    actions.advance([case.pk], Errand.accept, actor=hr)
    clock = clocks.now()
    effects.hold([case.pk], Moment(actor=hr, at=clock.at, calendar=clock.calendar), "对认定有异议")
    page = as_account(hr).get(f"/cases/{case.pk}/")
    assert 'class="banner" data-tone="hold"' in page.text
    assert "对认定有异议" in page.text


def test_a_long_history_opens_on_demand(as_account, hr, make_case):
    case = make_case()
    actions.advance([case.pk], Errand.accept, actor=hr)
    for number in range(25):
        actions.advance([case.pk], Errand.remark, actor=hr, inputs={"text": str(number)})
    browser = as_account(hr)
    assert "显示更早的 7 条" in browser.get(f"/cases/{case.pk}/").text
    assert len(browser.get(f"/cases/{case.pk}/?all").context["shown"].happenings) == 27


def test_it_costs_a_fixed_number_of_queries(as_account, hr, make_case, django_assert_max_num_queries):
    case = make_case()
    browser = as_account(hr)
    browser.get(f"/cases/{case.pk}/")
    actions.advance([case.pk], Errand.accept, actor=hr)
    for number in range(10):
        actions.advance([case.pk], Errand.remark, actor=hr, inputs={"text": str(number)})
    with django_assert_max_num_queries(20):
        browser.get(f"/cases/{case.pk}/")
