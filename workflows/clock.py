"""The time and the calendar of this moment."""

from collections import defaultdict
from datetime import date
from functools import lru_cache
from time import monotonic

from django.utils import timezone

from workflows.calendars import Calendar, Clock
from workflows.models import CalendarDay, CalendarVersion, CalendarYear, LocalDay

KEPT_FOR = 60  # seconds; what was reckoned by the old one in that minute is found by its version and counted again


def now() -> Clock:
    return Clock(at=timezone.now(), calendar=current())


def current() -> Calendar:
    """The calendar, read at most once a minute: nothing else about a step should cost two more reads."""
    return _read(int(monotonic() // KEPT_FOR))


@lru_cache(maxsize=1)
def _read(minute: int) -> Calendar:
    return fresh()


def fresh() -> Calendar:
    """The calendar as the tables hold it now, what this transaction wrote included. Not kept."""
    local: defaultdict[str, dict[date, bool]] = defaultdict(dict)
    # The version first: what is reckoned with days newer than it is only counted once more.
    version = CalendarVersion.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for path, day, working in LocalDay.objects.values_list("unit__path", "day", "working"):
        local[path][day] = working
    return Calendar(
        days=dict(CalendarDay.objects.values_list("day", "working")),
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
        version=version,
        local=dict(local),
    )


def forget() -> None:
    """Read the calendar anew at the next call."""
    _read.cache_clear()
