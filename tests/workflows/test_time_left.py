"""Any sequence of pauses, resumes and new calendars, done to work items, ends on the day a plain count ends on."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.errand.models import Errand
from workflows import deadlines, ledger
from workflows.actions import advance
from workflows.calendars import Calendar, Clock, local_day, morning_of
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)
FIRST = date(2026, 11, 20)  # a Friday, on which the duties begin
DUTIES = {
    "working days": None,
    "days": {"place": "p", "days": 9},
    "a named day": {"place": "p", "days": 1, "until": date(2026, 12, 1)},
}
DAYS = st.dictionaries(st.integers(1, 60), st.booleans(), max_size=20)
ACTS = st.lists(st.tuples(st.sampled_from(["pause", "resume", "calendar"]), st.integers(0, 9), DAYS), max_size=8)


def calendar_of(days):
    return Calendar(days={FIRST + n * ONE: working for n, working in days.items()}, years=range(2020, 2040))


def plainly(duty, calendar, pauses):
    """Count day by day what is left; the clock stands still on the days after it was stopped until it goes on."""
    left = {"working days": 10, "days": 9, "a named day": 11}[duty]
    day = FIRST
    while left:
        day += ONE
        still = any(stopped < day <= resumed for stopped, resumed in pauses)
        counts = duty != "working days" or calendar.is_working(day)
        left -= counts and not still
    for stopped, resumed in pauses:  # stopped on the last day: it is over when the clock goes on
        day = resumed if stopped == day else day
    return day


@pytest.mark.parametrize("duty", DUTIES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_last_day_is_where_a_plain_count_ends(make, hr, clock, duty, acts):
    with transaction.atomic():  # each example begins with nothing there
        case = make()
        advance(case, Errand.accept, actor=hr, clock=clock)
        if DUTIES[duty]:
            advance(case, Errand.plan, actor=hr, clock=clock, inputs=DUTIES[duty])
        calendar, today, stopped, pauses = clock.calendar, FIRST, None, []
        for act, later, days in acts:
            today += later * ONE
            calendar = calendar_of(days) if act == "calendar" else calendar
            now = Clock(at=morning_of(today) + timedelta(hours=3), calendar=calendar)
            if act == "calendar":
                ledger.recount(now, actor=hr)
            elif act == "pause":
                ledger.pause(case, actor=hr, clock=now, note="x")
                stopped = stopped or today
            else:
                ledger.resume(case, actor=hr, clock=now, note="x")
                pauses, stopped = [*pauses, *([(stopped, today)] if stopped else [])], None
            item = WorkItem.objects.get(case__in=case, closed_at=None)
            assert local_day(item.due_at) == plainly(duty, calendar, pauses)
            assert (item.wake_at is None) == (item.paused_at is not None) == (stopped is not None)
        if stopped:
            assert deadlines.sweep(Clock(at=morning_of(date(2028, 1, 1)), calendar=calendar)).nothing
        transaction.set_rollback(True)
