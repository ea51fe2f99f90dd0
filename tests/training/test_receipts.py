"""Receipts: the training unit or its system confirms a list; one that is not confirmed goes up the line."""

from datetime import timedelta

import pytest
from django.test import Client

from people.actions import issue_token
from people.models import AccessLog
from people.roles import Role
from training.actions import confirm_list, issue_list
from workflows import receipts
from workflows.calendars import Clock
from workflows.models import OutboxMessage, Receipt
from workflows.outbox import deliver_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(walk):
    return walk("active")


@pytest.fixture
def listed(placed, session, trainer, clock):
    return issue_list(session, actor=trainer, clock=clock)


@pytest.fixture
def receipt(listed):
    return Receipt.objects.get()


@pytest.fixture
def head(make_account, bureau):
    return make_account("head", Role.UNIT_HEAD, bureau)


@pytest.fixture
def chief(make_account, bureau):
    return make_account("chief", Role.LEADER, bureau)


@pytest.fixture
def told():
    """What the sweeps have told: cause, role."""

    def told():
        return [
            (message.cause, message.role) for message in OutboxMessage.objects.filter(topic="receipt").order_by("pk")
        ]

    return told


@pytest.fixture
def system(trainer):
    """The training unit's own system, which acts by a token."""
    secret = issue_token(account=trainer, name="x", scope="act", lasts=timedelta(days=1), actor=trainer).secret
    return Client(headers={"Authorization": f"Token {secret}"})


def at(clock, moment):
    return Clock(at=moment, calendar=clock.calendar)


# The duty --------------------------------------------------------------------------------------------------------
def test_a_list_asks_the_training_unit_for_its_receipt(receipt, listed, bureau):
    assert (receipt.role, receipt.desk, receipt.count, receipt.checksum) == (
        "training_unit",
        bureau.path,
        1,
        listed.checksum,
    )
    assert receipt.due_at == listed.due_at
    assert receipt.title_zh == "群众工作与沟通第 1 期名册第 1 版"


def test_it_is_reminded_once_on_the_day_before(receipt, clock, told):
    assert receipts.sweep(at(clock, receipt.due_at - timedelta(days=1, minutes=1))).reminded == 0
    late = at(clock, receipt.due_at - timedelta(hours=20))
    assert [receipts.sweep(late).reminded for _ in range(2)] == [1, 0]
    assert told() == [("reminder", "training_unit")]


def test_unconfirmed_it_goes_up_the_line_each_level_once(receipt, clock, told, head, chief):
    receipts.sweep(at(clock, receipt.due_at + timedelta(minutes=1)))
    receipts.sweep(at(clock, receipt.due_at + timedelta(minutes=2)))
    assert told() == [("escalation", "unit_head")]
    for days in (3, 6, 9, 30):
        receipts.sweep(at(clock, receipt.due_at + timedelta(days=days)))
    assert told() == [("escalation", "unit_head"), ("escalation", "leader")]
    assert Receipt.objects.get().wake_at is None
    Receipt.objects.update(wake_at=receipt.due_at)  # woken once more, it has nothing to say
    receipts.sweep(at(clock, receipt.due_at + timedelta(days=31)))
    assert len(told()) == 2


def test_what_was_missed_is_told_at_the_highest_level_alone(receipt, clock, told, head, chief):
    receipts.sweep(at(clock, receipt.due_at + timedelta(days=60)))
    assert told() == [("escalation", "leader")]


def test_the_message_says_which_list_and_since_when(receipt, clock, head):
    receipts.sweep(at(clock, receipt.due_at + timedelta(minutes=1)))
    payload = OutboxMessage.objects.get(topic="receipt").payload
    assert payload["title_zh"] == "群众工作与沟通第 1 期名册第 1 版：2026-11-24到期，仍未回执"
    assert deliver_all(now=clock.at + timedelta(days=9)).failed == 0


def test_confirmed_it_is_quiet(receipt, listed, trainer, clock, told):
    confirm_list(listed, count=1, checksum=listed.checksum, actor=trainer, clock=clock)
    assert Receipt.objects.get().wake_at is None
    Receipt.objects.update(wake_at=receipt.due_at)
    receipts.sweep(at(clock, receipt.due_at + timedelta(days=30)))
    assert told() == []
    assert Receipt.objects.get().confirmed_by == trainer


def test_a_new_version_asks_anew_and_the_old_one_is_quiet(receipt, listed, placed, session, trainer, clock, take, told):
    take(placed, "unplace", trainer, reason="出差")
    issue_list(session, actor=trainer, clock=clock)
    old, new = Receipt.objects.order_by("pk")
    assert (old.replaced_at, old.wake_at, new.removed, new.added) == (clock.at, None, 1, 0)
    receipts.sweep(at(clock, receipt.due_at + timedelta(minutes=1)))
    assert len(told()) == 1


