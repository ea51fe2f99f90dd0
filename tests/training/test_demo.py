"""Demonstration classes, the catalogue, and what the database refuses."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from appraisal.models import SchemeWeight
from config.env import BASE_DIR
from training.actions import Note, check_in, issue_list
from training.models import CheckIn, ClassSession, Course, EnrollmentList
from training.queries import course_for

pytestmark = pytest.mark.django_db
SCHEMES = BASE_DIR / "samples" / "haizhou" / "schemes.csv"
INDICATORS = [line.split(",")[1] for line in SCHEMES.read_text(encoding="utf-8").splitlines()[1:]]


def run(**options):
    out = StringIO()
    call_command("demo_training", stdout=out, **options)
    return out.getvalue()


def test_every_indicator_of_the_schemes_has_a_course():
    assert SchemeWeight.objects.count() == 0  # the catalogue does not hang on loaded data
    assert [indicator for indicator in INDICATORS if course_for(indicator) is None] == []


def test_an_indicator_nobody_knows_has_none():
    assert course_for("颜值") is None


def test_the_migrations_bring_courses_and_no_classes():
    assert Course.objects.count() == 11
    assert not ClassSession.objects.exists()


def test_it_holds_classes_in_the_weeks_to_come_and_once(make_unit):
    make_unit("TR", kind="机关")
    assert "33" in run()
    assert "0" in run()
    assert ClassSession.objects.count() == 33
    first = ClassSession.objects.order_by("starts_on").first()
    assert first.starts_on.weekday() == 0
    assert timezone.localdate() < first.starts_on < timezone.localdate() + timedelta(weeks=3)


def test_it_needs_the_sample_bureau():
    with pytest.raises(CommandError, match="load_bureau") as refused:
        run()
    assert refused.value.returncode == 2


def test_it_keeps_off_a_database_that_is_not_our_own(make_unit, monkeypatch):
    make_unit("TR", kind="机关")
    monkeypatch.delitem(connection.settings_dict, "EMBEDDED", raising=False)
    with pytest.raises(CommandError, match="--demo"):
        run()
    assert not ClassSession.objects.exists()
    assert "33" in run(demo=True)


def test_a_list_that_was_sent_is_neither_rewritten_nor_removed(walk, session, trainer, clock):
    walk("active")
    listed = issue_list(session, actor=trainer, clock=clock)
    for write in (
        lambda: EnrollmentList.objects.filter(pk=listed.pk).update(count=9),
        lambda: EnrollmentList.objects.filter(pk=listed.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()
    listed.refresh_from_db()
    assert listed.count == 1


def test_a_receipt_is_not_taken_back(walk, session, trainer, clock):
    walk("active")
    listed = issue_list(session, actor=trainer, clock=clock)
    EnrollmentList.objects.filter(pk=listed.pk).update(confirmed_at=clock.at, confirmed_by=trainer)
    with pytest.raises(DatabaseError), transaction.atomic():
        EnrollmentList.objects.filter(pk=listed.pk).update(confirmed_at=None, confirmed_by=None)


def test_a_note_stays_as_it_was_written(walk, officer, clock):
    note = check_in(walk("active"), Note(words="回访 12 户"), actor=officer, clock=clock)
    with pytest.raises(DatabaseError), transaction.atomic():
        CheckIn.objects.filter(pk=note.pk).update(words="回访 20 户")
    with pytest.raises(DatabaseError), transaction.atomic():
        CheckIn.objects.filter(pk=note.pk).delete()


def test_a_note_outlives_its_goal(walk, take, officer, unit_head, trainer, clock):
    case = walk("active", fields={"form": "plan"})
    goal = case.goals.get()
    check_in(case, Note(words="回访 12 户", goal=goal, figure=62.3), actor=officer, clock=clock)
    case = take(take(case, "unplace", trainer, reason="出差"), "reopen", unit_head)
    take(case, "propose", unit_head, goals=[{"indicator": "风险排查数", "target": 80, "due": "2027-03-31"}])
    assert CheckIn.objects.get().goal is None
    assert date(2027, 3, 31) == case.goals.get().due


def test_courses_are_kept_by_the_administrator_in_the_admin(as_account, administrator, hr):
    assert as_account(administrator).get("/admin/training/course/").status_code == 200
    assert as_account(administrator).get("/admin/training/enrollmentlist/").status_code == 403
    assert as_account(hr).get("/admin/training/course/").status_code in (302, 403, 404)
