"""The case page of rewards and resources: their own facts, their steps pressed by the people they fall to."""

from datetime import date

import pytest

from rewards.models import ResourceCase, RewardCase
from tests.walk import press, put

pytestmark = pytest.mark.django_db
DEEDS = "三月十二日夜救出落水群众两人。"


def page_of(client, walk):
    page = client.get(f"/cases/{walk.case_id}/")
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("state", RewardCase.State.values)
def test_a_reward_shows_its_facts_in_every_state(reward, hr, as_account, state):
    walk = put(
        reward(),
        state,
        deeds=DEEDS,
        discipline="concern",
        discipline_words="上月受诫勉",
        notice_until=date(2026, 4, 9),
        bonus=3000,
        certificate="奖-2026-00001",
        revocation="fraud",
        suspended_from="vetted",
        held_from="vetted",
    )
    text = page_of(as_account(hr), walk)
    for word in ("三等功", "市局", DEEDS, "上月受诫勉", "4月9日", "3000.00 元", "奖-2026-00001", "弄虚作假骗取奖励"):
        assert word in text


@pytest.mark.parametrize("state", ResourceCase.State.values)
def test_a_resource_case_shows_its_facts_in_every_state(resource, hr, as_account, state):
    lines = [{"item": "执法记录仪", "quantity": 10, "amount": "25000.00"}]
    walk = put(
        resource(),
        state,
        priority=2,
        lines=lines,
        asked=25000,
        allocated=20000,
        delivery="十台",
        effect="improved",
        held_from="reviewed",
    )
    text = page_of(as_account(hr), walk)
    for word in ("执法记录仪", "25000.00", "20000.00 元", "十台", "指标有改善"):
        assert word in text


@pytest.mark.parametrize("who", ["stranger", "other_unit_head", "trainer", "administrator"])
def test_a_stranger_gets_nothing(reward, request, as_account, who):
    walk = reward()
    assert as_account(request.getfixturevalue(who)).get(f"/cases/{walk.case_id}/").status_code == 404


def test_the_steps_are_pressed_by_those_they_fall_to(reward, as_account, hr, unit_head, inspector, committee):
    walk = reward()
    press(as_account(hr), walk, "screen")
    press(as_account(unit_head), walk, "propose", deeds=DEEDS)
    press(as_account(inspector), walk, "state_discipline", finding="clear")
    press(as_account(committee), walk, "vet", opinion="同意")
    press(as_account(hr), walk, "publish", note="在局域网公示")
    assert walk.state == "on_notice"


def test_what_is_wrong_in_a_form_is_said_and_nothing_saved(reward, as_account, hr, unit_head):
    walk = reward().take("screen", hr)
    page = as_account(unit_head).post(f"/cases/{walk.case_id}/propose/", {"deeds": "很好"})
    assert page.status_code == 422
    assert walk.state == "screened"


def test_a_unit_asks_by_the_line(resource, as_account, hr, unit_head, equipment, committee):
    walk = resource()
    press(as_account(hr), walk, "screen")
    press(as_account(unit_head), walk, "propose", request="旧机已坏", lines="执法记录仪，10，25000")
    press(as_account(equipment), walk, "review", priority="1")
    press(as_account(committee), walk, "publish", note="同意")
    walk.outlive()
    press(as_account(equipment), walk, "allocate", amount="20000")
    press(as_account(equipment), walk, "deliver", delivery="十台")
    press(as_account(unit_head), walk, "confirm_receipt", receipt="收到十台")
    press(as_account(hr), walk, "review_effect", effect="improved", note="复核完毕")
    assert walk.state == "closed"


def test_the_english_page_keeps_the_awards_name_with_the_english_once(reward, hr, as_account):
    client, walk = as_account(hr), reward()
    assert "Third-class merit" not in page_of(client, walk)
    client.post("/language/", {"language": "en"})
    assert "三等功 (Third-class merit)" in page_of(client, walk)
