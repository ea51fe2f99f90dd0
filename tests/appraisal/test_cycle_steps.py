"""A cycle on its way: who takes which step, what it asks for, and what is written down."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from appraisal.actions import file_objection, link_cycle, open_cycle, take_cycle_step
from appraisal.models import Cycle, CycleRecord, Fact, Result
from people.refusals import NotPermitted, Unfit
from tests.walk import CALENDAR
from workflows.calendars import ZONE, Calendar, Clock
from workflows.refusals import Reason

pytestmark = pytest.mark.django_db
MONDAY = Clock(at=datetime(2026, 3, 30, 1, tzinfo=UTC), calendar=CALENDAR)


def later(days):
    return replace(MONDAY, at=MONDAY.at + timedelta(days=days))


@pytest.fixture
def collecting(make_cycle, make_result, officer, post):
    cycle = make_cycle(state="collecting")
    post(officer.officer)
    make_result(cycle, officer.officer)
    return cycle


def test_the_straight_way(collecting, hr, committee):
    cycle = collecting
    assert take_cycle_step(cycle, Cycle.check_results, actor=hr, clock=MONDAY) is None
    assert take_cycle_step(cycle, Cycle.publish, actor=hr, note="公示栏和内网", clock=MONDAY) is None
    # Five working days from Monday 30 March: the weekend and the holiday on Monday do not count.
    assert (cycle.state, cycle.notice_until) == ("on_notice", date(2026, 4, 7))
    assert take_cycle_step(cycle, Cycle.end_notice, actor=hr, clock=later(9)) is None
    assert take_cycle_step(cycle, Cycle.finalise, actor=committee, note="党委会通过", clock=later(10)) is None
    assert (cycle.state, cycle.is_final) == ("final", True)
    assert link_cycle(cycle, hr) is None
    assert cycle.state == "linked"
    steps = list(CycleRecord.objects.order_by("id").values_list("step", "source", "target"))
    assert steps == [
        ("check_results", "collecting", "checked"),
        ("publish", "checked", "on_notice"),
        ("end_notice", "on_notice", "objections"),
        ("finalise", "objections", "final"),
        ("link", "final", "linked"),
    ]


def test_the_check_writes_down_what_it_counted_and_a_breach_does_not_block(make_cycle, make_result, officer, post, hr):
    cycle = make_cycle(state="collecting")
    post(officer.officer)
    make_result(cycle, officer.officer, grade="优秀")
    assert take_cycle_step(cycle, Cycle.check_results, actor=hr, clock=MONDAY) is None
    assert CycleRecord.objects.get().figures == {"results": 1, "breaches": 1, "gaps": 0, "anomalies": 0}


# step, from which state, who may
PERMITTED = [
    (Cycle.check_results, "collecting", "hr"),
    (Cycle.publish, "checked", "hr"),
    (Cycle.end_notice, "on_notice", "hr"),
    (Cycle.finalise, "objections", "committee"),
    (Cycle.recheck, "objections", "hr"),
    (Cycle.reopen, "checked", "hr"),
    (Cycle.reopen, "on_notice", "hr"),
]


@pytest.mark.parametrize(("step", "state", "who"), PERMITTED)
def test_each_step_is_its_roles_alone(make_cycle, make_result, bureau, step, state, who, request):
    cycle = make_cycle(state=state)
    make_result(cycle, bureau)
    for other in {"hr", "committee", "auditor", "inspector", "leader", "unit_head", "stranger"} - {who}:
        account = request.getfixturevalue(other)
        refusal = take_cycle_step(cycle, step, actor=account, note="原因", clock=MONDAY)
        assert refusal.reason == Reason.NOT_PERMITTED
    assert take_cycle_step(cycle, step, actor=request.getfixturevalue(who), note="原因", clock=MONDAY) is None


def test_hr_of_a_branch_moves_no_cycle_of_the_bureau(make_account, branch, collecting):
    branch_hr = make_account("branch_hr", "hr", branch)
    refusal = take_cycle_step(collecting, Cycle.check_results, actor=branch_hr, clock=MONDAY)
    assert refusal.reason == Reason.NOT_PERMITTED


@pytest.mark.parametrize("state", ["collecting", "checked", "on_notice", "objections", "linked"])
def test_only_a_final_cycle_is_linked(make_cycle, hr, state):
    cycle = make_cycle(state=state)
    refusal = link_cycle(cycle, hr)
    assert (refusal.reason if refusal else None) == (None if state == "linked" else Reason.NOT_POSSIBLE)
    assert cycle.state == state


def test_an_empty_cycle_is_not_checked(make_cycle, hr):
    refusal = take_cycle_step(make_cycle(state="collecting"), Cycle.check_results, actor=hr, clock=MONDAY)
    assert str(refusal.words) == "这个周期还没有任何结果"


def test_a_notice_runs_to_its_last_day(make_cycle, hr):
    cycle = make_cycle(state="on_notice", notice_until=date(2026, 3, 30))
    refusal = take_cycle_step(cycle, Cycle.end_notice, actor=hr, clock=MONDAY)
    assert str(refusal.words) == "公示到 2026-03-30 为止，期满后才能结束"
    assert take_cycle_step(cycle, Cycle.end_notice, actor=hr, clock=later(1)) is None


def test_a_notice_is_longer_when_holidays_are_published_meanwhile(make_cycle, make_result, officer, hr):
    cycle = make_cycle(state="checked")
    make_result(cycle, officer.officer)
    december = datetime(2026, 12, 28, 9, tzinfo=ZONE)
    clock = Clock(at=december, calendar=Calendar(years={2026}))
    assert take_cycle_step(cycle, Cycle.publish, actor=hr, note="已核对", clock=clock) is None
    assert cycle.notice_until == date(2027, 1, 4)
    published = Calendar(days={date(2027, 1, 1): False}, years={2026, 2027})
    refusal = take_cycle_step(
        cycle, Cycle.end_notice, actor=hr, clock=Clock(at=december + timedelta(days=8), calendar=published)
    )
    assert str(refusal.words) == "公示到 2027-01-05 为止，期满后才能结束"


def test_open_objections_keep_a_cycle_from_being_final(make_cycle, make_result, officer, committee, time_machine):
    time_machine.move_to(MONDAY.at)
    cycle = make_cycle(state="objections", notice_until=date(2026, 3, 30))
    file_objection(make_result(cycle, officer.officer), grounds="分数算错", actor=officer, clock=MONDAY)
    refusal = take_cycle_step(cycle, Cycle.finalise, actor=committee, note="通过", clock=MONDAY)
    assert str(refusal.words) == "还有 1 件对本周期结果的异议没有办结"


@pytest.mark.parametrize(("step", "state"), [(Cycle.reopen, "checked"), (Cycle.recheck, "objections")])
def test_a_way_back_asks_for_a_reason(make_cycle, hr, step, state):
    cycle = make_cycle(state=state, notice_until=date(2026, 3, 1))
    refusal = take_cycle_step(cycle, step, actor=hr, note=" ", clock=MONDAY)
    assert str(refusal.words) == "请写明理由"
    assert take_cycle_step(cycle, step, actor=hr, note="异议成立，两人等次改变", clock=MONDAY) is None
    assert (cycle.notice_until, CycleRecord.objects.get().note) == (None, "异议成立，两人等次改变")


def test_a_new_cycle_collects(hr):
    cycle = open_cycle(code="2026Q1", kind="quarterly", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31), actor=hr)
    assert (cycle.state, CycleRecord.objects.get().step) == ("collecting", "open")


# code, kind, first, last, what is wrong
BAD_CYCLES = [
    ("2025", "monthly", date(2026, 1, 1), date(2026, 1, 31), "已有这个代码的周期"),
    ("2025b", "annual", date(2025, 12, 31), date(2026, 6, 1), "与另一个同类周期的日期重叠"),
    ("2026", "annual", date(2026, 12, 31), date(2026, 1, 1), "末日早于首日"),
]


@pytest.mark.parametrize(("code", "kind", "first", "last", "words"), BAD_CYCLES)
def test_a_cycle_that_cannot_be(make_cycle, hr, code, kind, first, last, words):
    make_cycle("2025")
    with pytest.raises(Unfit, match=words):
        open_cycle(code=code, kind=kind, starts_on=first, ends_on=last, actor=hr)


def test_only_hr_of_the_bureau_opens_a_cycle(committee):
    with pytest.raises(NotPermitted):
        open_cycle(code="2026", kind="annual", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), actor=committee)


def test_the_state_cannot_be_set_by_hand(make_cycle):
    cycle = make_cycle()
    with pytest.raises(AttributeError):
        cycle.state = "linked"


@pytest.mark.parametrize("model", [Result, Fact, CycleRecord])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_known_is_never_changed(model, sql):
    with (
        pytest.raises(DatabaseError, match="what was known stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(model._meta.db_table))
