"""The reward walked through the engine: the straight way, each side way, the days, the messages, the fact."""

from datetime import date

import pytest

from appraisal.models import Fact
from people.accounts import machine
from people.roles import Role
from rewards.kind import REWARD
from rewards.models import Award, CertificateBook, RewardCase
from tests.walk import begin
from workflows import actions, effects, outbox
from workflows.models import OutboxMessage, WorkItem

pytestmark = pytest.mark.django_db
DEEDS = "三月十二日夜救出落水群众两人。"


@pytest.fixture
def branch_committee(make_account, branch):
    return make_account("branch_committee", Role.COMMITTEE, branch)


@pytest.fixture
def vetted(reward, hr, unit_head, committee, inspector):
    """A 三等功 the committee agreed to."""

    def vetted(award="三等功"):
        walk = reward(award).take("screen", hr).take("propose", unit_head, deeds=DEEDS)
        return walk.take("state_discipline", inspector, finding="clear").take("vet", committee)

    return vetted


@pytest.fixture
def granted(vetted, hr):
    return lambda: vetted().take("publish", hr).outlive().take("grant", hr)


def test_the_straight_way(reward, hr, unit_head, committee, inspector, officer):
    walk = reward()
    assert (walk.state, walk.duty.role, walk.last_day()) == ("detected", Role.HR, date(2026, 4, 14))
    walk.take("screen", hr)
    assert (walk.duty.role, walk.duty.desk) == (Role.UNIT_HEAD, officer.officer.unit.path)
    walk.take("propose", unit_head, deeds=DEEDS)
    assert walk.why_not("vet", committee) == "纪检督察已出具意见，无影响奖励的问题"
    walk.take("state_discipline", inspector, finding="clear").take("vet", committee, opinion="同意")
    walk.take("publish", hr)
    # Seven working days from Monday 30 March: the holiday and the weekends do not count.
    assert (walk.case.notice_ends, walk.last_day()) == (date(2026, 4, 9), date(2026, 4, 9))
    walk.go_to(date(2026, 4, 9))
    assert walk.state == "on_notice"
    walk.go_to(date(2026, 4, 10))
    assert walk.state == "approved"
    walk.take("grant", hr)
    case = walk.case
    assert (case.outcome, case.certificate, case.granted_on) == ("granted", "奖-2026-00001", date(2026, 4, 10))
    assert not WorkItem.objects.filter(closed_at=None).exists()
    assert walk.steps == [
        "open", "screen", "propose", "state_discipline", "vet", "publish", "approve", "grant",
    ]  # fmt: skip


def test_a_case_takes_the_terms_of_its_award(reward):
    walk = reward("三等功")
    case = walk.case
    assert (case.organ, case.notice_days, case.needs_discipline, case.entitlement) == ("bureau", 7, True, False)
    Award.objects.filter(code="三等功").update(notice_days=1)
    assert walk.case.notice_days == 7


def test_an_award_nobody_entered_opens_under_the_strictest_terms(hr, officer):
    walk = begin(REWARD, title="特别奖", subject=officer.officer, actor=hr, fields={"award_id": "特别奖"})
    assert (walk.case.organ, walk.case.notice_days, walk.case.needs_discipline) == ("bureau", 7, True)
    assert Award.objects.filter(code="特别奖").exists()


def test_a_short_award_needs_no_inspection_office_and_the_branch_decides(
    reward, hr, unit_head, branch_committee, committee
):
    walk = reward("嘉奖").take("screen", hr).take("propose", unit_head, deeds=DEEDS)
    assert walk.duty.desk == "/B00/F01/"
    walk.take("vet", branch_committee).take("publish", hr)
    assert walk.last_day() == date(2026, 4, 7)


def test_a_great_award_goes_to_the_bureau(reward, hr, unit_head, branch_committee, committee):
    walk = reward("三等功").take("screen", hr).take("propose", unit_head, deeds=DEEDS)
    assert walk.duty.desk == "/B00/"
    assert walk.outcome("reject", branch_committee).refused[walk.case_id].reason == "not_permitted"


def test_an_award_without_notice_goes_straight_to_approved(reward, hr, unit_head, committee):
    walk = reward("通报表扬").take("screen", hr).take("propose", unit_head, deeds=DEEDS).take("vet", committee)
    assert walk.why_not("publish", hr) == "这一奖项须公示"
    assert walk.take("approve_without_notice", hr).take("grant", hr).state == "granted"


def test_an_entitlement_takes_two_steps(reward, hr):
    walk = reward("晋档")
    assert walk.why_not("screen", hr) == "这是须经提名和审核的奖励，不是应得待遇"
    walk.take("confirm_entitlement", hr).take("grant", hr)
    assert walk.state == "granted"


def test_not_proposed_in_ninety_days_it_lapses(reward, hr, unit_head):
    walk = reward().take("screen", hr)
    assert walk.last_day() == date(2026, 6, 28)
    walk.go_to(date(2026, 6, 28))
    assert walk.state == "screened"
    walk.outlive()
    assert (walk.state, walk.case.outcome) == ("lapsed", "lapsed")
    assert walk.told("reward.lapsed") == [(Role.HR, "/B00/", None)]


