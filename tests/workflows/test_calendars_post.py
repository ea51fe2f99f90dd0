"""Deadlines in people's calendars: they appear, move and go away; feeds show them to whoever has the secret."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as mailbox
from django.utils import timezone

from people.roles import Role
from tests.errand.models import Errand
from workflows import agenda, choices, ledger, parcels
from workflows.actions import advance
from workflows.calendars import Clock
from workflows.channels import ical
from workflows.models import CalendarEntry, Channel, Parcel, PersonalChoice, WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr(hr):
    """HR wants the desk's deadlines in a calendar."""
    hr.email = "hr@example.org"
    hr.save()
    PersonalChoice.objects.create(account=hr, mail="none", calendar=True, changed_at=timezone.now())
    return hr


@pytest.fixture
def tell(clock):
    """Tell the calendars; return the files of the letters that go out."""

    def tell(at=clock.at):
        agenda.tell(at)
        before = len(mailbox.outbox)
        parcels.deliver(Channel.CALENDAR, now=at)
        letters = mailbox.outbox[before:]
        return [content.replace("\r\n ", "") for letter in letters for _n, content, _t in letter.attachments]

    return tell


def test_a_new_deadline_is_an_event_without_a_name(make, hr, tell):
    make()
    item = WorkItem.objects.get()
    (file,) = tell()
    day = timezone.localdate(item.due_at)
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in file
    assert "METHOD:REQUEST" in file
    assert f"UID:item-{item.pk}@trilink" in file
    assert "SEQUENCE:0" in file
    assert "民警" not in file
    part = mailbox.outbox[0].message().get_payload()[1]
    assert (part.get_content_type(), part.get_param("method"), part.get_param("charset")) == (
        "text/calendar",
        "REQUEST",
        "utf-8",
    )


def test_what_was_told_is_not_told_again(make, hr, tell):
    make()
    assert len(tell()) == 1
    assert tell() == []


def test_a_deadline_that_moves_is_an_update(make, hr, tell):
    make()
    tell()
    item = WorkItem.objects.get()
    WorkItem.objects.update(due_at=item.due_at + timedelta(days=7))
    (file,) = tell()
    assert "SEQUENCE:1" in file
    assert "METHOD:REQUEST" in file
    assert f"DTSTART;VALUE=DATE:{timezone.localdate(item.due_at + timedelta(days=7)):%Y%m%d}" in file


def test_a_duty_that_is_done_is_cancelled(make, hr, tell, clock):
    ids = make()
    tell()
    advance(ids, Errand.accept, actor=hr, clock=clock)
    (file,) = tell()
    assert "METHOD:CANCEL" in file
    assert "STATUS:CANCELLED" in file
    assert "SEQUENCE:1" in file


def test_a_clock_that_stands_still_has_no_date(make, hr, tell):
    make()
    tell()
    WorkItem.objects.update(paused_at=timezone.now())
    assert "METHOD:CANCEL" in tell()[0]
    WorkItem.objects.update(paused_at=None)
    (file,) = tell()
    assert "SEQUENCE:2" in file
    assert "METHOD:REQUEST" in file


def test_who_wants_it_no_more_has_it_taken_out(make, hr, tell):
    make()
    tell()
    choices.choose_personal(hr, mail="single", calendar=False)
    assert "METHOD:CANCEL" in tell()[0]
    assert tell() == []


def test_nobody_is_told_of_deadlines_of_others(make, hr, tell, make_account, other_branch):
    other = make_account("other", Role.HR, other_branch, email="other@example.org")
    PersonalChoice.objects.create(account=other, calendar=True, changed_at=timezone.now())
    make()
    tell()
    assert {letter.to[0] for letter in mailbox.outbox} == {"hr@example.org"}


def test_an_outage_collapses_into_one_update(make, hr, tell):
    make()
    tell()
    item = WorkItem.objects.get()
    for days in (1, 2, 3):
        WorkItem.objects.update(due_at=item.due_at + timedelta(days=days))
    assert len(tell()) == 1
    assert CalendarEntry.objects.get().sequence == 1


