"""Training cases on their way: the straight one, each side way, and what comes of it."""

from datetime import date

import pytest

from training.models import Enrollment, Goal, TrainingCase
from training.queries import place_inputs
from workflows import kinds
from workflows.actions import advance
from workflows.effects import hold, release
from workflows.models import Case, OutboxMessage, TransitionRecord

pytestmark = pytest.mark.django_db


def facts(case):
    return list(OutboxMessage.objects.filter(case=case.pk, topic="fact").values_list("payload", flat=True))


def test_the_straight_way_ends_improved_and_tells_appraisal(walk, take, later, make_account):
    case = walk("monitoring")
    assert case.watch_until == date(2027, 11, 20)
    clock_account = make_account("the clock", "system")
    case = take(case, "close_improved", clock_account, at=later(366))
    assert (case.state, case.outcome, case.closed_on) == ("closed_improved", "improved", date(2027, 11, 21))
    assert facts(case) == [
        {
            "subject": {"officer": case.officer_id},
            "kind": "plan_closed",
            "level": "改进达标",
            "from": "2027-11-21",
            "to": None,
            "note": "群众满意度",
            "source": f"training:{case.pk}:closed",
        }
    ]


def test_only_the_clock_ends_the_watching(walk, hr):
    case = walk("monitoring")
    assert advance([case.pk], TrainingCase.close_improved, actor=hr).taken == []


def test_goals_are_kept_as_they_were_signed(walk, take, officer, unit_head):
    case = walk("planned")
    assert (case.manager_signed, case.officer_signed, case.ends_on) == (True, True, date(2027, 2, 26))
    goal = Goal.objects.get(case=case)
    assert (goal.indicator, goal.baseline, goal.target, goal.due) == ("群众满意度", 51.4, 74.0, date(2027, 2, 26))
    case = take(case, "reopen", unit_head)
    assert (case.manager_signed, case.officer_signed) == (False, False)
    changed = [{"indicator": "风险排查数", "target": 80, "due": "2027-03-31"}]
    take(case, "propose", unit_head, goals=changed)
    assert list(Goal.objects.values_list("indicator", "target")) == [("风险排查数", 80.0)]


def test_what_the_person_does_not_accept_goes_back_to_the_manager(walk, take, officer, unit_head):
    case = take(walk("proposed"), "decline", officer, reason="目标过高")
    assert (case.state, case.manager_signed) == ("notified", False)
    item = case.work_items.get(closed_at=None)
    assert (item.role, item.desk) == ("unit_head", unit_head.paths("unit_head")[0])


def test_a_plan_holds_without_the_signature_and_says_so(walk, take, hr):
    case = take(walk("proposed"), "record_refusal", hr, reason="当面宣读，本人不签，两人见证")
    assert (case.state, case.manager_signed, case.officer_signed) == ("planned", True, False)


def test_a_pause_moves_the_end_by_the_days_it_lasted(walk, take, later, unit_head):
    case = walk("paused")
    assert case.paused_on == date(2026, 11, 20)
    case = take(case, "resume", unit_head, at=later(10))
    assert (case.state, case.paused_on, case.ends_on) == ("active", None, date(2026, 12, 21))
    assert case.work_items.get(closed_at=None).due_at.date() == date(2026, 12, 21)


def test_who_leaves_a_class_gives_the_seat_back(walk, take, trainer, session):
    case = take(walk("active"), "unplace", trainer, reason="出差")
    assert (case.state, case.session_id) == ("planned", None)
    assert Enrollment.objects.get(case=case).status == Enrollment.Status.LEFT
    assert take(case, "place", trainer, **place_inputs(session)).state == "active"
    assert Enrollment.objects.filter(case=case, status=Enrollment.Status.PLACED).count() == 1


def test_one_retraining_and_then_failed(walk, take, refused, hr, trainer, make_session):
    case = take(walk("reassessed", result="not_met"), "retrain", hr)
    assert (case.state, case.retrained, case.result, case.session_id) == ("planned", True, "", None)
    case = take(case, "place", trainer, **place_inputs(make_session()))
    case = take(case, "reassess", trainer, result="not_met")
    assert "只再训一次" in str(refused(case, "retrain", hr).words)
    case = take(case, "fail", hr, reason="两次考核未达标")
    assert (case.state, case.outcome) == ("closed_failed", "failed")
    assert facts(case)[0]["level"] == "未改进"


def test_failing_is_not_possible_before_the_retraining(walk, refused, hr):
    case = walk("reassessed", result="not_met")
    assert "已再训一次" in str(refused(case, "fail", hr, reason="未达标").words)


def test_a_failed_case_opens_a_post_adjustment(walk, take, hr, trainer, make_session):
    case = take(walk("reassessed", result="not_met"), "retrain", hr)
    case = take(case, "place", trainer, **place_inputs(make_session()))
    case = take(case, "reassess", trainer, result="not_met")
    case = take(case, "fail", hr, reason="两次考核未达标")
    assert kinds.get("post_adjustment")
    adjustment = Case.objects.get(kind="post_adjustment")
    assert (adjustment.key, adjustment.officer_id) == (f"training:{case.pk}", case.officer_id)
    assert adjustment.reasons.get().source == f"training:{case.pk}"


def test_a_relapse_begins_stage_2(walk, take, unit_head):
    case = take(walk("monitoring"), "relapse", unit_head, reason="10 月群众满意度降至 55")
    assert (case.state, case.stage, case.form, case.title) == ("notified", 2, "stage_2", "二阶段提升计划")
    assert (case.manager_signed, case.terms, case.watch_until) == (False, [], None)


def test_an_objection_holds_a_case_and_lets_it_go_on_where_it_was(walk, moment):
    case = walk("active")
    hold([case.pk], moment, "异议已受理")
    hold([case.pk], moment, "另一件异议已受理")
    release([case.pk], moment, "第一件已答复")
    assert TrainingCase.objects.get(pk=case.pk).state == "held"
    release([case.pk], moment, "两件都已答复")
    case = TrainingCase.objects.get(pk=case.pk)
    assert (case.state, case.session_id is not None) == ("active", True)
    assert Enrollment.objects.filter(case=case).count() == 1


def test_an_objection_does_not_begin_the_watching_anew(walk, moment, calendar, later):
    case = walk("monitoring")
    hold([case.pk], moment, "异议已受理")
    after = later(30)
    release([case.pk], type(moment)(actor=moment.actor, at=after.at, calendar=calendar), "维持")
    item = case.work_items.get(closed_at=None)
    assert item.due_at.date() == date(2027, 11, 20)


def test_a_decision_that_no_longer_holds_ends_the_case_and_frees_the_seat(walk, take, hr):
    case = take(walk("active"), "withdraw", hr, reason="结果已更正")
    assert (case.state, case.outcome) == ("withdrawn", "withdrawn")
    assert Enrollment.objects.get(case=case).status == Enrollment.Status.LEFT


def test_every_step_is_a_row_of_history(walk):
    case = walk("monitoring")
    steps = TransitionRecord.objects.filter(case=case).order_by("number").values_list("step", flat=True)
    assert list(steps) == [
        "open",
        "review",
        "name_cause",
        "notify",
        "propose",
        "agree",
        "place",
        "reassess",
        "monitor",
    ]
