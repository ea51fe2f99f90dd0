"""Correcting a result and telling a fact anew: a superseding row, a reason, and who may."""

from datetime import UTC, date, datetime

import pytest

from appraisal.actions import correct_result, receive_fact, record_fact
from appraisal.actions.facts import FactSaid
from appraisal.actions.results import Said
from appraisal.models import Fact, Result
from appraisal.queries import facts_active, facts_known, officer_results
from people.refusals import Clash, NotPermitted, Unfit
from tests.walk import CALENDAR
from workflows.calendars import Clock

pytestmark = pytest.mark.django_db
CLOCK = Clock(at=datetime(2026, 3, 28, 1, tzinfo=UTC), calendar=CALENDAR)
TODAY = CLOCK.day
WORSE = Said(status="graded", grade="基本称职", score=70.92, indicators={"群众满意度": 60.0})


@pytest.fixture
def correct(make_cycle, make_result, officer, hr):
    cycle = make_cycle()
    make_result(cycle, officer.officer)

    def correct(said=WORSE, reason="复核后更正", actor=hr, subject=officer.officer):
        return correct_result(cycle=cycle, subject=subject, said=said, reason=reason, actor=actor, clock=CLOCK)

    return correct


def test_a_correction_supersedes(correct, officer, hr):
    row = correct()
    assert (row.recorded_on, row.recorded_by, row.reason) == (TODAY, hr, "复核后更正")
    assert [r.grade for r in officer_results(officer.officer, TODAY)] == ["基本称职"]
    assert [r.grade for r in officer_results(officer.officer, date(2026, 3, 27))] == ["称职"]
    assert Result.objects.count() == 2


def test_a_unit_is_corrected_by_its_own_grades(correct, station):
    assert correct(Said(status="graded", grade="良好"), subject=station).grade == "良好"
    with pytest.raises(Unfit, match="优秀、良好、一般、较差"):
        correct(Said(status="graded", grade="称职"), subject=station)


@pytest.mark.parametrize("who", ["unit_head", "leader", "committee", "inspector", "auditor", "stranger", "officer"])
def test_only_hr_corrects(correct, who, request):
    with pytest.raises(NotPermitted):
        correct(actor=request.getfixturevalue(who))


def test_nobody_corrects_his_own(correct, make_account, make_officer, bureau, make_result):
    account = make_account("hr2", "hr", bureau, officer=make_officer(bureau))
    with pytest.raises(NotPermitted, match="不能更正自己的结果"):
        correct(actor=account, subject=account.officer)


# what is said, why, what is wrong with it
UNFIT = [
    (WORSE, " ", "请写明更正的原因"),
    (Said(status="graded", grade="优"), "r", "等次应为"),
    (Said(status="graded"), "r", "等次应为"),
    (Said(status="pending", grade="称职"), "r", "没有等次和得分"),
    (Said(status="ungraded", score=1.0), "r", "没有等次和得分"),
    (Said(status="good"), "r", "没有这种状态"),
]


@pytest.mark.parametrize(("said", "reason", "words"), UNFIT)
def test_a_correction_that_cannot_be(correct, said, reason, words):
    with pytest.raises(Unfit, match=words):
        correct(said, reason)


def test_a_correction_must_change_something(correct):
    correct()
    with pytest.raises(Clash, match="完全相同"):
        correct()


# Facts ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def record(officer, inspector):
    def record(kind="sanction", actor=inspector, subject=officer.officer, note="决定书 12 号", at=CLOCK, **said):
        told = FactSaid(**({"kind": kind, "level": "警告", "from_day": date(2026, 3, 1)} | said))
        return record_fact(subject=subject, said=told, note=note, actor=actor, clock=at)

    return record


def test_a_fact_is_active_until_it_ends(record, officer):
    record()
    assert facts_active(officer.officer, TODAY)
    assert not facts_active(officer.officer, date(2026, 3, 27))  # not recorded yet
    record(to_day=TODAY, note="解除")
    assert not facts_active(officer.officer, TODAY)
    assert [fact.to_day for fact in facts_known(officer.officer, TODAY)] == [TODAY]
    assert Fact.objects.count() == 2


def test_a_withdrawn_fact_never_was(record, officer):
    record()
    record(withdrawn=True, note="录错了人")
    assert facts_known(officer.officer, TODAY) == []
    assert len(facts_known(officer.officer, TODAY, with_withdrawn=True)) == 1


# who, what he may record
RECORDERS = [
    ("hr", {"sanction", "investigation", "leave", "protected", "award", "veto", "plan_closed"}),
    ("inspector", {"sanction", "investigation"}),
    ("unit_head", set()),
    ("committee", set()),
    ("stranger", set()),
    ("officer", set()),
]


@pytest.mark.parametrize(("who", "kinds"), RECORDERS)
def test_each_kind_has_its_recorders(record, who, kinds, request):
    recorded = set()
    for kind in ("sanction", "investigation", "leave", "protected", "award", "veto", "plan_closed"):
        try:
            record(kind, actor=request.getfixturevalue(who))
        except NotPermitted:
            continue
        recorded.add(kind)
    assert recorded == kinds


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": "gossip"}, "没有这种事实"),
        ({"to_day": date(2026, 2, 1)}, "止日早于起日"),
        ({"kind": "award", "level": ""}, "请写明奖励的级别"),
        ({"note": " "}, "请写明依据或原因"),
    ],
)
def test_a_fact_that_cannot_be(record, hr, said, words):
    with pytest.raises(Unfit, match=words):
        record(actor=hr, **said)


# From the linkages ------------------------------------------------------------------------------------------------
def payload(**said):
    return {
        "kind": "award",
        "level": "三等功",
        "from": "2026-03-20",
        "to": None,
        "note": "",
        "source": "reward:1:granted",
    } | said


def test_an_outcome_comes_back_once(officer):
    for _ in range(2):
        receive_fact(payload(subject={"officer": officer.officer.pk}), CLOCK)
    fact = Fact.objects.get()
    assert (fact.kind, fact.level, fact.from_day, fact.recorded_on) == ("award", "三等功", date(2026, 3, 20), TODAY)
    assert fact.recorded_by.is_machine


def test_an_outcome_that_was_undone_never_was(officer):
    who = {"officer": officer.officer.pk}
    receive_fact(payload(subject=who), CLOCK)
    receive_fact(payload(subject=who, source="reward:1:revoked", withdrawn=True), CLOCK)
    assert (Fact.objects.count(), facts_known(officer.officer, TODAY)) == (2, [])


def test_an_outcome_of_a_unit(station):
    receive_fact(payload(subject={"unit": station.pk}, kind="plan_closed", to="2026-03-21"), CLOCK)
    assert Fact.objects.get().unit == station
