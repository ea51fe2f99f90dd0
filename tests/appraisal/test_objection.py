"""An objection walked through every path: against a result, and against a case, which it holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from appraisal.actions import file_objection
from appraisal.kind import KIND
from appraisal.models import Objection, Result
from appraisal.queries import officer_results
from appraisal.remedies import remedies
from people.actions import set_stand_in
from people.models import RoleGrant
from people.stand_ins import places
from tests.errand.kind import KIND as ERRAND
from tests.steps import edges_of
from tests.walk import CALENDAR, Walk, begin
from workflows.calendars import Clock
from workflows.refusals import Reason, Refusal

pytestmark = pytest.mark.django_db
MONDAY = Clock(at=datetime(2026, 3, 30, 1, tzinfo=UTC), calendar=CALENDAR)
CHANGE = {"finding": "两起案件漏计", "status": "graded", "grade": "优秀", "score": 91.0}


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(MONDAY.at, tick=False)


@pytest.fixture
def assessor(make_account, make_officer, other_branch):
    """Heads a unit outside the line of the objector."""
    return make_account("assessor", "unit_head", other_branch, officer=make_officer(other_branch, name="复核人"))


@pytest.fixture
def result(make_cycle, make_result, officer):
    return make_result(make_cycle(), officer.officer, indicators={"群众满意度": 70})


@pytest.fixture
def filed(result, officer):
    case = file_objection(result, grounds="两起案件没有计入", actor=officer, clock=MONDAY)
    return Walk(KIND, case, replace(MONDAY, at=MONDAY.at + timedelta(hours=1)))


@pytest.fixture
def under_review(filed, hr, assessor):
    return filed.take("assign", hr, assessor=assessor.officer_id)


@pytest.fixture
def errand(hr, officer):
    """A case of the officer on its way."""
    return begin(ERRAND, title="送件", subject=officer.officer, actor=hr, fields={"purpose": "送"}).take("accept", hr)


@pytest.fixture
def against_errand(errand, officer):
    case = file_objection(errand.case, grounds="不该由我去", actor=officer, clock=errand.clock)
    return Walk(KIND, case, errand.clock)


# Against a result -------------------------------------------------------------------------------------------------
def test_a_changed_result(under_review, assessor, committee, hr, officer):
    walk = under_review
    assert (walk.duty.officer, walk.last_day()) == (assessor.officer, date(2026, 4, 14))
    walk.take("change", assessor, **CHANGE)
    assert (walk.duty.role, walk.last_day()) == ("committee", date(2026, 4, 7))
    assert Result.objects.count() == 1
    walk.take("approve", committee, note="同意")
    (known,) = officer_results(officer.officer, walk.clock.day)
    assert (known.grade, known.score, known.reason) == ("优秀", 91.0, "两起案件漏计")
    assert (known.indicators, known.recorded_by) == ({"群众满意度": 70}, committee)
    walk.take("confirm_recomputed", hr)
    case = walk.case
    assert (case.state, case.outcome) == ("recomputed", "changed")
    assert walk.steps == ["open", "assign", "change", "approve", "confirm_recomputed"]


def test_an_upheld_result(under_review, assessor):
    under_review.take("uphold", assessor, finding="计算无误", note="维持")
    assert (under_review.case.outcome, Result.objects.count()) == ("upheld", 1)


def test_the_committee_declines_the_change(under_review, assessor, committee):
    under_review.take("change", assessor, **CHANGE).take("decline", committee, note="依据不足")
    case = under_review.case
    assert (case.outcome, case.new_grade, Result.objects.count()) == ("upheld", "", 1)


def test_the_committee_sends_it_back(under_review, assessor, committee):
    under_review.take("change", assessor, **CHANGE).take("send_back", committee, note="补充依据")
    assert (under_review.state, under_review.duty.officer) == ("under_review", assessor.officer)


def test_it_is_rejected(filed, hr):
    assert (filed.duty.role, filed.last_day()) == ("hr", date(2026, 4, 7))
    filed.take("reject", hr, note="不属于异议范围")
    assert filed.case.outcome == "rejected"


def test_it_is_withdrawn_before_and_during_the_review(filed, officer, hr, assessor, result):
    filed.take("withdraw", officer, note="已经弄清")
    assert filed.case.outcome == "withdrawn"
    again = Walk(KIND, file_objection(result, grounds="又看了一遍", actor=officer, clock=filed.clock), filed.clock)
    again.take("assign", hr, assessor=assessor.officer_id).take("withdraw", officer, note="不再坚持")
    assert [o.outcome for o in Objection.objects.order_by("opened_at")] == ["withdrawn", "withdrawn"]


def test_another_assessor_is_named(under_review, hr, assessor):
    under_review.take("reassign", hr, note="出差")
    assert (under_review.state, under_review.case.assessor) == ("filed", None)


def test_a_change_that_cannot_be_is_refused(under_review, assessor, committee):
    under_review.take("change", assessor, **(CHANGE | {"grade": "好"}))
    assert "等次应为" in under_review.why_not("approve", committee)
    assert under_review.state == "changed"


def test_a_change_of_a_result_says_what_it_becomes(under_review, assessor):
    assert under_review.why_not("change", assessor, finding="不对") == "请写明变更后的状态和等次"


def test_every_arrow_was_walked():
    walked = {
        ("filed", "assign"), ("filed", "reject"), ("filed", "withdraw"), ("under_review", "withdraw"),
        ("under_review", "reassign"), ("under_review", "uphold"), ("under_review", "change"), ("changed", "send_back"),
        ("changed", "decline"), ("changed", "approve"), ("reapproved", "confirm_recomputed"),
    }  # fmt: skip
    assert edges_of(KIND) == walked


# Who may ----------------------------------------------------------------------------------------------------------
# step, the way there, who may
STEPS = [
    ("assign", "filed", "hr"),
    ("reject", "filed", "hr"),
    ("withdraw", "filed", "officer"),
    ("reassign", "under_review", "hr"),
    ("uphold", "under_review", "assessor"),
    ("change", "under_review", "assessor"),
]


@pytest.mark.parametrize(("step", "way", "who"), STEPS)
def test_each_step_is_its_persons_alone(step, way, who, request):
    walk = request.getfixturevalue(way)
    everybody = {"hr", "officer", "assessor", "committee", "unit_head", "other_unit_head", "leader", "stranger"}
    for other in everybody - {who}:
        outcome = walk.outcome(step, request.getfixturevalue(other), note="试")
        assert outcome.refused[walk.case_id].reason == Reason.NOT_PERMITTED


def test_the_objector_is_not_his_own_assessor(filed, hr, officer):
    assert filed.why_not("assign", hr, assessor=officer.officer_id) == "复核人不能是提出异议的本人"


def test_assessors_are_unit_heads_outside_the_line(filed, hr, assessor, unit_head, make_account, make_officer, branch):
    make_account("branch_head", "unit_head", branch, officer=make_officer(branch))
    form = KIND.forms["assign"](cases=[filed.case], actor=hr)
    assert list(form.fields["assessor"].queryset) == [assessor.officer]


# Filing -----------------------------------------------------------------------------------------------------------
def refused(aim, officer, clock=MONDAY, grounds="不对"):
    answer = file_objection(aim, grounds=grounds, actor=officer, clock=clock)
    assert isinstance(answer, Refusal)
    return answer


def test_only_ones_own_result(result, stranger, hr, unit_head):
    for other in (stranger, hr, unit_head):
        assert refused(result, other).reason == Reason.NOT_PERMITTED


def test_a_result_not_yet_published(make_cycle, make_result, officer):
    result = make_result(make_cycle(state="checked"), officer.officer)
    assert str(refused(result, officer).words) == "结果还没有公示"


def test_fifteen_working_days_and_no_more(result, officer):
    last = replace(MONDAY, at=datetime(2026, 4, 21, 1, tzinfo=UTC))
    late = replace(MONDAY, at=datetime(2026, 4, 22, 1, tzinfo=UTC))
    assert str(refused(result, officer, late).words).startswith("提出异议的期限是 2026-04-21，已经过了")
    assert not isinstance(file_objection(result, grounds="不对", actor=officer, clock=last), Refusal)


def test_a_longer_notice_gives_longer(make_cycle, make_result, officer):
    cycle = make_cycle(state="on_notice", notice_until=date(2026, 5, 8))
    clock = replace(MONDAY, at=datetime(2026, 5, 8, 1, tzinfo=UTC))
    result = make_result(cycle, officer.officer)
    assert not isinstance(file_objection(result, grounds="不对", actor=officer, clock=clock), Refusal)


def test_one_open_objection_to_one_result(filed, result, officer):
    assert str(refused(result, officer).words) == "你已就此提出异议，正在处理"


def test_a_superseded_row_is_no_aim(result, make_result, officer):
    make_result(result.cycle, officer.officer, grade="优秀")
    assert str(refused(result, officer).words) == "这一行结果已被更正，请对更正后的结果提出"


def test_grounds_are_asked_for(result, officer):
    assert str(refused(result, officer, grounds=" ").words) == "请写明异议的理由"


# Against a case ---------------------------------------------------------------------------------------------------
def test_it_holds_the_case_and_lets_it_go(against_errand, errand, hr, assessor):
    assert errand.state == "held"
    against_errand.take("assign", hr, assessor=assessor.officer_id)
    assert errand.state == "held"
    against_errand.take("uphold", assessor, finding="分工合理", note="维持")
    assert (errand.state, against_errand.case.holding) == ("accepted", False)
    assert errand.steps == ["open", "accept", "hold", "release"]


def test_a_changed_case_goes_on_when_hr_confirms(against_errand, errand, hr, assessor, committee):
    against_errand.take("assign", hr, assessor=assessor.officer_id)
    against_errand.take("change", assessor, finding="应由他人办理").take("approve", committee, note="同意")
    assert (errand.state, Result.objects.count()) == ("held", 0)
    against_errand.take("confirm_recomputed", hr)
    assert errand.state == "accepted"


@pytest.mark.parametrize(("step", "who"), [("reject", "hr"), ("withdraw", "officer")])
def test_the_side_ways_let_the_case_go(against_errand, errand, step, who, request):
    against_errand.take(step, request.getfixturevalue(who), note="理由")
    assert errand.state == "accepted"


def test_naming_another_assessor_does_not_hold_twice(against_errand, errand, hr, assessor):
    against_errand.take("assign", hr, assessor=assessor.officer_id).take("reassign", hr, note="出差")
    against_errand.take("reject", hr, note="不受理")
    assert (errand.state, errand.steps) == ("accepted", ["open", "accept", "hold", "release"])


def test_a_case_that_cannot_be_held_goes_on(hr, officer):
    errand = begin(ERRAND, title="送件", subject=officer.officer, actor=hr, fields={"purpose": "送"})
    case = file_objection(errand.case, grounds="不该由我去", actor=officer, clock=errand.clock)
    assert (errand.state, Objection.objects.get(pk=case).holding) == ("asked", False)


def test_an_objection_is_no_aim(filed, officer):
    assert "不能对异议再提异议" in str(refused(filed.case, officer).words)


def test_a_closed_case_is_no_aim(errand, officer, hr):
    errand.take("plan", hr, place="市局", days=2).take("finish", hr, note="完")
    assert "这件事项已经办结" in str(refused(errand.case, officer).words)


def test_the_statutory_ways_beside_it():
    # The thirtieth day after 6 March is Sunday 5 April, Monday is a holiday.
    ask, appeal, _decision = remedies(date(2026, 3, 6), CALENDAR)
    assert (ask.until, appeal.until) == (date(2026, 4, 7), date(2026, 4, 7))


# Standing in ------------------------------------------------------------------------------------------------------


def place_of(make_account, make_officer, unit, principal, role):
    """A deputy to whom the principal lent one role of his, as he acts."""
    today = MONDAY.day
    deputy = make_account(f"deputy {role}", officer=make_officer(unit))
    set_stand_in(
        grant=RoleGrant.objects.get(account=principal, role=role),
        substitute=deputy,
        from_day=today,
        to_day=today + timedelta(days=5),
        reason="休假",
        actor=principal,
    )
    return places(deputy)[0]


def test_what_is_laid_on_the_assessor_by_name_is_lent_with_the_role_it_asks_for(
    under_review, assessor, make_account, make_officer, other_branch
):
    """The assessor heads a unit and is of personnel too; the review is asked of him as head."""
    RoleGrant.objects.create(
        account=assessor, role="hr", unit=other_branch, path="/B00/F02/", from_day="2020-01-01", granted_by=assessor
    )
    other = place_of(make_account, make_officer, other_branch, assessor, "hr")
    said = {"finding": "计算无误", "note": "维持"}
    outcome = under_review.outcome("uphold", other, **said)
    assert [refusal.reason for refusal in outcome.refused.values()] == [Reason.NOT_PERMITTED]
    under_review.take("uphold", place_of(make_account, make_officer, other_branch, assessor, "unit_head"), **said)
    assert under_review.case.outcome == "upheld"


def test_the_objector_stands_in_for_nobody_in_his_own_objection(under_review, assessor, officer):
    today = MONDAY.day
    grant = RoleGrant.objects.get(account=assessor)
    set_stand_in(grant=grant, substitute=officer, from_day=today, to_day=today, reason="休假", actor=assessor)
    outcome = under_review.outcome("uphold", places(officer)[0], finding="x", note="x")
    assert [refusal.reason for refusal in outcome.refused.values()] == [Reason.NOT_PERMITTED]
