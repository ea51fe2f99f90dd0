"""A public notice hangs on the calendar: its end is provisional in an unpublished year, and moves with the holidays."""

from dataclasses import replace
from datetime import date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from people.accounts import machine
from tests.walk import CALENDAR
from workflows import ledger
from workflows.calendars import ZONE
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db
DEEDS = "三月十二日夜救出落水群众两人。"
NEXT_YEAR_OPEN = replace(CALENDAR, years=range(2020, 2027), version=0)


@pytest.fixture
def on_notice(reward, hr, unit_head, committee, inspector):
    """A 三等功 put on notice on Monday 28 December 2026, before the holidays of 2027 were published."""
    walk = reward()
    walk.clock = replace(walk.clock, at=datetime(2026, 12, 28, 9, tzinfo=ZONE), calendar=NEXT_YEAR_OPEN)
    walk.take("screen", hr).take("propose", unit_head, deeds=DEEDS)
    walk.take("state_discipline", inspector, finding="clear").take("vet", committee)
    return walk.take("publish", hr)


def test_a_notice_into_an_unpublished_year_is_provisional(on_notice):
    assert (on_notice.duty.provisional, on_notice.duty.rule) == (True, "7 working_days")
    assert on_notice.last_day() == date(2027, 1, 6)  # as if nobody had a holiday


def test_publishing_the_year_moves_the_end_and_nothing_is_approved_before_it(on_notice, hr):
    new_year = {date(2027, 1, 1): False, date(2027, 1, 4): False}
    published = replace(CALENDAR, days={**CALENDAR.days, **new_year}, years=range(2020, 2028))
    on_notice.clock = replace(on_notice.clock, calendar=published)
    (change,) = ledger.recount(on_notice.clock, actor=hr)
    assert (change.why, on_notice.last_day(), on_notice.duty.provisional) == ("calendar", date(2027, 1, 8), False)
    assert on_notice.go_to(date(2027, 1, 8)).state == "on_notice"
    assert on_notice.go_to(date(2027, 1, 9)).state == "approved"


def test_an_objection_holds_the_case_and_not_the_notice(on_notice, hr):
    on_notice.take("hold", machine("loader"))
    on_notice.pass_time(days=3)
    on_notice.take("release", machine("loader"))
    assert on_notice.last_day() == date(2027, 1, 6)


def test_notices_of_before_are_counted_from_their_beginning(on_notice):
    """What the migration finds: a day that was named, and no beginning."""
    kind = type(on_notice.case)
    kind.objects.update(notice_from=None, notice_until=date(2027, 1, 6))
    WorkItem.objects.filter(pk=on_notice.duty.pk).update(rule="", counted_from=date(2026, 12, 30))
    migration = import_module("rewards.migrations.0003_notice_begun")
    with connection.schema_editor() as editor:
        migration.count_from_the_beginning(apps, editor)
    assert on_notice.case.notice_from == date(2026, 12, 28)
    assert (on_notice.duty.rule, on_notice.duty.counted_from) == ("7 working_days", date(2026, 12, 28))
