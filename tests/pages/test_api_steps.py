"""Taking steps over the API: each refusal has its code, and nothing is saved by a refused call."""

from uuid import uuid4

import pytest

from tests.errand.models import Errand
from workflows.models import Case, TransitionRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def take(as_account):
    def take(account, case, step="accept", **call):
        address = f"/api/cases/{case.pk}/steps/{step}/"
        return as_account(account).post(address, call, content_type="application/json")

    return take


@pytest.fixture
def take_many(as_account):
    def take_many(account, cases, step="accept", **call):
        body = {"cases": [str(key) for key in cases], **call}
        return as_account(account).post(f"/api/steps/errand/{step}/", body, content_type="application/json")

    return take_many


def test_it_takes_the_step(take, hr, make_case):
    case = make_case()
    answer = take(hr, case, note="同意", version=1)
    assert answer.status_code == 200
    assert answer.json() == {"taken": [str(case.pk)], "repeated": [], "refused": []}
    record = TransitionRecord.objects.get(case=case.pk, number=2)
    assert (record.step, record.note, record.actor_id) == ("accept", "同意", hr.pk)


def test_pressed_twice_it_is_done_once(take, hr, make_case):
    case, key = make_case(), str(uuid4())
    take(hr, case, request_key=key)
    again = take(hr, case, request_key=key)
    assert again.json()["repeated"] == [str(case.pk)]
    assert Case.objects.get(pk=case.pk).version == 2


def test_a_key_of_another_press_is_refused(take, hr, make_case):
    case, key = make_case(), str(uuid4())
    take(hr, case, request_key=key)
    answer = take(hr, case, step="remark", inputs={"text": "急"}, request_key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")


def test_who_saw_an_older_version_is_told_so(take, hr, make_case):
    case = make_case()
    answer = take(hr, case, version=7)
    assert answer.status_code == 409
    assert answer.json() == {"code": "outrun", "words": "他人已先办理，请看最新状态"}


def test_a_step_not_possible_from_here_is_refused(take, hr, make_case):
    answer = take(hr, make_case(), step="replan")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_possible")


def test_a_step_of_somebody_else_is_refused(take, unit_head, make_case):
    answer = take(unit_head, make_case())
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_an_unmet_condition_is_named(take, hr, make_case):
    answer = take(hr, make_case(purpose=""))
    assert answer.status_code == 422
    assert answer.json() == {"code": "unmet", "words": "条件未满足：事由已填写"}


def test_a_hidden_case_is_a_missing_one(take, stranger, make_case):
    case = make_case()
    hidden, missing = take(stranger, case), take(stranger, Errand(pk=uuid4()))
    assert (hidden.status_code, hidden.content) == (404, missing.content)


def test_a_step_that_does_not_exist_is_missing(take, hr, make_case):
    assert take(hr, make_case(), step="fly").status_code == 404


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"days": 3}, "place"),
        ({"place": "省厅", "days": "许多"}, "days"),
        ({"place": "省厅", "days": 3, "until": "明天"}, "until"),
        ({"place": "省厅", "days": 3, "pay": 10}, "pay"),
    ],
)
def test_inputs_are_checked_as_on_the_page(take, hr, make_case, inputs, field):
    case = make_case()
    take(hr, case)
    answer = take(hr, case, step="plan", inputs=inputs)
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert Case.objects.get(pk=case.pk).version == 2


def test_what_the_step_itself_refuses_is_said(take, hr, make_case):
    case = make_case()
    take(hr, case)
    answer = take(hr, case, step="plan", inputs={"place": "省厅", "days": 0})
    assert answer.status_code == 422
    assert answer.json()["words"] == "条件未满足：至少需要一天"


def test_a_harmful_step_demands_a_reason(take, hr, make_case):
    case = make_case()
    take(hr, case)
    take(hr, case, step="plan", inputs={"place": "省厅", "days": 1})
    assert "note" in take(hr, case, step="finish").json()["fields"]
    assert take(hr, case, step="finish", note="已送达").status_code == 200


@pytest.mark.parametrize("body", ["{", "[]", '{"version": "x"}', '{"inputs": 3}', '{"request_key": "x"}'])
def test_a_call_nobody_can_read_is_refused(as_account, hr, make_case, body):
    case = make_case()
    answer = as_account(hr).post(f"/api/cases/{case.pk}/steps/accept/", body, content_type="application/json")
    assert answer.status_code == 400
    assert {"code", "words"} <= set(answer.json())
    assert Case.objects.get(pk=case.pk).version == 1


def test_a_set_is_judged_one_by_one(take_many, hr, make_cases, make_case):
    good, bad, unknown = make_cases(2), make_case(purpose=""), uuid4()
    answer = take_many(hr, [*good, bad.pk, unknown])
    assert answer.status_code == 200
    outcome = answer.json()
    assert set(outcome["taken"]) == {str(key) for key in good}
    refused = {row["case"]: row["code"] for row in outcome["refused"]}
    assert refused == {str(bad.pk): "unmet", str(unknown): "not_found"}


def test_a_stranger_moves_nothing_of_a_set(take_many, stranger, make_cases):
    cases = make_cases(2)
    outcome = take_many(stranger, cases).json()
    assert outcome["taken"] == []
    assert {row["code"] for row in outcome["refused"]} == {"not_found"}


def test_an_empty_set_or_an_unknown_kind_is_refused(take_many, as_account, hr):
    assert take_many(hr, []).status_code == 400
    answer = as_account(hr).post("/api/steps/x/accept/", {"cases": [str(uuid4())]}, content_type="application/json")
    assert answer.status_code == 404
