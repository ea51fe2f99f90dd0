"""The time that is left is kept over any sequence of pauses: counted anew and counted on, the day is the same."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workflows.calendars import Calendar, Deadline, Pause

START = date(2026, 1, 1)


def day(number):
    return START + timedelta(days=number)


@st.composite
def calendars(draw):
    """Any days may be holidays or worked, and a year may be unpublished."""
    days = draw(st.dictionaries(st.integers(0, 150).map(day), st.booleans(), max_size=40))
    return Calendar(days=days, years=draw(st.sampled_from([(), (2026,), (2026, 2027)])))


@st.composite
def pauses(draw):
    """In order, the same day included: each begins at or after the end of the one before it."""
    moments = sorted(draw(st.lists(st.integers(0, 100), max_size=10)))
    return [Pause(day(a), day(b)) for a, b in zip(moments[::2], moments[1::2], strict=False)]


def counted_on(calendar, deadline, pauses):
    """As a person would: at each pause write down what is left, and count that from the day it goes on."""
    last = calendar.due(START, deadline).day
    working = deadline.unit == "working_days"
    for stopped, resumed in pauses:
        if stopped > last:
            continue
        left = calendar.working_days(stopped, last) if working else (last - stopped).days
        last = calendar.due(resumed, Deadline(number=left, unit="working_days" if working else "days")).day
    return last


UNITS = st.sampled_from(["working_days", "days", "months"])


@given(calendar=calendars(), number=st.integers(0, 40), unit=UNITS, pauses=pauses())
@example(calendar=Calendar(), number=3, unit="days", pauses=[Pause(day(3), day(9))])  # stopped on the last day
@example(calendar=Calendar(), number=3, unit="days", pauses=[Pause(day(4), day(9))])  # stopped when it was over
@example(calendar=Calendar(), number=3, unit="days", pauses=[Pause(day(0), day(2)), Pause(day(2), day(2))])
@example(calendar=Calendar(), number=3, unit="days", pauses=[Pause(day(3), day(5)), Pause(day(5), day(9))])
def test_counted_anew_is_counted_on(calendar, number, unit, pauses):
    deadline = Deadline(number=min(number, 6) if unit == "months" else number, unit=unit)
    assert calendar.due(START, deadline, pauses).day == counted_on(calendar, deadline, pauses)


@given(calendar=calendars(), number=st.integers(0, 40), pauses=pauses())
def test_the_working_days_left_are_the_same_before_and_after_each_pause(calendar, number, pauses):
    deadline = Deadline(number=number)
    for n, pause in enumerate(pauses):
        before = calendar.due(START, deadline, pauses[:n]).day
        after = calendar.due(START, deadline, pauses[: n + 1]).day
        if pause.stopped <= before:
            left = calendar.working_days(pause.stopped, before)
            assert calendar.working_days(pause.resumed, after) == left
        else:
            assert after == before


@given(calendar=calendars(), number=st.integers(0, 40), unit=UNITS, pauses=pauses())
def test_a_pause_of_no_days_changes_nothing(calendar, number, unit, pauses):
    deadline = Deadline(number=min(number, 6), unit=unit, rolls=True)
    still = [*pauses, Pause(day(100), day(100)), Pause(day(100), day(100))]
    assert calendar.due(START, deadline, pauses) == calendar.due(START, deadline, still)


@pytest.mark.parametrize(
    ("text", "pauses", "last"),
    [
        ("1 months", [], date(2026, 2, 1)),
        ("1 months", [(10, 15)], date(2026, 2, 6)),
        ("1 months rolls", [(10, 16)], date(2026, 2, 9)),  # the 7th is a Saturday
        # The last day, a Saturday, is over; it rolls to Monday, but the clock stops on Sunday and goes on on Wednesday.
        ("2 days rolls", [(3, 6)], date(2026, 1, 7)),
        ("2 days rolls", [(3, 9)], date(2026, 1, 12)),  # it goes on on a Saturday
    ],
)
def test_months_and_days_that_roll(text, pauses, last):
    found = Calendar(years={2026}).due(START, Deadline.parse(text), [Pause(day(a), day(b)) for a, b in pauses])
    assert found == (last, False)
