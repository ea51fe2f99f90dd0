"""Attendance and marks: what they do to the cases of a class."""

from datetime import date

import pytest

from training.actions import Verdict, mark_class
from training.models import Enrollment, TrainingCase
from workflows.refusals import Reason, Unmet

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(walk):
    case = walk("active")
    return Enrollment.objects.get(case=case)


# what is said, the seat, the case's state and result
SAID = [
    (Verdict(status="attended"), "attended", "active", ""),
    (Verdict(status="passed", mark=81), "passed", "reassessed", "met"),
    (Verdict(status="failed", mark=42), "failed", "reassessed", "not_met"),
    (Verdict(status="absent"), "absent", "planned", ""),
]


@pytest.mark.parametrize(("verdict", "status", "state", "result"), SAID, ids=[row[1] for row in SAID])
def test_a_class_is_judged_by_its_marks(seat, session, trainer, later, verdict, status, state, result):
    marked = mark_class(session, {seat.pk: verdict}, actor=trainer, clock=later(20))
    assert (marked.saved, marked.refused) == (1, {})
    seat.refresh_from_db()
    case = TrainingCase.objects.get(pk=seat.case_id)
    assert (seat.status, seat.mark, case.state, case.result) == (status, verdict.mark, state, result)


def test_a_plan_goes_on_after_its_class(walk, session, trainer, later):
    case = walk("active", fields={"form": "plan"})
    seat = Enrollment.objects.get(case=case)
    mark_class(session, {seat.pk: Verdict(status="passed", mark=90)}, actor=trainer, clock=later(20))
    case = TrainingCase.objects.get(pk=case.pk)
    assert (case.state, case.ends_on) == ("active", date(2027, 2, 26))


def test_a_verdict_once_given_stays(seat, session, trainer, later):
    mark_class(session, {seat.pk: Verdict(status="failed", mark=42)}, actor=trainer, clock=later(20))
    assert mark_class(session, {seat.pk: Verdict(status="passed")}, actor=trainer, clock=later(21)).saved == 0
    seat.refresh_from_db()
    assert seat.status == "failed"


def test_nothing_is_marked_before_the_class_begins(seat, session, trainer, clock):
    with pytest.raises(Unmet, match="还没有开班"):
        mark_class(session, {seat.pk: Verdict(status="passed")}, actor=trainer, clock=clock)


@pytest.mark.parametrize("who", ["hr", "unit_head", "officer", "stranger"])
def test_only_the_training_unit_marks(request, seat, session, later, who):
    with pytest.raises(Unmet, match="权限"):
        mark_class(session, {seat.pk: Verdict(status="passed")}, actor=request.getfixturevalue(who), clock=later(20))


def test_a_seat_of_another_class_is_not_touched(seat, make_session, trainer, later):
    other = make_session()
    assert mark_class(other, {seat.pk: Verdict(status="passed")}, actor=trainer, clock=later(20)).saved == 0


def test_a_case_that_stands_still_is_refused_and_its_seat_stays(seat, session, trainer, unit_head, later, take):
    take(TrainingCase.objects.get(pk=seat.case_id), "pause", unit_head, reason="住院")
    marked = mark_class(session, {seat.pk: Verdict(status="passed")}, actor=trainer, clock=later(20))
    assert (marked.saved, marked.refused[seat.pk].reason) == (0, Reason.NOT_POSSIBLE)
    seat.refresh_from_db()
    assert seat.status == "placed"
