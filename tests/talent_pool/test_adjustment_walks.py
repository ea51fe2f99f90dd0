"""A post adjustment walked through the engine: nothing before he was heard, told before it takes effect, and back."""

from datetime import date

import pytest

from people.roles import Role
from talent_pool.kind import POST_ADJUSTMENT as KIND
from talent_pool.models import PostAdjustmentCase
from workflows.kinds import DecisionView

pytestmark = pytest.mark.django_db
FINDINGS = {"findings": "两年度考核表已核对"}


@pytest.fixture
def verified(adjustment, hr, officer):
    def verified(measure="降职"):
        walk = adjustment(measure).take("verify_facts", hr, **FINDINGS)
        return walk.take("state_own_view", officer, statement="我认可结果").take("submit", hr)

    return verified


@pytest.fixture
def effective(verified, committee, hr):
    def effective(measure="降职"):
        walk = verified(measure).take("decide", committee, decision="降低一个职级层次任职")
        walk.take("notify", hr, rights="30 日内可以申请复核")
        return walk.take("put_into_effect", hr, effective_on="2026-05-01")

    return effective


def test_the_straight_way(adjustment, hr, unit_head, officer, committee):
    own = (Role.OFFICER, "/B00/F01/F01P01/", officer.officer_id)
    walk = adjustment()
    assert (walk.state, walk.duty.role) == ("proposed", Role.HR)
    walk.take("verify_facts", hr, **FINDINGS)
    assert walk.told("post_adjustment.hearing") == [own]
    assert walk.why_not("submit", hr) == "本人陈述已记录，或已写明本人放弃陈述"
    walk.take("state_own_view", officer, statement="我认可结果").take("submit", hr)
    assert walk.told("post_adjustment.notified") == []  # nothing is decided, nothing is told
    walk.take("decide", committee, decision="降低一个职级层次任职").take("notify", hr, rights="30 日内可以申请复核")
    assert walk.told("post_adjustment.notified") == [own, (Role.UNIT_HEAD, "/B00/F01/F01P01/", None)]
    assert (walk.case.notified_on, walk.last_day()) == (date(2026, 3, 30), date(2026, 4, 29))
    walk.take("put_into_effect", hr, effective_on="2026-05-01")
    assert (walk.case.effective_on, walk.last_day()) == (date(2026, 5, 1), date(2027, 3, 30))
    walk.take("review", hr, words="表现良好，建议恢复").take("restore", committee)
    assert (walk.state, walk.case.outcome) == ("returned", "returned")


def test_the_calendar_day_limit_rolls_over_a_weekend(adjustment, verified, committee, hr):
    walk = verified().take("decide", committee, decision="降低一个职级层次任职")
    walk.go_to(date(2026, 4, 3)).take("notify", hr, rights="30 日内可以申请复核")
    assert walk.last_day() == date(2026, 5, 4)  # the 30th day is Sunday 3 May


def test_it_is_extended_and_reviewed_again(effective, hr, committee):
    walk = effective().take("review", hr, words="尚需观察").take("extend", committee)
    assert (walk.state, walk.duty.role) == ("extended", Role.HR)
    assert walk.take("review", hr, words="表现良好").take("restore", committee).case.outcome == "returned"


def test_a_dismissal_is_completed(effective, committee, hr):
    walk = effective("辞退审查")
    assert walk.why_not("review", hr, words="x") == "可以恢复的调整（辞退不可恢复，应直接办结）"
    assert walk.take("complete", committee).case.outcome == "completed"


def test_the_committee_refuses(verified, committee, officer):
    walk = verified("领导履职审查").take("refuse", committee)
    assert walk.case.outcome == "refused"
    assert walk.told("post_adjustment.refused") == [(Role.OFFICER, "/B00/F01/F01P01/", officer.officer_id)]


def test_the_committee_sends_it_back(verified, committee):
    assert verified().take("send_back", committee, note="补核 2024 年数据").state == "proposed"


def test_hr_records_that_he_gave_up_speaking(adjustment, hr):
    walk = adjustment().take("verify_facts", hr, **FINDINGS)
    walk.take("record_hearing", hr, statement="3月31日由周静告知，本人放弃陈述。").take("submit", hr)
    assert walk.state == "verified"


def test_another_may_not_speak_for_him(adjustment, hr, stranger):
    walk = adjustment().take("verify_facts", hr, **FINDINGS)
    assert walk.outcome("state_own_view", stranger, statement="x").refused[walk.case_id].reason == "not_permitted"


def test_another_case_freezes_it_and_it_goes_on_where_it_was(verified, hr):
    walk = verified().be_held(hr).be_held(hr)
    assert (walk.state, walk.duty.role) == ("frozen", Role.HR)
    assert walk.be_released(hr).state == "frozen"
    assert walk.be_released(hr).state == "verified"


def test_it_is_withdrawn_while_frozen(verified, hr):
    assert verified().be_held(hr).take("withdraw", hr).case.outcome == "withdrawn"


def test_what_is_in_effect_is_not_withdrawn(effective, hr):
    assert effective().be_held(hr).why_not("withdraw", hr) == "尚未执行"


def test_every_state_has_a_duty_or_an_outcome():
    states = set(PostAdjustmentCase.State.values)
    assert states == {*map(str, KIND.duties)} | {*map(str, KIND.outcomes)}
    assert states == {*map(str, KIND.tones)}


@pytest.mark.parametrize("word", PostAdjustmentCase.measure.field.choices)
def test_each_word_of_a_policy_opens_under_its_name(adjustment, word):
    value, label = word
    title, fields = KIND.from_decision(DecisionView(rule="P05", cycle="2025", outcome=value))
    assert (title, fields, adjustment(value).case.get_measure_display()) == (value, {"measure": value}, label)
