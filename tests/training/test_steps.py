"""Each step of a training case: from where to where, who takes it and who may not, and what it asks for."""

import pytest

from people.models import Account
from training.models import TrainingCase
from training.queries import place_inputs
from workflows.refusals import Reason

pytestmark = pytest.mark.django_db

WHY = {"reason": "写明理由"}
# step, from, to, who takes it, who may not (though he sees the case or holds a role), its inputs
EDGES = [
    ("review", "flagged", "under_review", "hr", "trainer", {}),
    ("review", "flagged", "under_review", "unit_head", "officer", {}),
    ("name_cause", "under_review", "under_review", "unit_head", "hr", {"cause": "workload", "words": "人均警情多三成"}),
    ("exempt", "notified", "no_action", "hr", "unit_head", WHY),
    ("exempt", "proposed", "no_action", "hr", "trainer", WHY),
    ("exempt", "planned", "no_action", "hr", "officer", WHY),
    ("agree", "proposed", "planned", "officer", "unit_head", {}),
    ("decline", "proposed", "notified", "officer", "hr", WHY),
    ("record_refusal", "proposed", "planned", "hr", "unit_head", WHY),
    ("reopen", "planned", "notified", "unit_head", "officer", {}),
    ("unplace", "active", "planned", "trainer", "unit_head", WHY),
    ("unplace", "paused", "planned", "trainer", "officer", WHY),
    ("pause", "active", "paused", "unit_head", "officer", WHY),
    ("resume", "paused", "active", "unit_head", "stranger", {}),
    ("reassess", "active", "reassessed", "trainer", "unit_head", {"result": "met"}),
    ("reassess", "active", "reassessed", "hr", "officer", {"result": "not_met", "score": 48}),
    ("monitor", "reassessed", "monitoring", "hr", "trainer", {}),
    ("relapse", "monitoring", "notified", "unit_head", "trainer", WHY),
    ("withdraw", "flagged", "withdrawn", "hr", "unit_head", WHY),
    ("withdraw", "monitoring", "withdrawn", "hr", "trainer", WHY),
    ("withdraw", "held", "withdrawn", "hr", "leader", WHY),
    ("join", "flagged", "flagged", "hr", "unit_head", {"form": "plan"}),
    ("join", "held", "held", "hr", "officer", {"form": "plan"}),
    ("join", "monitoring", "notified", "hr", "trainer", {"form": "class"}),
]


@pytest.mark.parametrize(
    ("step", "source", "target", "who", "barred", "inputs"), EDGES, ids=[f"{e[0]} from {e[1]} by {e[3]}" for e in EDGES]
)
def test_a_step_is_taken_by_whom_it_belongs_to_and_nobody_else(
    request, walk, take, refused, step, source, target, who, barred, inputs
):
    case = walk(source)
    assert case.state == source
    assert refused(case, step, request.getfixturevalue(barred), **inputs).reason == Reason.NOT_PERMITTED
    assert refused(case, step, request.getfixturevalue("stranger"), **inputs).reason == Reason.NOT_PERMITTED
    assert take(case, step, request.getfixturevalue(who), **inputs).state == target


# step, state, who, inputs, the words of what is missing
ASKED = [
    ("notify", "under_review", "unit_head", {}, "已写明原因"),
    ("take_no_action", "under_review", "unit_head", WHY, "已写明原因"),
    ("name_cause", "under_review", "unit_head", {"cause": "luck", "words": "看过数据"}, "请选一个原因"),
    ("name_cause", "under_review", "unit_head", {"cause": "skill", "words": " "}, "请写明看了哪些数据"),
    ("propose", "notified", "unit_head", {}, "计划至少要有一个目标"),
    ("decline", "proposed", "officer", {"reason": " "}, "请写明不同意什么"),
    ("record_refusal", "proposed", "hr", {}, "请写明理由"),
    ("start", "planned", "trainer", {"until": "2027-02-26"}, "是提升计划"),
    ("pause", "active", "unit_head", {"reason": ""}, "请写明理由"),
    ("reassess", "active", "trainer", {"result": "好"}, "请写明达标还是未达标"),
    ("retrain", "reassessed", "hr", {}, "复评未达标"),
    ("fail", "reassessed", "hr", WHY, "复评未达标"),
    ("relapse", "monitoring", "hr", {}, "请写明理由"),
    ("join", "flagged", "hr", {"form": "unit_plan"}, "不能并入个人事项"),
]


