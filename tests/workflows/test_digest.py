"""The daily digest: one letter a day with the day's messages and what is due soon, whatever was down."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as mailbox
from django.db import IntegrityError
from django.utils import timezone

from workflows import digests, outbox, packing, parcels
from workflows.models import Channel, Parcel, PersonalChoice, WorkItem

pytestmark = pytest.mark.django_db
EIGHT = datetime(2026, 11, 21, 0, tzinfo=UTC)  # eight o'clock on Saturday 21 November in Haizhou


@pytest.fixture
def hr(hr):
    hr.email = "hr@example.org"
    hr.save()
    PersonalChoice.objects.create(account=hr, mail="digest", changed_at=timezone.now())
    return hr


def send(at):
    digests.write(at)
    parcels.deliver(Channel.MAIL, now=at)
    return [letter.subject for letter in mailbox.outbox]


def test_the_day_s_messages_are_one_letter_in_the_morning(make, hr, clock):
    for hours in (0, 2, 5):
        make(2)
        outbox.deliver_all(now=clock.at + timedelta(hours=hours))
    assert send(EIGHT - timedelta(seconds=1)) == []
    assert send(EIGHT) == ["三挂钩：2026-11-21 每日汇总，6 条消息"]
    assert len(send(EIGHT + timedelta(hours=3))) == 1  # and no other that day


def test_it_says_what_is_due_soon(make, hr, clock):
    make(2)
    outbox.deliver_all(now=clock.at)
    first, second = WorkItem.objects.order_by("pk")
    WorkItem.objects.filter(pk=first.pk).update(due_at=EIGHT + timedelta(days=2))
    WorkItem.objects.filter(pk=second.pk).update(due_at=EIGHT + timedelta(days=9))
    send(EIGHT)
    soon = mailbox.outbox[0].body.partition("即将到期：")[2]
    assert str(first.case_id) in soon
    assert str(second.case_id) not in soon


def test_who_was_told_nothing_is_told_what_is_due_soon(make, hr, clock):
    make()
    outbox.deliver_all(now=clock.at - timedelta(days=3))
    Parcel.objects.all().delete()
    assert send(EIGHT) == []
    WorkItem.objects.update(due_at=EIGHT + timedelta(days=2))
    assert send(EIGHT) == ["三挂钩：2026-11-21 每日汇总，0 条消息"]
    assert len(send(EIGHT + timedelta(hours=1))) == 1


def test_nothing_is_lost_when_the_beat_was_down(make, hr, clock):
    make()
    outbox.deliver_all(now=clock.at)
    assert send(EIGHT + timedelta(hours=12)) == ["三挂钩：2026-11-21 每日汇总，1 条消息"]


def test_messages_that_came_late_go_with_the_next_day(make, hr, clock):
    make()
    outbox.deliver_all(now=clock.at)
    send(EIGHT)
    make()
    outbox.deliver_all(now=EIGHT + timedelta(hours=1))
    assert len(send(EIGHT + timedelta(hours=2))) == 1
    assert send(EIGHT + timedelta(days=1))[1] == "三挂钩：2026-11-22 每日汇总，1 条消息"


def test_two_digests_of_one_day_cannot_be(hr):
    said = {"channel": "mail", "account": hr, "digest_day": date(2026, 11, 21)}
    times = {"written_at": EIGHT, "available_at": EIGHT}
    Parcel.objects.create(fold="a", **said, **times)
    with pytest.raises(IntegrityError):
        Parcel.objects.create(fold="b", **said, **times)


def test_others_get_no_digest(make, hr, clock):
    PersonalChoice.objects.update(mail="single")
    make()
    WorkItem.objects.update(due_at=EIGHT + timedelta(days=2))
    assert digests.write(EIGHT) == 0


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 20, 23, 54, tzinfo=UTC), date(2026, 11, 21)),  # 07:54
        (datetime(2026, 11, 20, 23, 55, tzinfo=UTC), date(2026, 11, 22)),  # 07:55: the day's leaves soon
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), date(2026, 11, 21)),  # midnight
        (datetime(2026, 11, 20, 15, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 12, 31, 2, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_which_day_s_digest_a_message_goes_with(at, day):
    assert packing.digest_day(at) == day


def test_a_right_taken_back_since_holds_up_no_letter(make, hr, clock):
    make()
    outbox.deliver_all(now=clock.at)
    hr.role_grants.update(to_day=date(2026, 11, 19))
    assert send(EIGHT) == ["三挂钩：2026-11-21 每日汇总，1 条消息"]
