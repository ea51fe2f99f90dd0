"""Working days and deadlines, as the Civil Code counts them, on the published calendars."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from workflows import clock
from workflows.calendars import Calendar, Clock, Deadline, end_of

pytestmark = pytest.mark.django_db
DAYS = [date(2024, 1, 1) + timedelta(days=n) for n in range(366 + 365 + 365)]


@pytest.fixture
def calendar(published):
    return clock.current()


def deadline(text):
    return Deadline.parse(text)


def test_every_day_of_three_years_is_what_the_published_lists_say(calendar):
    assert [day for day in DAYS if calendar.is_working(day) != chinese_calendar.is_workday(day)] == []
    assert DAYS[-1] == date(2026, 12, 31)


def test_the_year_after_the_last_list_is_not_published(calendar):
    assert [calendar.published(year) for year in (2023, 2024, 2025, 2026, 2027)] == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("start", "text", "last", "provisional"),
    [
        # The day of the event does not count (民法典 201).
        ("2026-03-02", "1 working_days", "2026-03-03", False),
        ("2026-03-02", "5 working_days", "2026-03-09", False),
        # Saturday, and a deadline that starts on one.
        ("2026-03-07", "1 working_days", "2026-03-09", False),
        # Spring Festival 2026: 15 to 23 February free, Saturdays 14 and 28 worked.
        ("2026-02-13", "1 working_days", "2026-02-14", False),
        ("2026-02-13", "2 working_days", "2026-02-24", False),
        ("2026-02-24", "4 working_days", "2026-02-28", False),
        # The six make-up workdays of 2026, each a Saturday or Sunday that counts: 4 January, 14 and 28 February, 9 May,
        # 20 September, 10 October.
        ("2026-01-03", "1 working_days", "2026-01-04", False),
        ("2025-12-31", "2 working_days", "2026-01-05", False),
        ("2026-02-24", "5 working_days", "2026-03-02", False),
        ("2026-04-30", "4 working_days", "2026-05-09", False),
        ("2026-05-08", "2 working_days", "2026-05-11", False),
        ("2026-09-18", "1 working_days", "2026-09-20", False),
        ("2026-09-24", "3 working_days", "2026-09-30", False),
        ("2026-09-30", "3 working_days", "2026-10-10", False),
        ("2026-10-09", "2 working_days", "2026-10-12", False),
        # A last day that rolls stops at a make-up workday: it is none of the weekend.
        ("2026-09-10", "10 days rolls", "2026-09-20", False),
        ("2026-01-14", "1 months rolls", "2026-02-14", False),
        # National Day and Mid-Autumn 2025: 1 to 8 October free, Sunday 28 September and Saturday 11 October worked.
        ("2025-09-26", "1 working_days", "2025-09-28", False),
        ("2025-09-30", "3 working_days", "2025-10-11", False),
        # Over the end of the last published year.
        ("2026-12-30", "1 working_days", "2026-12-31", False),
        ("2026-12-31", "1 working_days", "2027-01-01", True),
        ("2026-12-25", "7 working_days", "2027-01-05", True),
        # Calendar days need no list, unless the last one moves off a holiday.
        ("2026-02-10", "7 days", "2026-02-17", False),
        ("2026-02-10", "7 days rolls", "2026-02-24", False),
        ("2026-12-25", "10 days", "2027-01-04", False),
        ("2026-12-25", "10 days rolls", "2027-01-04", True),
        # Months: the same day, or the month's last (民法典 202).
        ("2026-01-31", "1 months", "2026-02-28", False),
        ("2024-01-31", "1 months", "2024-02-29", False),
        ("2026-08-31", "6 months", "2027-02-28", False),
        ("2025-11-30", "3 months rolls", "2026-02-28", False),
        ("2026-12-31", "12 months", "2027-12-31", False),
        ("2024-02-29", "1 years", "2025-02-28", False),
        ("2024-02-29", "4 years", "2028-02-29", False),
        ("2026-01-24", "1 months rolls", "2026-02-24", False),
        ("2023-02-28", "1 years", "2024-02-28", False),  # the same day, not the month's end
        ("2025-10-01", "1 years rolls", "2026-10-08", False),
        # Nothing to wait for.
        ("2026-03-02", "0 days", "2026-03-02", False),
    ],
)
def test_the_last_day(calendar, start, text, last, provisional):
    assert calendar.due(date.fromisoformat(start), deadline(text)) == (date.fromisoformat(last), provisional)


SIX = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)}


def test_six_days_are_worked_to_make_up_in_2026(calendar):
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert {day for day in days if day.weekday() >= 5 and calendar.is_working(day)} == SIX


def test_the_nearest_unit_with_days_of_its_own_wins():
    bureau, branch, station = "/B00/", "/B00/F01/", "/B00/F01/F01P01/"
    festival = date(2026, 11, 25)
    calendar = Calendar(
        days={date(2026, 11, 26): False},
        years={2026},
        local={bureau: {festival: False}, branch: {festival: True, date(2026, 11, 28): True}},
    )
    two = Deadline(number=2)
    assert calendar.due(date(2026, 11, 24), two).day == date(2026, 11, 27)  # the nation: 25, 27
    assert calendar.at(bureau).due(date(2026, 11, 24), two).day == date(2026, 11, 30)  # 27, 30
    assert calendar.at(branch).due(date(2026, 11, 24), two).day == date(2026, 11, 27)  # 25, 27
    assert calendar.at(branch).is_working(date(2026, 11, 28))
    assert calendar.at(station) is calendar.at(branch)
    assert calendar.at("/B00/F010/") is calendar.at(bureau)
    assert calendar.at("/X/") is calendar


def test_working_days_between_two_days(calendar):
    assert calendar.working_days(date(2026, 2, 13), date(2026, 2, 24)) == 2
    assert calendar.working_days(date(2026, 2, 24), date(2026, 2, 13)) == 0


def test_days_are_those_of_china():
    at = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # half past midnight of the third in Haizhou
    assert Clock(at=at, calendar=Calendar()).day == date(2026, 3, 3)
    assert end_of(date(2026, 3, 3)) == datetime(2026, 3, 3, 15, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize("text", ["5 working_days", "10 days rolls", "2 months", "1 years"])
def test_a_deadline_reads_back_what_it_wrote(text):
    assert str(deadline(text)) == text


@pytest.mark.parametrize("text", ["5", "5 weeks", "five days"])
def test_no_other_deadline_is_read(text):
    with pytest.raises(ValueError, match=r"."):
        deadline(text)