def test_a_letter_that_failed_says_the_same_again(make, hr, clock, monkeypatch):
    make()
    agenda.tell(clock.at)
    monkeypatch.setattr(mailbox.EmailMessage, "send", lambda self: 1 / 0)
    parcels.deliver(Channel.CALENDAR, now=clock.at)
    monkeypatch.undo()
    parcel = Parcel.objects.get()
    parcels.deliver(Channel.CALENDAR, now=parcel.available_at)
    (letter,) = mailbox.outbox
    assert letter.extra_headers["Message-ID"] == f"<{parcel.key}@trilink>"


# Feeds -----------------------------------------------------------------------------------------------------------
def test_a_feed_shows_open_deadlines_to_whoever_has_its_secret(make, hr, client):
    make(2)
    address = f"/calendar/{choices.issue_feed(hr)}.ics"
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.text.count("BEGIN:VEVENT") == 2
    assert "民警" not in answer.text
    assert "http://testserver/cases/" in answer.text.replace("\r\n ", "")


def test_a_feed_counts_up_when_a_date_moves(make, hr, client, clock):
    """A program that reads it again must see that what it has read before is out of date."""
    ids = make()
    address = f"/calendar/{choices.issue_feed(hr)}.ics"
    assert "SEQUENCE:0" in client.get(address).text
    ledger.pause(ids, actor=hr, clock=clock, note="休假")
    later = Clock(at=clock.at + timedelta(days=7), calendar=clock.calendar)
    ledger.resume(ids, actor=hr, clock=later, note="回岗")
    day = timezone.localdate(WorkItem.objects.get().due_at)
    text = client.get(address).text
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in text
    assert "SEQUENCE:1" in text


def test_a_secret_that_was_changed_or_revoked_opens_nothing(make, hr, client):
    old = choices.issue_feed(hr)
    new = choices.issue_feed(hr)
    assert client.get(f"/calendar/{old}.ics").status_code == 404
    assert client.get(f"/calendar/{new}.ics").status_code == 200
    choices.revoke_feed(hr)
    assert client.get(f"/calendar/{new}.ics").status_code == 404
    assert client.get("/calendar/x.ics").status_code == 404


def test_the_feed_of_a_closed_account_is_closed(hr, client):
    secret = choices.issue_feed(hr)
    hr.is_active = False
    hr.save()
    assert client.get(f"/calendar/{secret}.ics").status_code == 404


def test_no_secret_of_a_feed_is_kept(hr):
    secret = choices.issue_feed(hr)
    assert secret not in str(PersonalChoice.objects.values().get())


def test_a_department_has_a_feed_of_its_desk(make, hr, client, as_account, bureau):
    make()
    page = as_account(hr).post("/message-settings/desks/hr/B00/feed/")
    address = page.context["url"].removeprefix("http://testserver")
    assert client.get(address).text.count("BEGIN:VEVENT") == 1
    as_account(hr).post("/message-settings/desks/hr/B00/feed/", {"revoke": "1"})
    assert client.get(address).status_code == 404


def test_a_person_s_feed_is_shown_once(hr, as_account, client):
    browser = as_account(hr)
    page = browser.post("/message-settings/feed/")
    assert page["Cache-Control"] == "no-store"
    assert "/calendar/tlf_" in page.text
    assert "tlf_" not in browser.get("/message-settings/").text
    browser.post("/message-settings/feed/", {"revoke": "1"})
    assert client.get(page.context["url"].removeprefix("http://testserver")).status_code == 404


# The format ------------------------------------------------------------------------------------------------------
def event(**more):
    said = {"uid": "item-1@trilink", "sequence": 0, "stamp": datetime(2026, 11, 20, 9, tzinfo=UTC)}
    return ical.Event(**(said | {"day": date(2026, 12, 31), "summary": "期限"} | more))


def test_lines_are_folded_at_75_bytes_between_characters():
    written = ical.calendar([event(summary="期限" * 60)], method="PUBLISH")
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert "SUMMARY:" + "期限" * 60 in written.decode().replace("\r\n ", "")


def test_a_text_cannot_end_its_line():
    written = ical.calendar([event(summary="a;b,c\\d\nEND:VEVENT\r\x00")], method="PUBLISH").decode()
    assert "SUMMARY:a\\;b\\,c\\\\d\\nEND:VEVENT\r\n" in written
    assert written.count("\r\nEND:VEVENT") == 1


def test_the_last_day_of_a_year_ends_in_the_next():
    assert b"DTEND;VALUE=DATE:20270101" in ical.calendar([event()], method="PUBLISH")
