"""The admin is a window: who may look, and that nobody can write but in the calendar."""

import pytest
from django.urls import reverse

from workflows.models import CalendarVersion, ItemChange, LocalDay, OutboxMessage, WorkItem

pytestmark = pytest.mark.django_db
WINDOWS = ("case", "transitionrecord", "workitem", "itemchange", "outboxmessage", "notice", "calendarversion")


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


@pytest.mark.parametrize("name", [*WINDOWS, "calendarday", "calendaryear", "localday"])
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


@pytest.mark.usefixtures("published")
def test_a_day_changed_by_hand_moves_the_deadlines_that_hang_on_it(as_account, administrator, make, bureau, due):
    """Five working days from Friday 20 November 2026; the bureau keeps a day of its own in between."""
    make()
    browser, added = as_account(administrator), reverse("admin:workflows_localday_add")
    page = browser.post(added, {"unit": bureau.pk, "day": "2026-11-24", "name": "建局日"}, follow=True)
    assert "1 项未办待办的期限改变" in page.text
    assert WorkItem.objects.get().due_at == due(2026, 11, 30)
    version = CalendarVersion.objects.first()
    assert (version.actor, version.moved) == (administrator, 1)
    change = ItemChange.objects.get()
    assert (change.why, change.actor, change.due_to) == ("calendar", administrator, due(2026, 11, 30))
    day = LocalDay.objects.get()
    browser.post(reverse("admin:workflows_localday_delete", args=[day.pk]), {"post": "yes"})
    assert WorkItem.objects.get().due_at == due(2026, 11, 27)
    LocalDay.objects.create(unit=bureau, day="2026-11-24", name="x", working=False)
    chosen = {"action": "delete_selected", "_selected_action": [LocalDay.objects.get().pk], "post": "yes"}
    browser.post(listed("localday"), chosen)
    assert (LocalDay.objects.count(), CalendarVersion.objects.count()) == (0, 4)


def test_nobody_else_changes_a_day(as_account, auditor, bureau):
    data = {"unit": bureau.pk, "day": "2026-11-24", "name": "建局日"}
    assert as_account(auditor).post(reverse("admin:workflows_localday_add"), data).status_code == 403
    assert not LocalDay.objects.exists()


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
