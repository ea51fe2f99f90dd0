"""Deadlines in the words of the bureau."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from workflows import words
from workflows.calendars import Calendar, Clock, end_of
from workflows.models import WorkItem

CALENDAR = Calendar(days={date(2026, 4, 6): False}, years={2026})  # Tomb Sweeping Day
TUESDAY = Clock(at=datetime(2026, 3, 31, 2, tzinfo=UTC), calendar=CALENDAR)


@pytest.mark.parametrize(
    ("last", "tone", "said"),
    [
        (date(2026, 4, 3), "ok", "还有 3 个工作日（4月3日）"),
        (date(2026, 4, 2), "soon", "还有 2 个工作日（4月2日）"),
        (date(2026, 3, 31), "soon", "今天（24:00 前）"),
        (date(2026, 4, 7), "ok", "还有 4 个工作日（4月7日）"),  # the holiday does not count
        (date(2026, 3, 30), "over", "逾期 1 个工作日（3月30日）"),
        (date(2026, 3, 27), "over", "逾期 2 个工作日（3月27日）"),
        (date(2027, 1, 4), "ok", "还有 198 个工作日（2027年1月4日）"),
    ],
)
def test_the_number_and_the_date(last, tone, said):
    due = words.due(end_of(last), TUESDAY)
    assert (due.tone, str(due)) == (tone, said)


def test_late_by_a_weekend_is_late_without_a_number():
    saturday = Clock(at=datetime(2026, 3, 28, 2, tzinfo=UTC), calendar=CALENDAR)
    assert words.due(end_of(date(2026, 3, 27)), saturday).words == "已逾期"


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (date(2026, 4, 7), "还有 7 日（4月7日）"),  # the holiday counts, as the law has it
        (date(2026, 3, 28), "逾期 3 日（3月28日）"),
    ],
)
def test_a_limit_in_natural_days_says_so(last, said):
    item = WorkItem(due_at=end_of(last), rule="30 days", provisional=False)
    assert str(words.item_due(item, TUESDAY)) == said


def test_a_clock_that_stands_still_says_what_is_left():
    item = WorkItem(due_at=end_of(date(2026, 4, 8)), paused_at=TUESDAY.at, rule="10 working_days")
    assert words.item_due(item, TUESDAY).words == "已暂停，剩 5 个工作日"


def test_a_provisional_deadline_says_so():
    due = words.due(end_of(date(2027, 3, 31)), TUESDAY, provisional=True)
    assert (due.tone, str(due)) == ("provisional", "暂定（2027年3月31日）")


def test_times_are_those_of_the_bureau():
    assert words.time_words(datetime(2026, 3, 23, 1, 40, tzinfo=UTC), today=date(2026, 3, 31)) == "3月23日 09:40"


def test_english_dates_read_as_english():
    with translation.override("en"):
        assert words.day_words(date(2026, 4, 3), today=date(2026, 3, 31)) == "3 Apr"


@pytest.mark.parametrize(
    ("number", "cap", "said"), [(1204, 10_000, "1,204"), (10_001, 10_000, "1 万+"), (100, 99, "99+")]
)
def test_counts_end_at_their_cap(number, cap, said):
    assert words.capped(number, cap) == said