# The page --------------------------------------------------------------------------------------------------------
def test_the_page_lists_what_waits_and_what_is_done(as_account, trainer, listed, clock):
    browser = as_account(trainer)
    page = browser.get("/receipts/").text
    assert "群众工作与沟通第 1 期名册第 1 版" in page
    assert listed.checksum[:16] in page
    confirm_list(listed, count=1, checksum=listed.checksum, actor=trainer, clock=clock)
    page = browser.get("/receipts/").text
    assert "没有待回执的名册" in page
    assert "已回执" in page


def test_heads_see_what_was_told_to_them(as_account, head, receipt, clock):
    browser = as_account(head)
    assert receipt.title_zh not in browser.get("/receipts/").text
    receipts.sweep(at(clock, receipt.due_at + timedelta(minutes=1)))
    assert receipt.title_zh in browser.get("/receipts/").text


def test_a_stranger_sees_none(as_account, stranger, unit_head, receipt):
    for account in (stranger, unit_head):
        assert receipt.title_zh not in as_account(account).get("/receipts/").text


# The department's system -----------------------------------------------------------------------------------------
def test_a_system_reads_the_list_and_confirms_it(system, receipt, listed, trainer):
    (row,) = system.get("/api/receipts/").json()["results"]
    assert (row["count"], row["checksum"], row["confirmed_at"]) == (1, listed.checksum, None)
    content = system.get(f"/api/receipts/{receipt.pk}/").json()["content"]
    assert [row["name"] for row in content["rows"]] == ["何帅欣"]
    said = {"count": 1, "checksum": listed.checksum}
    answer = system.post(f"/api/receipts/{receipt.pk}/confirm/", said, content_type="application/json")
    assert (answer.status_code, answer.json()["confirmed_at"] is not None) == (200, True)
    listed.refresh_from_db()
    assert listed.confirmed_by == trainer


def test_who_read_the_names_is_written_down(system, receipt, officer):
    system.get(f"/api/receipts/{receipt.pk}/")
    assert AccessLog.objects.filter(officer=officer.officer, page="api:receipt").count() == 1


@pytest.mark.parametrize("said", [{"count": 2}, {"checksum": "0" * 64}])
def test_a_false_receipt_is_refused(system, receipt, listed, said):
    said = {"count": 1, "checksum": listed.checksum} | said
    answer = system.post(f"/api/receipts/{receipt.pk}/confirm/", said, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "unmet")
    assert Receipt.objects.get().confirmed_at is None


def test_a_second_receipt_is_refused(system, receipt, listed):
    said = {"count": 1, "checksum": listed.checksum}
    codes = [
        system.post(f"/api/receipts/{receipt.pk}/confirm/", said, content_type="application/json").status_code
        for _ in range(2)
    ]
    assert codes == [200, 422]


@pytest.mark.parametrize("who", ["stranger", "unit_head", "other_unit_head"])
def test_for_a_stranger_there_is_no_receipt(as_account, request, receipt, listed, who):
    browser = as_account(request.getfixturevalue(who))
    assert browser.get("/api/receipts/").json()["results"] == []
    assert browser.get(f"/api/receipts/{receipt.pk}/").status_code == 404
    said = {"count": 1, "checksum": listed.checksum}
    answer = browser.post(f"/api/receipts/{receipt.pk}/confirm/", said, content_type="application/json")
    assert answer.status_code == 404


def test_personnel_see_that_it_waits_but_do_not_confirm_it(as_account, hr, receipt, listed):
    browser = as_account(hr)
    assert len(browser.get("/api/receipts/").json()["results"]) == 1
    assert browser.get(f"/api/receipts/{receipt.pk}/").status_code == 404
    said = {"count": 1, "checksum": listed.checksum}
    answer = browser.post(f"/api/receipts/{receipt.pk}/confirm/", said, content_type="application/json")
    assert answer.status_code == 403


def test_a_token_to_read_confirms_nothing(trainer, receipt, listed):
    secret = issue_token(account=trainer, name="x", scope="read", lasts=timedelta(days=1), actor=trainer).secret
    system = Client(headers={"Authorization": f"Token {secret}"})
    said = {"count": 1, "checksum": listed.checksum}
    answer = system.post(f"/api/receipts/{receipt.pk}/confirm/", said, content_type="application/json")
    assert answer.status_code == 403
