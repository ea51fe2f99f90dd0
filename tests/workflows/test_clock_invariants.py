"""What must hold of the clock, and that each breach of it is named. The data are broken past every door."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.errand.models import Errand
from workflows import clock_invariants, deadlines, invariants, ledger, verification
from workflows.actions import advance
from workflows.calendars import Clock
from workflows.models import ItemChange, Notice, WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_weekends_are_free(clock, monkeypatch, tmp_path, settings):
    monkeypatch.setattr("workflows.clock.fresh", lambda: clock.calendar)
    settings.ANCHORS = tmp_path


def later(clock, days):
    return Clock(at=clock.at + timedelta(days=days), calendar=clock.calendar)


@pytest.fixture
def told(make, hr, clock):
    """Two errands whose time went by: of one the unit's head was reminded and more, the other lapsed."""
    lapsing, accepted = make(2)
    advance([accepted], Errand.accept, actor=hr, clock=clock)
    for days in (12, 16, 20, 30):
        deadlines.sweep(later(clock, days))
    assert Errand.objects.get(pk=lapsing).state == "lapsed"
    assert {(notice.what, notice.level) for notice in Notice.objects.all()} > {("reminder", 1), ("escalation", 1)}
    return accepted


@pytest.fixture
def paused(make, hr, clock):
    """An errand whose clock stood still twice."""
    cases = make()
    advance(cases, Errand.accept, actor=hr, clock=clock)
    for days in (2, 6, 9, 20):
        act = ledger.pause if days in {2, 9} else ledger.resume
        act(cases, actor=hr, clock=later(clock, days), note="休假")
    return cases


def tamper(statement):
    """As somebody who may do everything in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_all_holds_after_reminders_escalations_and_an_expiry(told):
    assert list(invariants.breaches()) == []


def test_all_holds_after_pauses(paused):
    assert list(invariants.breaches()) == []


@pytest.mark.parametrize(
    ("breach", "named"),
    [
        # The same level twice: the constraint has to be gone for it.
        (
            "ALTER TABLE workflows_notice DROP CONSTRAINT notice_once; "
            "INSERT INTO workflows_notice (item_id, what, level, spoken, at) "
            "SELECT item_id, what, level, false, at FROM workflows_notice WHERE what = 'reminder' AND level = 1",
            "reminder of level 1 was reached 2 times",
        ),
        # The item forgot how far it had come: it would be told again.
        ("UPDATE workflows_workitem SET escalated = 0 WHERE escalated > 0", "its notices say"),
        ("UPDATE workflows_workitem SET reminded = 0 WHERE reminded > 0", "its notices say"),
        # A message that no level asked for, and a level that told nobody.
        (
            "INSERT INTO workflows_outboxmessage (topic, cause, case_id, role, desk, payload, written_at, available_at)"
            " SELECT topic, cause, case_id, role, desk, payload, written_at, available_at FROM workflows_outboxmessage"
            " WHERE cause = 'reminder'",
            "2 messages of reminder",
        ),
        ("DELETE FROM workflows_outboxmessage WHERE cause = 'escalation'", "0 messages of escalation"),
        # Told before the day that was in force then.
        ("UPDATE workflows_notice SET at = at - interval '20 days' WHERE what = 'escalation'", "was told too early"),
        (
            "UPDATE workflows_notice SET at = at - interval '20 days' WHERE level = 1",
            "reminder of level 1 was told too",
        ),
        ("UPDATE workflows_workitem SET due_at = due_at + interval '60 days'", "was told too early"),
        ("UPDATE workflows_workitem SET due_at = closed_at WHERE duty = 'asked'", "the clock took lapse too early"),
    ],
)
def test_each_breach_of_what_was_told_is_named(told, breach, named):
    tamper(breach)
    assert any(named in words for words in clock_invariants.breaches()), list(clock_invariants.breaches())


def test_what_is_told_while_the_clock_stands_still_is_too_early(told, hr, clock):
    notice = Notice.objects.filter(what="reminder").first()
    item = WorkItem.objects.get(pk=notice.item_id)
    ItemChange.objects.create(
        item=item,
        why="paused",
        due_from=item.due_at,
        due_to=item.due_at,
        desk_from=item.desk,
        desk_to=item.desk,
        actor=hr,
        at=notice.at - timedelta(hours=1),
    )
    assert any(f"work item {item.pk}: reminder" in words for words in clock_invariants.breaches())


def test_a_deadline_that_moved_later_was_not_told_too_early(make, hr, clock):
    cases = make()
    advance(cases, Errand.accept, actor=hr, clock=clock)
    deadlines.sweep(later(clock, 13))
    ledger.pause(cases, actor=hr, clock=later(clock, 13.5), note="休假")
    ledger.resume(cases, actor=hr, clock=later(clock, 60), note="回岗")
    assert Notice.objects.exists()
    assert list(clock_invariants.breaches()) == []


@pytest.mark.parametrize(
    "breach",
    [
        "UPDATE workflows_workitem SET due_at = due_at + interval '1 day'",
        "UPDATE workflows_workitem SET due_at = due_at - interval '1 day'",
        "UPDATE workflows_itemchange SET at = at + interval '3 days' WHERE why = 'resumed'",
    ],
)
def test_a_day_lost_or_won_by_a_pause_is_named(paused, breach):
    tamper(breach)
    assert any("outside its pauses" in words for words in clock_invariants.breaches())


def test_heads_that_do_not_match_the_anchors_are_named(told, clock):
    verification.anchor_now(clock.at, verification.anchors_file())
    assert list(invariants.breaches()) == []
    # A chain that was written anew from its first record on holds in itself.
    tamper("DELETE FROM workflows_transitionrecord WHERE number = 2; DELETE FROM workflows_workitem")
    assert any("do not match the anchors" in words for words in invariants.breaches())
