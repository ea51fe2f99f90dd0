"""The admin is a window: who may look, and that nobody can write but in the calendar."""

import pytest
from django.urls import reverse

from workflows.models import OutboxMessage

pytestmark = pytest.mark.django_db
WINDOWS = ("case", "transitionrecord", "workitem", "itemchange", "outboxmessage")


@pytest.fixture
def auditor(make_account):
    return make_account("auditor of all", "auditor", is_staff=True)


def listed(name):
    return reverse(f"admin:workflows_{name}_changelist")


@pytest.mark.parametrize("name", WINDOWS)
def test_an_auditor_reads_and_writes_nothing(as_account, auditor, make, name):
    make()
    browser = as_account(auditor)
    assert browser.get(listed(name)).status_code == 200
    assert browser.get(reverse(f"admin:workflows_{name}_add")).status_code == 403


@pytest.mark.parametrize("name", [*WINDOWS, "calendarday", "calendaryear"])
def test_an_account_without_the_role_sees_nothing(as_account, make_account, name):
    clerk = make_account("clerk", "hr", is_staff=True)
    assert as_account(clerk).get(listed(name)).status_code == 403


@pytest.mark.parametrize("name", ["case", "transitionrecord", "workitem"])
def test_an_administrator_sees_no_case(as_account, administrator, name):
    assert as_account(administrator).get(listed(name)).status_code == 403


def test_an_administrator_keeps_the_calendar(as_account, administrator):
    browser = as_account(administrator)
    answer = browser.post(
        reverse("admin:workflows_calendarday_add"), {"day": "2027-01-01", "name": "元旦"}, follow=True
    )
    assert answer.status_code == 200
    assert "2027" in answer.content.decode()


def replay(browser, message, reason):
    return browser.post(
        listed("outboxmessage"), {"action": "replay", "_selected_action": [message.pk], "reason": reason}, follow=True
    )


def test_an_administrator_replays_a_dead_message_with_a_reason(as_account, administrator, make, clock):
    make()
    OutboxMessage.objects.update(dead_at=clock.at)
    message = OutboxMessage.objects.get()
    browser = as_account(administrator)
    assert "请写明重发理由" in replay(browser, message, "").content.decode()
    assert "已重发 1 条" in replay(browser, message, "修好了").content.decode()
    again = OutboxMessage.objects.get(cause="replay")
    assert (again.replay_of, again.replayed_by, again.replay_reason) == (message, administrator, "修好了")
    assert "还在发送中" in replay(browser, again, "x").content.decode()


def test_an_auditor_cannot_replay(as_account, auditor, make, clock):
    make()
    OutboxMessage.objects.update(dead_at=clock.at)
    replay(as_account(auditor), OutboxMessage.objects.get(), "x")
    assert OutboxMessage.objects.count() == 1
