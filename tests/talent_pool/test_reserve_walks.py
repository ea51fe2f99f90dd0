"""The promotion reserve walked through the engine: candidate, member, appointed; and each way out."""

from datetime import date

import pytest

from people.roles import Role
from talent_pool.kind import RESERVE
from talent_pool.models import ReserveCase, Review
from tests.walk import begin
from workflows import actions
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db
GROUNDS = "连续两年优秀，办案质量全分局第一。"
VOTE = {"members": 9, "recused": 1, "present": 8, "in_favour": 8}


@pytest.fixture
def tested(reserve, unit_head, hr):
    return lambda: reserve().take("nominate", unit_head, grounds=GROUNDS, stream="deputy").take("call_reviews", hr)


@pytest.fixture
def inspected(tested, hr, leader, committee):
    def inspected():
        walk = tested().take("record_peer_review", hr, ballots=41, in_favour=37)
        for reviewer, score in ((leader, 5), (committee, 4)):
            walk.take("write_review", reviewer, score=score, words="办案扎实")
        return walk.take("begin_inspection", hr)

    return inspected


@pytest.fixture
def submitted(inspected, hr, inspector):
    def submitted():
        walk = inspected().take("file_report", hr, report="谈话十二人，建议入库。")
        return walk.take("state_discipline", inspector, finding="clear").take("submit", hr)

    return submitted


@pytest.fixture
def on_notice(submitted, committee, hr):
    return lambda tier="ready": submitted().take("decide", committee, **VOTE, tier=tier).take("publish", hr)


@pytest.fixture
def admitted(on_notice):
    return lambda tier="ready": on_notice(tier).outlive()


@pytest.fixture
def on_trial(admitted, hr, committee):
    def on_trial():
        return admitted().take("propose_post", hr, post="龙泉派出所副所长").take("publish_post", committee).outlive()

    return on_trial


def test_from_detection_to_admission(reserve, unit_head, hr, leader, committee, inspector):
    walk = reserve()
    assert (walk.duty.role, walk.duty.desk) == (Role.UNIT_HEAD, "/B00/F01/F01P01/")
    walk.take("nominate", unit_head, grounds=GROUNDS).take("call_reviews", hr)
    assert walk.why_not("begin_inspection", hr) == "民主测评结果已登记；书面评审至少 2 份"
    walk.take("record_peer_review", hr, ballots=41, in_favour=37)
    walk.take("write_review", leader, score=5, words="办案扎实").take("write_review", committee, score=4, words="稳")
    walk.take("begin_inspection", hr).take("file_report", hr, report="谈话十二人，建议入库。")
    assert walk.why_not("submit", hr) == "纪检督察已出具意见，无影响使用的问题"
    walk.take("state_discipline", inspector, finding="clear").take("submit", hr)
    assert walk.duty.role == Role.COMMITTEE
    walk.take("decide", committee, **VOTE, tier="ready").take("publish", hr)
    assert walk.last_day() == date(2026, 4, 7)  # five working days, the holiday not counted
    walk.outlive()
    case = walk.case
    assert (walk.state, case.admitted_on, case.review_on, case.term_until) == (
        "admitted",
        date(2026, 4, 8),
        date(2027, 4, 8),
        date(2028, 4, 8),
    )
    assert (case.review_count, case.review_mean) == (2, 4.5)
    assert walk.told("reserve.admitted") == [(Role.OFFICER, "/B00/F01/F01P01/", case.officer_id)]


def test_reviews_are_kept_under_their_names_once_each(tested, leader, committee):
    walk = tested().take("write_review", leader, score=5, words=" 办案扎实 ")
    assert walk.why_not("write_review", leader, score=1, words="改主意了") == "你已提交过书面评审。"
    walk.take("write_review", committee, score=3, words="尚可")
    kept = Review.objects.order_by("id").values_list("reviewer", "score", "words")
    assert list(kept) == [(leader.pk, 5, "办案扎实"), (committee.pk, 3, "尚可")]
    assert (walk.case.review_count, walk.case.review_sum) == (2, 8)


def test_a_review_of_many_at_once_is_kept_for_each(unit_head, hr, leader, make_officer, station):
    walks = [begin(RESERVE, title="提名", subject=make_officer(station), actor=hr) for _ in range(3)]
    for walk in walks:
        walk.take("nominate", unit_head, grounds=GROUNDS).take("call_reviews", hr)
    ids, clock = [walk.case_id for walk in walks], walks[0].clock
    walks[0].take("write_review", leader, score=5, words="好")
    inputs = {"score": 4, "words": "都不错"}
    outcome = actions.advance(ids, ReserveCase.write_review, actor=leader, clock=clock, inputs=inputs)
    assert (len(outcome.taken), list(outcome.refused)) == (2, [ids[0]])
    assert Review.objects.count() == 3


def test_who_nominated_reviews_no_nominee_of_his(tested, unit_head):
    walk = tested()
    assert walk.case.nominator == unit_head
    outcome = walk.outcome("write_review", unit_head, score=5, words="我提名的")
    assert outcome.refused[walk.case_id].reason == "not_permitted"


def test_without_a_quorum_nothing_is_decided(submitted, committee):
    walk = submitted()
    words = walk.why_not("decide", committee, members=9, recused=1, present=5, in_favour=5)
    assert words == "到会不足三分之二，不能表决：应到 8 人（不含回避），至少到会 6 人，实到 5 人。"
    assert walk.state == "submitted"


