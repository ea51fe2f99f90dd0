"""The unit's priority walked through the engine: the straight way, each side way, the days, the messages."""

from datetime import date
from decimal import Decimal

import pytest

from people.roles import Role
from rewards.kind import RESOURCE
from rewards.models import ResourceCase

pytestmark = pytest.mark.django_db
LINES = [{"item": "执法记录仪", "quantity": 10, "amount": "25000.00"}]
HEAD = (Role.UNIT_HEAD, "/B00/F01/F01P01/", None)


@pytest.fixture
def proposed(resource, hr, unit_head):
    return lambda: resource().take("screen", hr).take("propose", unit_head, request="旧机已坏", lines=LINES)


@pytest.fixture
def approved(proposed, equipment, committee):
    return lambda: proposed().take("review", equipment, priority=1).take("publish", committee).outlive()


def test_the_straight_way(resource, hr, unit_head, equipment, committee):
    walk = resource()
    assert (walk.state, walk.duty.role, walk.told("resource.detected")) == (
        "ranked",
        Role.HR,
        [(Role.HR, "/B00/", None)],
    )
    walk.take("screen", hr)
    assert (walk.duty.role, walk.duty.desk) == HEAD[:2]
    walk.take("propose", unit_head, request="旧机已坏", lines=LINES)
    assert walk.duty.role == Role.EQUIPMENT
    walk.take("review", equipment, priority=1, opinion="库存足").take("publish", committee)
    assert walk.last_day() == date(2026, 4, 7)  # five working days, the holiday not counted
    walk.outlive()
    assert (walk.state, walk.duty.role) == ("approved", Role.EQUIPMENT)
    walk.take("allocate", equipment, amount="20000").take("deliver", equipment, delivery="十台，五月三日交陈所长")
    assert walk.told("resource.delivered") == [HEAD]
    assert walk.why_not("review_effect", hr, effect="improved") == "单位已确认收到"
    walk.take("confirm_receipt", unit_head, receipt="收到十台")
    assert walk.last_day() == date(2027, 4, 8)
    walk.take("review_effect", hr, effect="improved", words="接警用时少了两分钟")
    case = walk.case
    assert (walk.state, case.outcome, case.lines) == ("closed", "closed", LINES)
    assert (case.priority, case.asked, case.allocated) == (1, Decimal(25000), Decimal(20000))


def test_more_than_was_asked_is_not_allocated(approved, equipment):
    assert "不超过申报的 25000.00 元" in approved().why_not("allocate", equipment, amount="25000.01")


def test_a_request_is_sent_back_and_made_again(proposed, unit_head, equipment):
    walk = proposed().take("send_back", equipment, note="写明型号")
    walk.take("propose", unit_head, request="旧机已坏", lines=[{"item": "甲型", "quantity": 1, "amount": "9.00"}])
    assert (walk.state, walk.case.asked) == ("proposed", Decimal(9))


@pytest.mark.parametrize(
    ("steps", "end"),
    [
        ([("screen_out", "hr")], "rejected"),
        ([("screen", "hr"), ("decline", "unit_head")], "withdrawn"),
        ([("withdraw", "hr")], "withdrawn"),
    ],
)
def test_early_ends(resource, request, steps, end):
    walk = resource()
    for step, who in steps:
        walk.take(step, request.getfixturevalue(who))
    assert (walk.state, walk.case.outcome) == (end, end)


def test_equipment_rejects_with_word_to_the_unit(proposed, equipment):
    walk = proposed().take("reject", equipment, note="预算已尽")
    assert (walk.case.outcome, walk.told("resource.rejected")) == ("rejected", [HEAD])


def test_the_committee_refuses_on_notice(proposed, equipment, committee):
    walk = proposed().take("review", equipment, priority=1).take("publish", committee).take("refuse", committee)
    assert walk.case.outcome == "rejected"


def test_it_is_rescinded_when_the_result_falls(approved, equipment, committee):
    walk = approved().take("allocate", equipment, amount="20000").take("rescind", committee, note="结果已更正")
    assert walk.case.outcome == "rescinded"
    assert walk.told("resource.rescinded") == [HEAD, (Role.EQUIPMENT, "/B00/", None)]


def test_an_objection_holds_the_case_but_not_the_notice(proposed, equipment, committee, hr):
    walk = proposed().take("review", equipment, priority=1).take("publish", committee).be_held(hr)
    assert walk.state == "held"
    walk.go_to(date(2026, 4, 13)).be_released(hr)
    assert walk.last_day() == date(2026, 4, 7)
    assert walk.go_to(date(2026, 4, 14)).state == "approved"


def test_every_state_has_a_duty_or_an_outcome():
    states = set(ResourceCase.State.values)
    assert states == {*map(str, RESOURCE.duties)} | {*map(str, RESOURCE.outcomes)}
    assert states == {*map(str, RESOURCE.tones)}
