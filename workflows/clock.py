"""The time and the calendar of this moment."""

from functools import lru_cache
from time import monotonic

from django.utils import timezone

from workflows.calendars import Calendar, Clock
from workflows.models import CalendarDay, CalendarYear

KEPT_FOR = 60  # seconds; the calendar changes once a year, and loading it recomputes what was reckoned in between


def now() -> Clock:
    return Clock(at=timezone.now(), calendar=current())


def current() -> Calendar:
    """The calendar, read at most once a minute: nothing else about a step should cost two more reads."""
    return _read(int(monotonic() // KEPT_FOR))


@lru_cache(maxsize=1)
def _read(minute: int) -> Calendar:
    return Calendar(
        days=dict(CalendarDay.objects.values_list("day", "working")),
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
    )


def forget() -> None:
    """Read the calendar anew at the next call."""
    _read.cache_clear()
