"""The in-app messages of my desks and of myself."""

import pytest

from workflows import messages, outbox
from workflows.models import InboxEntry
from workflows.paging import Cursor

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(make_cases):
    """Messages of n errands have been delivered."""

    def told(n):
        make_cases(n)
        outbox.deliver_all()

    return told


def test_it_lists_what_i_was_told(as_account, hr, told):
    told(2)
    page = as_account(hr).get("/messages/")
    assert page.text.count("于雨：送文件已提出") == 2
    assert "2 条未读" in page.text


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
