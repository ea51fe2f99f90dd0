"""Due dates of cases, and the clock's round: reminders, expiries, delays told up the line."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.accounts import machine
from people.roles import Role
from tests.errand.models import Errand, State
from workflows import deadlines, ledger
from workflows.actions import advance
from workflows.calendars import Calendar, Clock, morning_of
from workflows.models import Case, ItemChange, Notice, OutboxMessage, TransitionRecord, WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def sweep(clock):
    """A round on the morning of a day of 2026."""

    def sweep(month, day):
        return deadlines.sweep(Clock(at=morning_of(date(2026, month, day)), calendar=clock.calendar))

    return sweep


@pytest.fixture
def accepted(make, hr, clock):
    ids = make()
    advance(ids, Errand.accept, actor=hr, clock=clock)
    return ids


def told(cause):
    rows = OutboxMessage.objects.filter(cause=cause).order_by("id")
    return [(row.role, row.desk, row.officer_id) for row in rows]


@pytest.mark.parametrize(
    ("inputs", "last", "rule"),
    [
        ({"place": "p", "days": 9}, (2026, 11, 29), "9 days"),
        ({"place": "p", "days": 1, "until": "2026-12-24"}, (2026, 12, 24), ""),
        ({"place": "p", "days": 1, "until": "2026-01-01"}, (2026, 1, 1), ""),  # a day that is over: due at once
    ],
)
def test_each_case_may_have_a_due_date_of_its_own(accepted, hr, clock, due, inputs, last, rule):
    if "until" in inputs:
        inputs["until"] = date.fromisoformat(inputs["until"])
    advance(accepted, Errand.plan, actor=hr, clock=clock, inputs=inputs)
    item = WorkItem.objects.get(closed_at=None)
    assert (item.due_at, item.rule, item.officer_id) == (due(*last), rule, Case.objects.get().officer_id)


def test_nothing_is_said_before_its_time(accepted, sweep):
    assert sweep(11, 30).nothing


def test_a_reminder_goes_to_the_desk_once(unit_head, accepted, station, sweep):
    assert sweep(12, 1).reminded == 1  # the seventh of ten working days
    assert sweep(12, 2).nothing
    assert told("reminder") == [(Role.UNIT_HEAD, station.path, None)]


@pytest.fixture
def on_hr_desk_of_the_station(accepted, station):
    """Due on Friday 4 December; the head of the station is above it, and not its holder."""
    WorkItem.objects.filter(closed_at=None).update(role=Role.HR, desk=station.path)
    return WorkItem.objects.get(closed_at=None)


@pytest.fixture
def branch_head(make_account, branch):
    return make_account("branch_head", Role.UNIT_HEAD, branch)


@pytest.mark.usefixtures("unit_head", "branch_head", "leader")
def test_a_delay_goes_up_the_line_each_level_once(on_hr_desk_of_the_station, sweep, station, branch):
    assert (sweep(12, 5).escalated, sweep(12, 6).escalated) == (1, 0)
    assert (sweep(12, 9).escalated, sweep(12, 10).escalated) == (1, 0)
    assert (sweep(12, 14).escalated, sweep(12, 15).escalated, sweep(12, 31).escalated) == (1, 0, 0)
    assert told("escalation") == [
        (Role.UNIT_HEAD, station.path, None),
        (Role.UNIT_HEAD, branch.path, None),
        (Role.LEADER, branch.path, None),
    ]
    assert WorkItem.objects.get(closed_at=None).wake_at is None


@pytest.mark.usefixtures("unit_head", "leader")
def test_a_level_without_anybody_is_passed_over(on_hr_desk_of_the_station, sweep, station, branch):
    sweep(12, 5)
    sweep(12, 9)
    assert told("escalation") == [(Role.UNIT_HEAD, station.path, None), (Role.LEADER, branch.path, None)]
    assert WorkItem.objects.get(closed_at=None).escalated == Notice.LEADER_IN_CHARGE


def test_where_nobody_is_above_the_message_waits_for_a_leader(on_hr_desk_of_the_station, sweep):
    sweep(12, 5)
    assert told("escalation") == [(Role.LEADER, "/B00/", None)]


def test_the_head_of_a_unit_is_not_told_of_his_own_delay(unit_head, leader, accepted, branch, sweep):
    sweep(12, 10)
    assert told("escalation") == [(Role.LEADER, branch.path, None)]


@pytest.mark.usefixtures("unit_head")
def test_the_holder_is_reminded_before_on_and_after_the_day(accepted, sweep, station):
    rounds = [sweep(12, day).reminded for day in (1, 2, 3, 4, 5, 6, 7)]
    assert rounds == [1, 0, 0, 1, 1, 0, 0]
    assert [m.payload["level"] for m in OutboxMessage.objects.filter(cause="reminder").order_by("id")] == [1, 2, 3]
    assert WorkItem.objects.get(closed_at=None).reminded == Notice.AFTER


@pytest.mark.usefixtures("unit_head", "branch_head", "leader")
def test_what_an_outage_swallowed_is_said_once_at_the_highest_level(on_hr_desk_of_the_station, sweep, branch):
    swept = sweep(12, 31)  # no round went since the 20th of November
    assert (swept.reminded, swept.escalated) == (1, 1)
    assert told("escalation") == [(Role.LEADER, branch.path, None)]
    assert sorted(Notice.objects.values_list("what", "level", "spoken")) == [
        ("escalation", 1, False),
        ("escalation", 2, False),
        ("escalation", 3, True),
        ("reminder", 1, False),
        ("reminder", 2, False),
        ("reminder", 3, True),
    ]
    assert sweep(12, 31).nothing


def test_the_database_refuses_a_level_said_twice(accepted, sweep):
    sweep(12, 1)
    said = Notice.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(item=said.item, what=said.what, level=said.level, spoken=True, at=said.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(level=2)


def test_a_round_takes_as_many_statements_for_fifty_items_as_for_two(make, hr, clock, sweep):
    def statements(n, day):
        ids = make(n)
        advance(ids, Errand.accept, actor=hr, clock=clock)
        WorkItem.objects.filter(pk__in=WorkItem.objects.filter(case__in=ids[::2], closed_at=None)).update(
            remind_at=None, wake_at=morning_of(date(2026, 12, 4))
        )
        with CaptureQueriesContext(connection) as counted:
            assert not sweep(12, day).nothing
        return len(counted)

    assert statements(2, 5) == statements(50, 6)


def test_an_expiry_is_taken_by_the_clock(make, sweep, clock):
    ids = make(3)
    assert sweep(11, 28).expired == 3
    assert set(Case.objects.filter(pk__in=ids).values_list("state", "outcome")) == {(State.LAPSED, "lapsed")}
    assert {r.actor.username for r in TransitionRecord.objects.filter(step="lapse")} == {"clock"}
    assert told("escalation") == []


def test_a_case_that_moved_on_meanwhile_does_not_expire(make, hr, clock, sweep, monkeypatch):
    (case,) = make()
    lapses = Errand.lapse._django_fsm.transitions
    monkeypatch.setitem(lapses, "accepted", lapses["asked"])  # the step would be possible there too, but it has time
    find = deadlines._due

    def somebody_is_faster(now):
        found = find(now)
        advance([case], Errand.accept, actor=hr, clock=clock)
        return found

    monkeypatch.setattr(deadlines, "_due", somebody_is_faster)
    assert sweep(11, 28).expired == 0
    assert Case.objects.get().state == State.ACCEPTED


def test_a_refused_expiry_is_tried_again(make, sweep, monkeypatch, caplog):
    make()
    edge = Errand.lapse._django_fsm.get_transition("asked")
    with monkeypatch.context() as patch:
        patch.setattr(edge, "permission", lambda case, actor: False)
        assert sweep(11, 28).expired == 0
    assert "an expiry was refused" in caplog.text
    assert sweep(11, 29).expired == 1


def test_an_idle_round_is_one_probe(make, clock):
    make(50)
    with CaptureQueriesContext(connection) as counted:
        deadlines.sweep(clock)
    assert len([q for q in counted.captured_queries if "SAVEPOINT" not in q["sql"]]) == 1


def test_a_paused_clock_goes_on_with_the_days_that_were_left(accepted, hr, clock, due, sweep):
    def at(day):
        return Clock(at=morning_of(day), calendar=clock.calendar)

    assert WorkItem.objects.get(closed_at=None).due_at == due(2026, 12, 4)
    ledger.pause(accepted, actor=hr, clock=at(date(2026, 11, 25)), note="住院")  # seven working days are left
    assert sweep(12, 20).nothing
    ledger.resume(accepted, actor=hr, clock=at(date(2026, 12, 21)), note="出院")
    item = WorkItem.objects.get(closed_at=None)
    assert (item.due_at, item.paused_at) == (due(2026, 12, 30), None)
    assert item.wake_at == item.remind_at == morning_of(date(2026, 12, 25))  # the reminder is still to come
    assert list(ItemChange.objects.values_list("why", "note")) == [("paused", "住院"), ("resumed", "出院")]


def test_a_day_that_was_named_moves_by_the_length_of_the_pause(accepted, hr, clock, due):
    advance(accepted, Errand.plan, actor=hr, clock=clock, inputs={"place": "p", "days": 9})
    later = Clock(at=clock.at + timedelta(days=4), calendar=clock.calendar)
    ledger.pause(accepted, actor=hr, clock=clock, note="x")
    ledger.resume(accepted, actor=hr, clock=later, note="x")
    assert WorkItem.objects.get(closed_at=None).due_at == due(2026, 12, 3)


def test_a_new_calendar_moves_what_hangs_on_it(accepted, hr, clock, due):
    item = WorkItem.objects.get(closed_at=None)
    assert ledger.recount(clock, actor=hr) == []
    holiday = Clock(at=clock.at, calendar=Calendar(days={date(2026, 11, 23): False}, years={2026}))
    (change,) = ledger.recount(holiday, actor=hr, note="临时放假")
    assert (change.item, change.due_from, change.due_to) == (item, due(2026, 12, 4), due(2026, 12, 7))
    item.refresh_from_db()
    assert (item.due_at, item.remind_at, item.wake_at) == (due(2026, 12, 7), item.remind_at, item.remind_at)
    assert item.remind_at == morning_of(date(2026, 12, 2))


def test_the_command_takes_a_moment(make, capsys):
    machine("clock")
    make()
    call_command("sweep_deadlines", "--now", "2026-11-28")
    assert "到期办理 1 项" in capsys.readouterr().out
    for wrong in ("tomorrow", "2026-13-01"):
        with pytest.raises(CommandError) as refused:
            call_command("sweep_deadlines", "--now", wrong)
        assert refused.value.returncode == 2
