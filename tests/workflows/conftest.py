"""What the tests of the engine share: a fixed moment, and errands to move."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.errand.kind import KIND
from workflows import actions
from workflows.calendars import Calendar, Clock


@pytest.fixture
def clock():
    """Friday 20 November 2026, 17:00 in Haizhou; only weekends are free."""
    calendar = Calendar(years=range(2020, 2040))
    return Clock(at=datetime(2026, 11, 20, 9, tzinfo=UTC), calendar=calendar)


@pytest.fixture
def late(clock):
    """When the time of an errand that nobody took up is over."""
    return Clock(at=clock.at + timedelta(days=9), calendar=clock.calendar)


@pytest.fixture
def due():
    """The end of a day in Haizhou."""

    def due(year, month, day):
        return datetime(year, month, day, 15, 59, 59, 999999, tzinfo=UTC)

    return due


@pytest.fixture
def opening(station, make_officer):
    """An errand to be opened for an officer of the station."""
    officer = make_officer(station)

    def opening(key, **more):
        said = {
            "title": "送文件",
            "officer_id": officer.pk,
            "unit_path": station.path,
            "line_path": station.path,
            "fields": {"purpose": "送达文书"},
        }
        return actions.Opening(key=key, **(said | more))

    return opening


@pytest.fixture
def make(hr, clock, opening):
    """Open n errands; return their ids."""
    made = iter(range(10_000))

    def make(n=1, **more):
        openings = [opening(f"errand:{next(made)}", **more) for _ in range(n)]
        return actions.open_cases(openings, KIND, actor=hr, clock=clock).cases

    return make
