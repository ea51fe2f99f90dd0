"""Messages: written with the step, once in the inbox, taken in once by the product itself, again after a failure."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.roles import Role
from tests.errand.models import Errand
from workflows import outbox
from workflows.actions import advance
from workflows.models import Cause, InboxEntry, OutboxMessage, ReceivedMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(make, hr, clock):
    ids = make()
    advance(ids, Errand.accept, actor=hr, clock=clock)
    advance(ids, Errand.plan, actor=hr, clock=clock, inputs={"place": "p", "days": 1})
    return ids


@pytest.fixture
def done(planned, hr, clock):
    advance(planned, Errand.finish, actor=hr, clock=clock)
    return planned


@pytest.fixture
def receivers(monkeypatch):
    """Receivers of this test alone."""
    monkeypatch.setattr(outbox, "_receivers", type(outbox._receivers)(dict))
    return outbox.receive


def test_a_message_is_in_the_inbox_of_its_desk_in_both_languages(planned, clock, bureau):
    assert outbox.deliver(now=clock.at).sent == 4
    entries = InboxEntry.objects.order_by("id")
    assert [(entry.role, entry.desk) for entry in entries[:3]] == [(Role.HR, bureau.path)] * 3
    assert [entry.officer_id for entry in entries] == [None, None, None, entries[0].case.officer_id]
    # Each tells of the state that was entered then, wherever the case is by now.
    assert [entry.title_zh for entry in entries[:3]] == [
        f"{entries[0].case.officer.name}：送文件{state}" for state in ("已提出", "已受理", "已安排")
    ]


def test_what_was_sent_is_not_sent_again(planned, clock):
    outbox.deliver(now=clock.at)
    assert outbox.deliver(now=clock.at + timedelta(days=1)).claimed == 0
    OutboxMessage.objects.update(sent_at=None)  # as if the mark had been lost
    outbox.deliver(now=clock.at + timedelta(days=1))
    assert InboxEntry.objects.count() == 4


def test_a_lost_claim_marks_nothing(make, clock, monkeypatch, caplog):
    make()
    put = outbox.inbox.put

    def slowly(messages, now):
        put(messages, now)
        # The lease ran out, and another worker has the message.
        outbox._claim(outbox.uuid4(), now + outbox.LEASE, 10)

    monkeypatch.setattr(outbox.inbox, "put", slowly)
    outbox.deliver(now=clock.at)
    assert OutboxMessage.objects.get().sent_at is None
    assert "a claim was lost" in caplog.text


def test_a_message_that_kills_its_workers_is_given_up(make, clock):
    make()
    OutboxMessage.objects.update(attempts=outbox.TRIES)
    assert outbox.deliver(now=clock.at).failed == 1
    message = OutboxMessage.objects.get()
    assert (message.dead_at, message.error) == (clock.at, "Abandoned")


def test_a_message_that_cannot_be_told_holds_up_no_other(make, clock, caplog):
    make(5)
    third = OutboxMessage.objects.order_by("id")[2]
    OutboxMessage.objects.filter(pk=third.pk).update(payload={"title_zh": "半句"})  # its English is missing
    done = outbox.deliver(now=clock.at)
    assert (done.sent, done.failed, InboxEntry.objects.count()) == (4, 1, 4)
    third.refresh_from_db()
    assert (third.sent_at, third.error, third.attempts) == (None, "KeyError", 1)
    assert third.available_at < clock.at + outbox.LEASE  # it waits like any failure, and not for the lease


def test_the_product_hears_its_own_messages(done, clock, receivers):
    heard = []
    receivers("errand done", lambda message: heard.append(message.case_id))
    outbox.deliver(now=clock.at)
    assert heard == done


def test_what_a_failing_receiver_wrote_is_undone(done, clock, receivers):
    def fails(message):
        Errand.objects.update(place="nowhere")
        raise ValueError("何帅欣")

    receivers("errand done", fails)
    assert outbox.deliver(now=clock.at).failed == 1
    assert Errand.objects.get().place == "p"
    assert OutboxMessage.objects.get(role=Role.SYSTEM).error == "ValueError"  # no name of a person is kept


def test_what_was_received_is_not_received_again(done, hr, clock, receivers):
    """Neither after a lost mark nor by a replay: the receiver need not be safe to call twice."""
    heard = []
    receivers("errand done", lambda message: heard.append("first"))
    receivers("errand done", lambda message: heard.append("second"), name="another")
    outbox.deliver(now=clock.at)
    OutboxMessage.objects.filter(role=Role.SYSTEM).update(sent_at=None)
    outbox.deliver(now=clock.at + timedelta(days=1))
    outbox.replay(OutboxMessage.objects.get(role=Role.SYSTEM).pk, actor=hr, reason="再发", now=clock.at)
    outbox.deliver(now=clock.at + timedelta(days=1))
    assert heard == ["first", "second"]
    assert ReceivedMessage.objects.count() == 2


def test_two_receivers_of_a_topic_need_names(receivers):
    receivers("errand done", print)
    with pytest.raises(ValueError, match="errand done"):
        receivers("errand done", print)


def test_what_a_receiver_failed_to_take_in_it_is_given_again(done, clock, receivers):
    tried = []

    def fails_at_first(message):
        tried.append(message.pk)
        if len(tried) == 1:
            raise ValueError

    receivers("errand done", fails_at_first)
    outbox.deliver(now=clock.at)
    assert ReceivedMessage.objects.count() == 0
    outbox.deliver(now=clock.at + timedelta(hours=1))
    assert (len(tried), ReceivedMessage.objects.count()) == (2, 1)


def test_a_batch_costs_the_same_however_many_messages(make, hr, clock):
    hr.email = "hr@example.org"
    hr.save()
    costs = []
    for n in (2, 40):
        make(n)
        with CaptureQueriesContext(connection) as queries:
            assert outbox.deliver(now=clock.at).sent == n
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 16


def test_failures_are_marked_together(make, clock):
    costs = []
    for n in (1, 20):
        make(n)
        OutboxMessage.objects.filter(sent_at=None, dead_at=None).update(attempts=outbox.TRIES)
        with CaptureQueriesContext(connection) as queries:
            assert outbox.deliver(now=clock.at).failed == n
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_topic_nobody_receives_does_not_vanish(done, clock, receivers):
    assert outbox.deliver(now=clock.at).failed == 1
    assert OutboxMessage.objects.get(role=Role.SYSTEM).error == "LookupError"


def test_a_dead_message_is_replayed_by_a_person(make, hr, clock):
    make()
    OutboxMessage.objects.update(dead_at=clock.at)
    old = OutboxMessage.objects.get()
    new = outbox.replay(old.pk, actor=hr, reason="邮箱已修复", now=clock.at)
    assert (new.cause, new.replay_of, new.replayed_by, new.number) == (Cause.REPLAY, old, hr, 1)
    outbox.deliver(now=clock.at)
    assert InboxEntry.objects.get().message_id == old.pk
    outbox.replay(new.pk, actor=hr, reason="再发一次", now=clock.at)
    outbox.deliver(now=clock.at)
    assert InboxEntry.objects.count() == 1


def test_a_message_on_its_way_cannot_be_replayed(make, hr):
    make()
    with pytest.raises(outbox.NotReplayable):
        outbox.replay(OutboxMessage.objects.get().pk, actor=hr, reason="x")


def test_a_notice_says_what_its_payload_says(make, clock):
    ids = make()
    OutboxMessage.objects.update(
        payload={"title_zh": "{subject}：请协助 {x}", "title_en": "{subject} asks for help"}, cause=Cause.NOTICE
    )
    outbox.deliver(now=clock.at)
    entry = InboxEntry.objects.get(case__in=ids)
    assert entry.title_zh == f"{entry.case.officer.name}：请协助 {{x}}"


def test_the_commands_deliver_and_replay(make):
    make()
    out = StringIO()
    call_command("deliver_outbox", stdout=out)
    assert "已发送 1 条，失败 0 条" in out.getvalue()
    call_command("replay_message", str(OutboxMessage.objects.get().pk), "--reason", "再发", stdout=out)
    assert OutboxMessage.objects.get(cause=Cause.REPLAY).replayed_by.username == "console"
    for number in ("999999999", str(OutboxMessage.objects.get(cause=Cause.REPLAY).pk)):
        with pytest.raises(CommandError) as refused:
            call_command("replay_message", number, "--reason", "x")
        assert refused.value.returncode == 2
