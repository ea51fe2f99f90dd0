"""The in-app messages of my desks and of myself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from workflows import messages, outbox
from workflows.models import InboxEntry, OutboxMessage
from workflows.paging import Cursor

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(make_cases):
    """Messages of n errands have been delivered: each opened alone, or all by one act."""

    def told(n, *, at_once=False):
        for _ in range(1 if at_once else n):
            make_cases(n if at_once else 1)
        outbox.deliver_all()

    return told


def test_it_lists_what_i_was_told(as_account, hr, told):
    told(2)
    page = as_account(hr).get("/messages/")
    assert page.text.count("于雨：送文件已提出") == 2
    assert "2 条未读" in page.text


def test_what_one_act_told_a_department_is_one_message_with_a_list(as_account, hr, told):
    told(3, at_once=True)
    browser = as_account(hr)
    page = browser.get("/messages/")
    assert page.text.count("于雨：送文件已提出") == 1
    assert "等 3 条" in page.text
    assert "1 条未读" in page.text
    pile = InboxEntry.objects.first().pile
    listed = browser.get(f"/messages/lists/{pile}/")
    assert listed.text.count("于雨：送文件已提出") == 3
    assert "的 3 条消息" in listed.text


def test_what_comes_later_is_new_again(hr, told):
    told(3, at_once=True)
    InboxEntry.objects.update(at=timezone.now() - timedelta(minutes=5))
    again = OutboxMessage.objects.order_by("pk").last()
    OutboxMessage.objects.filter(pk=again.pk).update(sent_at=None, available_at=timezone.now())
    InboxEntry.objects.filter(message=again.pk).delete()
    outbox.deliver_all()
    assert messages.unread(hr) == "2"


def test_a_list_is_not_there_for_others(as_account, stranger, unit_head, told):
    told(3, at_once=True)
    pile = InboxEntry.objects.first().pile
    for account in (stranger, unit_head):
        assert as_account(account).get(f"/messages/lists/{pile}/").status_code == 404


def test_a_stranger_is_told_nothing(as_account, stranger, told):
    told(2)
    assert "于雨" not in as_account(stranger).get("/messages/").text


def test_read_is_read_but_what_came_since_stays_new(as_account, hr, told):
    told(1)
    browser = as_account(hr)
    newest = browser.get("/messages/").context["newest"]
    told(1)
    browser.post("/messages/read/", {"to": newest})
    assert messages.unread(hr) == "1"
    browser.post("/messages/read/", {"to": 1})
    assert messages.unread(hr) == "1"


@pytest.mark.parametrize("to", ["", "x", "-1", "9" * 30])
def test_a_mark_that_means_nothing_marks_nothing(as_account, hr, told, to):
    told(1)
    as_account(hr).post("/messages/read/", {"to": to})
    assert messages.unread(hr) == "1"


def test_many_are_not_counted_to_the_end(hr, told):
    told(120)
    assert messages.unread(hr) == "99+"


def test_pages_follow_each_other_and_lead_back(hr, told):
    told(25)
    first = messages.page(hr, Cursor(), size=10)
    second = messages.page(hr, Cursor(after=first.next), size=10)
    back = messages.page(hr, Cursor(before=second.previous), size=10)
    newest = list(InboxEntry.objects.order_by("-pk").values_list("pk", flat=True))
    assert [row.pk for row in first.rows] == newest[:10]
    assert [row.pk for row in second.rows] == newest[10:20]
    assert [row.pk for row in back.rows] == newest[:10]
    assert not back.previous
