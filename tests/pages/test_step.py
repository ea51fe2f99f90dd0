"""Taking a step from the page of a case."""

from uuid import uuid4

import pytest

from tests.errand.models import Errand
from workflows import actions
from workflows.models import Case, TransitionRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    return lambda case, step="accept": f"/cases/{case.pk}/{step}/"


def test_it_asks_and_tells_who_will_be_told(as_account, hr, make_case, address):
    page = as_account(hr).get(address(make_case()))
    assert page.status_code == 200
    assert "进入“已受理”" in page.text
    assert "通知政治处" in page.text


def test_it_takes_the_step_and_leads_back(as_account, hr, make_case, address):
    case = make_case()
    answer = as_account(hr).post(address(case), {"note": "同意", f"seen-{case.pk}": 1}, follow=True)
    assert answer.redirect_chain == [(f"/cases/{case.pk}/", 302)]
    assert "已办理：受理。" in answer.text
    assert TransitionRecord.objects.get(case=case.pk, number=2).note == "同意"


def test_with_htmx_it_answers_with_the_parts_that_changed(as_account, hr, make_case, address):
    case = make_case()
    answer = as_account(hr).post(address(case), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == '{"step-taken": {}}'
    for part in ("case-panel", "standing", "missing", "kind-panel", "timeline", "toasts"):
        assert f'id="{part}"' in answer.text
    assert "<html" not in answer.text


def test_a_stranger_finds_no_such_step(as_account, stranger, make_case, address):
    case = make_case()
    browser = as_account(stranger)
    assert browser.get(address(case)).status_code == 404
    assert browser.post(address(case)).status_code == 404
    assert Case.objects.get(pk=case.pk).version == 1


def test_an_unknown_step_is_not_there(as_account, hr, make_case, address):
    assert as_account(hr).get(address(make_case(), "fly")).status_code == 404


def test_a_step_not_possible_now_is_refused(as_account, hr, make_case, address):
    answer = as_account(hr).post(address(make_case(), "replan"))
    assert answer.status_code == 409
    assert "看最新状态" in answer.text


def test_a_step_of_another_is_refused(as_account, unit_head, make_case, address):
    answer = as_account(unit_head).post(address(make_case()))
    assert answer.status_code == 403
    assert "你没有办理这一步的权限" in answer.text


def test_an_unmet_condition_is_named(as_account, hr, make_case, address):
    answer = as_account(hr).post(address(make_case(purpose="")))
    assert answer.status_code == 422
    assert "条件未满足：事由已填写" in answer.text


def test_who_looked_at_an_older_version_is_told_so(as_account, hr, make_case, address):
    case = make_case()
    actions.advance([case.pk], Errand.accept, actor=hr)
    actions.advance([case.pk], Errand.remark, actor=hr, inputs={"text": "急"})
    answer = as_account(hr).post(address(case, "remark"), {"text": "又", f"seen-{case.pk}": 2})
    assert answer.status_code == 409
    assert "他人已先办理，请看最新状态" in answer.text


def test_pressed_twice_it_is_done_once(as_account, hr, make_case, address):
    case, browser = make_case(), as_account(hr)
    press = {"request_key": str(uuid4()), f"seen-{case.pk}": 1}
    browser.post(address(case), press)
    again = browser.post(address(case), press)
    assert again.status_code == 302
    assert Case.objects.get(pk=case.pk).version == 2


def test_a_form_with_errors_keeps_what_was_written(as_account, hr, make_case, address):
    case = make_case()
    actions.advance([case.pk], Errand.accept, actor=hr)
    answer = as_account(hr).post(address(case, "plan"), {"place": "省厅", "days": "许多", "request_key": "x"})
    assert answer.status_code == 422
    assert 'value="省厅"' in answer.text
    assert 'role="alert"' in answer.text
    assert 'href="#id_days"' in answer.text


def test_a_refused_dialog_stays_a_dialog(as_account, hr, make_case, address):
    case = make_case()
    actions.advance([case.pk], Errand.accept, actor=hr)
    answer = as_account(hr).post(address(case, "plan"), headers={"HX-Request": "true"})
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#step-dialog", "innerHTML")


def test_a_step_that_ends_something_demands_a_reason(as_account, hr, make_case, address):
    case = make_case()
    actions.advance([case.pk], Errand.accept, actor=hr)
    actions.advance([case.pk], Errand.plan, actor=hr, inputs={"place": "省厅", "days": 1})
    browser = as_account(hr)
    assert browser.post(address(case, "finish")).status_code == 422
    assert browser.post(address(case, "finish"), {"note": "已送达"}).status_code == 302


def test_only_get_and_post_are_understood(as_account, hr, make_case, address):
    assert as_account(hr).put(address(make_case())).status_code == 405