def test_a_vote_not_carried_ends_it(submitted, committee):
    walk = submitted().take("decide", committee, members=9, present=9, in_favour=4)
    assert (walk.state, walk.case.outcome, walk.case.vote_in_favour) == ("rejected", "rejected", 4)


@pytest.mark.parametrize(
    ("step", "who", "end"),
    [
        ("pass_over", "unit_head", "rejected"),
        ("give_up", "officer", "withdrawn"),
        ("withdraw", "hr", "withdrawn"),
    ],
)
def test_early_ends(reserve, request, step, who, end):
    walk = reserve().take(step, request.getfixturevalue(who))
    assert (walk.state, walk.case.outcome) == (end, end)


def test_the_committee_stops_it_on_notice(on_notice, committee):
    assert on_notice().take("reject", committee).case.outcome == "rejected"


def test_an_objection_holds_the_case_but_not_the_notice(on_notice, hr):
    walk = on_notice().be_held(hr)
    assert walk.go_to(date(2026, 4, 13)).state == "held"
    assert walk.be_released(hr).last_day() == date(2026, 4, 7)
    assert walk.go_to(date(2026, 4, 14)).state == "admitted"


def test_reviewed_after_a_year_retained_and_expired_after_two(admitted, hr):
    walk = admitted("long_term")
    assert walk.last_day() == date(2027, 4, 8)
    walk.outlive()
    assert (walk.state, walk.duty.role) == ("in_review", Role.HR)
    walk.take("retain", hr, words="仍适合", tier="ready")
    assert (walk.state, walk.case.tier, walk.last_day()) == ("retained", "ready", date(2028, 4, 8))
    walk.go_to(date(2028, 4, 8))
    assert walk.state == "retained"
    walk.outlive()
    assert (walk.state, walk.case.outcome) == ("expired", "expired")
    assert [role for role, *_ in walk.told("reserve.expired")] == [Role.OFFICER, Role.HR]


def test_a_review_that_came_too_late_ends_with_the_term(admitted, hr):
    walk = admitted().outlive().go_to(date(2028, 5, 8))
    assert walk.state == "in_review"
    walk.take("retain", hr, words="仍适合").go_to(date(2028, 5, 9))
    assert walk.state == "expired"


def test_a_member_is_removed_for_a_coded_reason_by_who_admitted(admitted, hr, committee, officer):
    walk = admitted()
    assert walk.outcome("remove", hr, reason="bad_grade").refused[walk.case_id].reason == "not_permitted"
    walk.take("remove", committee, reason="bad_grade")
    assert (walk.case.outcome, walk.case.get_removal_display()) == ("removed", "年度考核基本称职以下")
    assert walk.told("reserve.removed") == [(Role.OFFICER, "/B00/F01/F01P01/", officer.officer_id)]


def test_suspended_the_term_goes_on(admitted, inspector):
    walk = admitted().take("suspend", inspector)
    assert (walk.state, walk.duty.role) == ("suspended", Role.INSPECTOR)
    walk.pass_time(days=400)
    walk.take("resume", inspector)
    assert (walk.state, walk.last_day()) == ("admitted", date(2027, 4, 8))  # its day has passed: reviewed at once
    walk.go_to(date(2027, 5, 20))
    assert walk.state == "in_review"


def test_who_was_never_a_member_is_not_removed(reserve, inspector, committee, hr):
    walk = reserve().take("suspend", inspector)
    assert walk.why_not("remove", committee, reason="sanction") == "已在库中"
    assert walk.take("withdraw", hr).state == "withdrawn"


def test_long_term_is_not_proposed_for_a_post(admitted, hr):
    words = admitted("long_term").why_not("propose_post", hr, post="副所长")
    assert words == "近期可用的人选（长期培养的须先在年度复核中调整层次）"


def test_trial_and_confirmation(on_trial, hr, committee):
    walk = on_trial()
    assert (walk.state, walk.last_day()) == ("on_trial", date(2027, 4, 16))
    walk.take("end_trial", hr, report="称职")
    assert walk.why_not("confirm", committee) == "试用期到 2027-04-16 才满，期满后才能正式任用。"
    walk.go_to(date(2027, 4, 17)).take("confirm", committee)
    assert (walk.state, walk.case.outcome) == ("confirmed", "confirmed")
    assert not WorkItem.objects.filter(closed_at=None).exists()


def test_a_trial_may_fail_before_its_end(on_trial, hr, committee):
    walk = on_trial().take("end_trial", hr, report="不胜任").take("return_to_post", committee)
    assert walk.case.outcome == "returned"


def test_a_post_that_falls_leads_back_to_the_pool_and_a_new_one_has_a_notice_of_its_own(admitted, hr, committee):
    walk = admitted().take("propose_post", hr, post="副所长").take("publish_post", committee)
    first = walk.last_day()
    walk.take("drop_post", committee)
    assert (walk.state, walk.last_day()) == ("admitted", date(2027, 4, 8))
    walk.pass_time(days=30)
    walk.take("propose_post", hr, post="教导员").take("publish_post", committee)
    assert walk.last_day() > first


def test_every_state_has_a_duty_or_an_outcome():
    states = set(ReserveCase.State.values)
    assert states == {*map(str, RESERVE.duties)} | {*map(str, RESERVE.outcomes)}
    assert states == {*map(str, RESERVE.tones)}