@pytest.fixture
def bare(open_case, take, hr):
    """Under review, and nothing written yet."""
    return take(open_case(), "review", hr)


@pytest.mark.parametrize(("step", "state", "who", "inputs", "words"), ASKED, ids=[f"{a[0]} asks {a[4]}" for a in ASKED])
def test_a_step_says_what_it_misses(request, step, state, who, inputs, words):
    case = request.getfixturevalue("bare") if state == "under_review" else request.getfixturevalue("walk")(state)
    refusal = request.getfixturevalue("refused")(case, step, request.getfixturevalue(who), **inputs)
    assert refusal.reason == Reason.UNMET
    assert words in str(refusal.words)


def test_wrong_data_is_corrected_before_anybody_is_told(bare, take, refused, unit_head):
    case = take(bare, "name_cause", unit_head, cause="data_error", words="8 月漏录 40 起")
    assert "先更正数据" in str(refused(case, "notify", unit_head).words)


def test_lack_of_skill_is_not_waved_away(bare, take, refused, unit_head):
    case = take(bare, "name_cause", unit_head, cause="skill", words="接处警量与同所持平")
    assert "能力不足的，须培训" in str(refused(case, "take_no_action", unit_head, **WHY).words)


def test_a_cause_beyond_him_ends_the_case_with_its_reason(bare, take, unit_head):
    case = take(bare, "name_cause", unit_head, cause="workload", words="人均警情多三成")
    case = take(case, "take_no_action", unit_head, reason="已调出两个小区")
    assert (case.state, case.outcome, case.closing_reason) == ("no_action", "no_action", "已调出两个小区")


def test_nobody_decides_his_own_case(walk, refused, bureau, officer):
    case = walk("notified")
    officer.role_grants.create(role="hr", unit=bureau, path="/B00/", from_day="2020-01-01", granted_by=officer)
    assert refused(case, "exempt", Account.objects.get(pk=officer.pk), **WHY).reason == Reason.NOT_PERMITTED


def test_the_line_manager_does_not_mark_his_own_guidance(walk, refused, unit_head, station):
    case = walk("active")
    unit_head.role_grants.create(
        role="training_unit", unit=station, path=station.path, from_day="2020-01-01", granted_by=unit_head
    )
    assert refused(case, "reassess", Account.objects.get(pk=unit_head.pk), result="met").reason == Reason.NOT_PERMITTED


def test_a_unit_signs_by_its_own_head_and_not_by_the_one_above(
    unit_case, take, refused, hr, unit_head, make_account, branch, trainer
):
    above = make_account("head of F01", "unit_head", branch)
    case = take(unit_case(), "review", hr)
    assert refused(case, "name_cause", unit_head, cause="skill", words="看过数据").reason == Reason.NOT_PERMITTED
    case = take(case, "name_cause", above, cause="skill", words="执法质量连降三月")
    case = take(case, "notify", above)
    goals = [{"indicator": "执法质量", "baseline": 60, "target": 75, "due": "2027-03-31"}]
    case = take(case, "propose", above, goals=goals)
    assert case.work_items.get(closed_at=None).desk == unit_head.paths("unit_head")[0]
    assert refused(case, "agree", above).reason == Reason.NOT_PERMITTED
    case = take(case, "agree", unit_head)
    assert take(case, "start", trainer, until="2027-03-31").state == TrainingCase.State.ACTIVE


def test_a_unit_plan_has_no_seat_in_a_class(unit_case, session, take, refused, hr, make_account, branch, trainer):
    above = make_account("head of F01", "unit_head", branch)
    case = take(unit_case(), "review", hr)
    case = take(case, "name_cause", above, cause="skill", words="执法质量连降三月")
    case = take(case, "notify", above)
    case = take(case, "propose", above, goals=[{"indicator": "执法质量", "target": 75, "due": "2027-03-31"}])
    case = take(case, "record_refusal", hr, reason="负责人出差，已电话告知")
    assert "班次按人安排" in str(refused(case, "place", trainer, **place_inputs(session)).words)