def test_sent_back_it_keeps_its_ninety_days(reward, hr, unit_head, committee):
    walk = reward("嘉奖").take("screen", hr).take("propose", unit_head, deeds=DEEDS)
    walk.pass_time(days=60)
    walk.take("send_back", committee, note="写明时间")
    assert walk.last_day() == date(2026, 6, 28)


def test_a_case_is_screened_out_or_rejected(reward, hr, unit_head, committee):
    assert reward("嘉奖").take("screen_out", hr).state == "rejected"


def test_the_committee_rejects_on_notice(vetted, hr, committee):
    walk = vetted().take("publish", hr).take("reject", committee)
    assert (walk.state, walk.case.outcome) == ("rejected", "rejected")


def test_an_objection_holds_the_case_but_not_the_notice(vetted, hr, officer):
    walk = vetted().take("publish", hr).be_held(officer)
    assert (walk.state, walk.duty.role) == ("held", Role.HR)
    walk.go_to(date(2026, 4, 13))
    assert walk.state == "held"
    walk.be_released(hr)
    assert (walk.state, walk.last_day()) == ("on_notice", date(2026, 4, 9))
    assert walk.go_to(date(2026, 4, 14)).state == "approved"


def test_an_objection_that_is_right_ends_it_before_it_is_let_go(vetted, hr, committee):
    walk = vetted().take("publish", hr).be_held(hr).take("reject", committee, note="异议成立")
    assert walk.case.outcome == "rejected"
    assert not effects.release([walk.case_id], walk.moment(hr)).taken


def test_an_inquiry_suspends_and_resumes(vetted, hr, inspector):
    walk = vetted().take("suspend", inspector)
    assert (walk.state, walk.duty.role, walk.last_day()) == ("suspended", Role.INSPECTOR, date(2026, 6, 30))
    assert walk.take("resume", inspector).state == "vetted"


def test_an_inquiry_ends_it(vetted, inspector):
    assert vetted().take("suspend", inspector).take("end_by_inquiry", inspector).case.outcome == "rejected"


def test_what_no_longer_holds_is_withdrawn(vetted, hr):
    walk = vetted()
    outcome = actions.advance([walk.case_id], REWARD.withdraw, actor=machine("loader"), clock=walk.clock)
    assert outcome.taken
    assert walk.case.outcome == "withdrawn"


def test_the_award_comes_back_as_a_fact_once(granted, officer):
    walk = granted()
    for _ in range(2):
        outbox.deliver_all(now=walk.clock.at)
        OutboxMessage.objects.filter(topic="fact").update(sent_at=None, available_at=walk.clock.at)
    fact = Fact.objects.get()
    assert (fact.officer_id, fact.kind, fact.level, fact.from_day) == (
        officer.officer_id,
        "award",
        "三等功",
        date(2026, 4, 10),
    )
    assert fact.source == f"reward:{walk.case_id}:award"


def test_a_revoked_award_counts_as_never_given(granted, committee):
    walk = granted().take("revoke", committee, reason="fraud")
    assert (walk.state, walk.case.outcome, walk.case.certificate) == ("revoked", "revoked", "奖-2026-00001")
    outbox.deliver_all(now=walk.clock.at)
    assert list(Fact.objects.order_by("id").values_list("level", "from_day", "withdrawn")) == [
        ("三等功", date(2026, 4, 10), False),
        ("三等功", date(2026, 4, 10), True),
    ]


def test_who_is_told(granted, officer, unit_head):
    walk = granted()
    own = (Role.OFFICER, "/B00/F01/F01P01/", officer.officer_id)
    head = (Role.UNIT_HEAD, "/B00/F01/F01P01/", None)
    assert walk.told("reward.detected") == [(Role.HR, "/B00/", None)]
    assert walk.told("reward.discipline") == [(Role.INSPECTOR, "/B00/", None)]
    assert walk.told("reward.notice") == [head, own]
    assert walk.told("reward.granted") == [own]


def test_hundreds_are_granted_at_once_and_numbered_without_gaps(catalogue, hr, make_officer, station):
    many = [make_officer(station) for _ in range(30)]
    walks = [begin(REWARD, title="晋档", subject=one, actor=hr, fields={"award_id": "晋档"}) for one in many]
    ids, clock = [walk.case_id for walk in walks], walks[0].clock
    for step in (RewardCase.confirm_entitlement, RewardCase.grant):
        assert len(actions.advance(ids, step, actor=hr, clock=clock).taken) == 30
    numbers = RewardCase.objects.order_by("certificate").values_list("certificate", flat=True)
    assert list(numbers) == [f"奖-2026-{n:05}" for n in range(1, 31)]
    assert CertificateBook.objects.get().last == 30
    assert len(set(RewardCase.objects.values_list("checksum", flat=True))) == 30


def test_every_state_has_a_duty_or_an_outcome():
    states = set(RewardCase.State.values)
    assert states == {*map(str, REWARD.duties)} | {*map(str, REWARD.outcomes)}
    assert states == {*map(str, REWARD.tones)}
