"""One step on many cases: each is judged alone, refusals come back by name."""

from uuid import uuid4

import pytest

from tests.errand.models import Errand
from workflows import actions
from workflows.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(as_account):
    def press(account, cases, **more):
        return as_account(account).post("/cases/step/", {"case": [str(key) for key in cases], **more})

    return press


def test_it_offers_the_steps_of_what_was_chosen(press, hr, make_cases):
    page = press(hr, make_cases(3))
    assert "选择要办的步骤" in page.text
    assert "3 件条件已齐" in page.text


def test_it_asks_once_and_says_who_will_be_refused(press, hr, make_cases, make_case):
    page = press(hr, [*make_cases(2), make_case(purpose="").pk], kind="errand", step="accept")
    assert "按现在的情况，1 件会被拒" in page.text
    assert "受理 3 件" in page.text


def test_it_takes_the_step_and_names_the_refused(press, hr, make_cases, make_case):
    good, bad = make_cases(2), make_case(purpose="")
    page = press(hr, [*good, bad.pk], kind="errand", step="accept", confirm="1")
    assert "已办理 2 件，1 件被拒，原因如下。" in page.text
    assert "条件未满足：事由已填写" in page.text
    assert set(Case.objects.filter(state="accepted").values_list("pk", flat=True)) == set(good)


def test_pressed_twice_it_is_done_once(press, hr, make_cases):
    cases, key = make_cases(2), str(uuid4())
    for _ in range(2):
        page = press(hr, cases, kind="errand", step="accept", confirm="1", request_key=key)
    assert "已办理 2 件" in page.text
    assert set(Case.objects.values_list("version", flat=True)) == {2}


def test_a_stranger_moves_nothing(press, stranger, make_cases):
    page = press(stranger, make_cases(2), kind="errand", step="accept", confirm="1")
    assert "已办理 0 件" in page.text
    assert set(Case.objects.values_list("version", flat=True)) == {1}


def test_what_changed_meanwhile_is_refused(press, hr, make_cases):
    (case,) = make_cases(1)
    actions.advance([case], Errand.accept, actor=hr)
    actions.advance([case], Errand.remark, actor=hr, inputs={"text": "急"})
    more = {f"seen-{case}": "1", "text": "又"}
    page = press(hr, [case], kind="errand", step="remark", confirm="1", **more)
    assert "他人已先办理，请看最新状态" in page.text


def test_missing_inputs_are_asked_for_once(press, hr, make_cases):
    cases = make_cases(2)
    actions.advance(cases, Errand.accept, actor=hr)
    page = press(hr, cases, kind="errand", step="plan", confirm="1")
    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_nothing_chosen_is_said(press, hr):
    assert "没有选择事项" in press(hr, ["nonsense"]).text


def test_it_is_not_a_page_to_open(as_account, hr):
    assert as_account(hr).get("/cases/step/").status_code == 405
