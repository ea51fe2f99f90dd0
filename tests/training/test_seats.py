"""Placing people in classes: who gets a seat, who does not, and never one seat too many."""

import threading

import pytest
from django.db import connection

from training.actions import enroll, try_out
from training.models import Enrollment, TrainingCase
from workflows.models import OutboxMessage, TransitionRecord
from workflows.refusals import Reason

Status = Enrollment.Status


@pytest.fixture
def planned(make_officer, station, open_case, take, course, hr, unit_head):
    """n agreed cases of n officers."""

    def planned(n, **more):
        cases = []
        for number in range(n):
            case = open_case(f"P08:2026Q3:{number}", officer=make_officer(station), **more)
            case = take(take(case, "review", hr), "name_cause", unit_head, cause="skill", words="看过数据")
            case = take(take(case, "notify", unit_head), "propose", unit_head, course=course.pk)
            cases.append(take(case, "record_refusal", hr, reason="两人见证"))
        return cases

    return planned


@pytest.mark.django_db
def test_it_places_a_whole_group_at_once(planned, session, trainer, clock):
    cases = planned(3)
    outcome = enroll(session, [case.pk for case in cases], actor=trainer, clock=clock)
    assert len(outcome.taken) == 3
    assert Enrollment.objects.filter(session=session, status=Status.PLACED).count() == 3
    assert set(TrainingCase.objects.values_list("state", "session", "ends_on")) == {
        ("active", session.pk, session.ends_on)
    }


@pytest.mark.django_db
def test_who_comes_after_the_last_seat_is_refused_with_the_reason(planned, make_session, trainer, clock):
    session, cases = make_session(seats=2), planned(3)
    outcome = enroll(session, [case.pk for case in cases], actor=trainer, clock=clock)
    assert len(outcome.taken) == 2
    (refusal,) = outcome.refused.values()
    assert refusal.reason == Reason.UNMET
    assert "这一期共 2 席" in str(refusal.words)
    assert TrainingCase.objects.get(pk=next(iter(outcome.refused))).state == "planned"


@pytest.mark.django_db
def test_the_graver_form_comes_first(planned, make_session, trainer, clock, take, hr):
    session, (waits_longer, stage_2) = make_session(seats=1), planned(2)
    take(stage_2, "join", hr, form="stage_2")
    outcome = enroll(session, [waits_longer.pk, stage_2.pk], actor=trainer, clock=clock)
    assert outcome.taken == [stage_2.pk]


@pytest.mark.django_db
def test_a_class_that_is_over_takes_nobody(planned, session, trainer, later):
    outcome = enroll(session, [planned(1)[0].pk], actor=trainer, clock=later(60))
    assert "已经结业" in str(next(iter(outcome.refused.values())).words)


@pytest.mark.django_db
def test_a_stranger_places_nobody(planned, session, stranger, clock):
    outcome = enroll(session, [planned(1)[0].pk], actor=stranger, clock=clock)
    assert {refusal.reason for refusal in outcome.refused.values()} == {Reason.NOT_PERMITTED}
    assert not Enrollment.objects.exists()


@pytest.mark.django_db
def test_a_class_of_others_is_not_filled(planned, session, make_account, branch, clock):
    """A branch may train its people, and yet not give away the seats of the bureau's class."""
    clerk = make_account("trainer of F01", "training_unit", branch)
    outcome = enroll(session, [planned(1)[0].pk], actor=clerk, clock=clock)
    assert {refusal.reason for refusal in outcome.refused.values()} == {Reason.NOT_PERMITTED}
    assert not Enrollment.objects.exists()


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_saves_nothing(planned, make_session, trainer, clock):
    session, cases = make_session(seats=2), planned(3)
    keys = [case.pk for case in cases]
    before = TransitionRecord.objects.count(), OutboxMessage.objects.count()
    tried = try_out(session, keys, actor=trainer, clock=clock)
    assert not Enrollment.objects.exists()
    assert (TransitionRecord.objects.count(), OutboxMessage.objects.count()) == before
    done = enroll(session, keys, actor=trainer, clock=clock)
    assert (tried.taken, set(tried.refused)) == (done.taken, set(done.refused))


@pytest.mark.django_db
def test_placing_costs_the_same_for_one_and_for_many(planned, session, trainer, clock, django_assert_max_num_queries):
    first, *rest = planned(6)
    _ = trainer.grants  # read once per account
    with django_assert_max_num_queries(40) as one:
        enroll(session, [first.pk], actor=trainer, clock=clock)
    with django_assert_max_num_queries(40) as many:
        enroll(session, [case.pk for case in rest], actor=trainer, clock=clock)
    assert len(many) == len(one)


@pytest.mark.django_db(transaction=True)
def test_a_race_never_oversells(planned, make_session, trainer, clock):
    """Eight clerks place sixteen people into five seats at the same moment."""
    session, cases = make_session(seats=5), planned(16)
    gate = threading.Barrier(8)
    taken = []

    def clerk(number):
        gate.wait()
        outcome = enroll(session, [case.pk for case in cases[number * 2 : number * 2 + 2]], actor=trainer, clock=clock)
        taken.extend(outcome.taken)
        connection.close()

    clerks = [threading.Thread(target=clerk, args=(number,)) for number in range(8)]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    assert len(taken) == 5
    assert Enrollment.objects.filter(session=session, status=Status.PLACED).count() == 5
    assert TrainingCase.objects.filter(state="active").count() == 5
