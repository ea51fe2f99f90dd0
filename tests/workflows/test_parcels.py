"""Parcels: one list for a department, one letter for a person, each channel on its own, the same key at every try."""

from contextlib import closing
from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.env import public_url
from people.models import StandIn
from people.roles import Role
from tests.errand.models import Errand
from workflows import outbox, packing, parcels, tasks
from workflows.actions import advance
from workflows.channels import attachments
from workflows.models import Channel, DeskChoice, InboxEntry, OutboxMessage, Parcel, PersonalChoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def hr(hr):
    hr.email = "hr@example.org"
    hr.save()
    return hr


@pytest.fixture
def choose(hr, bureau):
    """What the desk of HR has chosen."""

    def choose(**said):
        fields = {"changed_by": hr, "changed_at": timezone.now(), "to_members": False}
        return DeskChoice.objects.create(role=Role.HR, path=bureau.path, **(fields | said))

    return choose


@pytest.fixture
def post(clock):
    """Deliver what is due, and send what was packed."""

    def post(at=clock.at):
        outbox.deliver_all(now=at)
        return parcels.deliver_all(now=at + packing.GATHER)

    return post


@pytest.fixture
def broken(monkeypatch):
    """Every letter fails."""
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: 1 / 0)


# Grouping --------------------------------------------------------------------------------------------------------
def test_one_letter_per_reader_and_batch_without_names(make, hr, make_account, bureau, post):
    make_account("hr2", Role.HR, bureau, email="hr2@example.org", language="en")
    make_account("closed", Role.HR, bureau, email="gone@example.org", is_active=False)
    ids = make(3)
    post()
    assert sorted(letter.to[0] for letter in mailbox.outbox) == ["hr2@example.org", "hr@example.org"]
    letter = next(letter for letter in mailbox.outbox if letter.to == ["hr@example.org"])
    assert letter.subject == "三挂钩：3 条新消息"
    assert all(f"/cases/{case}/" in letter.body for case in ids)
    told = letter.subject + letter.body
    assert not any(word in told for word in ("民警", "2200001", "送文件", "送达文书"))


def test_links_in_letters_lead_to_the_product(make, hr, post, settings):
    settings.PUBLIC_URL = "https://trilink.example"
    (case,) = make()
    post()
    assert f"https://trilink.example/cases/{case}/" in mailbox.outbox[0].body


@pytest.mark.parametrize("wrong", ["trilink.example", "ftp://trilink.example", "https://", "https://a.example/?q=1"])
def test_a_public_address_that_is_none_is_refused(wrong, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", wrong)
    with pytest.raises(ImproperlyConfigured, match="PUBLIC_URL"):
        public_url()


def test_an_officer_gets_his_letter_at_his_address(make, hr, make_account, clock, post):
    ids = make()
    advance(ids, Errand.accept, actor=hr, clock=clock)
    advance(ids, Errand.plan, actor=hr, clock=clock, inputs={"place": "p", "days": 1})
    officer = Errand.objects.get().officer
    officer.email = "officer@example.org"
    officer.save()
    make_account("he", officer=officer)
    post()
    assert ["officer@example.org"] in [letter.to for letter in mailbox.outbox]


def test_who_stands_in_gets_the_letters_too_and_one_of_each(make, hr, make_account, bureau, post):
    other = make_account("other", email="other@example.org")
    colleague = make_account("colleague", Role.HR, bureau, email="colleague@example.org")
    for substitute, days in ((other, (-1, 1)), (colleague, (5, 6))):
        StandIn.objects.create(
            principal=hr,
            substitute=substitute,
            role=Role.HR,
            path=bureau.path,
            from_day=timezone.localdate() + timedelta(days=days[0]),
            to_day=timezone.localdate() + timedelta(days=days[1]),
            reason="出差",
            set_by=hr,
        )
    make()
    post()
    assert sorted(letter.to[0].partition("@")[0] for letter in mailbox.outbox) == ["colleague", "hr", "other"]
    assert all(letter.subject == "三挂钩：1 条新消息" for letter in mailbox.outbox)


def test_what_still_waits_is_laid_together(make, hr, clock):
    """Several rounds of delivery, one letter."""
    make(3)
    for _ in range(3):
        outbox.deliver(now=clock.at, limit=1)
    (parcel,) = Parcel.objects.all()
    assert sorted(parcel.messages) == sorted(OutboxMessage.objects.values_list("pk", flat=True))
    parcels.deliver_all(now=clock.at + packing.GATHER)
    assert mailbox.outbox[0].subject == "三挂钩：3 条新消息"


def test_what_follows_within_ten_seconds_goes_with_it(make, hr, clock):
    """Ten seconds from the first message on, whenever the others came."""
    for seconds in (0, 9):
        make()
        outbox.deliver(now=clock.at + timedelta(seconds=seconds))
        parcels.deliver_all(now=clock.at + timedelta(seconds=seconds))
        assert not mailbox.outbox
    parcels.deliver_all(now=clock.at + timedelta(seconds=10))
    assert [letter.subject for letter in mailbox.outbox] == ["三挂钩：2 条新消息"]


def test_what_was_taken_up_keeps_what_it_holds(make, hr, clock, broken):
    make()
    outbox.deliver(now=clock.at)
    parcels.deliver(Channel.MAIL, now=clock.at + packing.GATHER)
    make()
    outbox.deliver(now=clock.at)
    assert [len(parcel.messages) for parcel in Parcel.objects.all()] == [1, 1]


def test_a_department_gets_one_letter_with_its_list_in_its_mailbox(make, hr, choose, post):
    choose(mailbox="office@example.org")
    make(3)
    post()
    (letter,) = mailbox.outbox
    assert (letter.to, letter.subject) == (["office@example.org"], "三挂钩：3 条新消息")


def test_a_long_list_ends_in_the_number_of_the_rest(make, hr, post, monkeypatch):
    monkeypatch.setattr("workflows.channels.mail.LINES", 2)
    make(5)
    post()
    assert "另有 3 条，请在系统内查看。" in mailbox.outbox[0].body


def test_who_wants_no_letters_gets_none(make, hr, post):
    PersonalChoice.objects.create(account=hr, mail="none", changed_at=timezone.now())
    make()
    post()
    assert (mailbox.outbox, Parcel.objects.count(), InboxEntry.objects.count()) == ([], 0, 1)


def test_who_chose_otherwise_meanwhile_is_left_alone(make, hr, clock):
    make()
    outbox.deliver(now=clock.at)
    PersonalChoice.objects.create(account=hr, mail="none", changed_at=timezone.now())
    parcels.deliver_all(now=clock.at + packing.GATHER)
    parcel = Parcel.objects.get()
    assert (mailbox.outbox, parcel.error, parcel.sent_at is not None) == ([], "withdrawn", True)


def test_attachments_go_with_the_letter(make, hr, post, monkeypatch):
    monkeypatch.setattr(attachments, "_makers", {})
    attachments.attach("errand", lambda message: [(f"{message.number}.txt", b"list", "text/plain")])
    make(2)
    post()
    assert [name for name, *_ in mailbox.outbox[0].attachments] == ["1.txt", "1.txt"]


# Failing ---------------------------------------------------------------------------------------------------------
def test_a_failing_channel_keeps_nothing_from_the_inbox(make, hr, post, broken):
    make()
    post()
    assert OutboxMessage.objects.get().sent_at is not None
    assert InboxEntry.objects.count() == 1
    assert Parcel.objects.get().error == "ZeroDivisionError"


def test_one_failing_letter_fails_alone(make, hr, make_account, bureau, post, monkeypatch):
    make_account("hr2", Role.HR, bureau, email="hr2@example.org")
    send = mailbox.EmailMessage.send
    monkeypatch.setattr(mailbox.EmailMessage, "send", lambda self: 1 / 0 if "hr2@" in self.to[0] else send(self))
    make()
    assert (done := post()).sent == 1
    assert done.failed == 1
    assert [letter.to for letter in mailbox.outbox] == [["hr@example.org"]]


def test_what_fails_waits_longer_each_time_and_is_dead_after_eight_tries(make, hr, clock, broken):
    make()
    outbox.deliver(now=clock.at)
    now, waits = clock.at + packing.GATHER, []
    for _ in range(outbox.TRIES):
        assert parcels.deliver(Channel.MAIL, now=now).failed == 1
        assert parcels.deliver(Channel.MAIL, now=now).claimed == 0  # not due again yet
        parcel = Parcel.objects.get()
        waits.append(parcel.available_at - now)
        now = parcel.available_at
    assert parcel.dead_at is not None
    assert (parcel.sent_at, parcel.error) == (None, "ZeroDivisionError")
    assert waits == sorted(waits) or waits[-1] > 30 * waits[0]
    assert parcels.deliver(Channel.MAIL, now=now + timedelta(days=9)).claimed == 0


def test_a_parcel_that_kills_its_workers_is_given_up(make, hr, clock):
    make()
    outbox.deliver(now=clock.at)
    Parcel.objects.update(attempts=outbox.TRIES)
    assert parcels.deliver(Channel.MAIL, now=clock.at + packing.GATHER).failed == 1
    parcel = Parcel.objects.get()
    assert (parcel.dead_at is not None, parcel.error, mailbox.outbox) == (True, "Abandoned", [])


def test_a_letter_sent_again_after_a_lost_mark_carries_the_same_message_id(make, hr, clock, post):
    make()
    post()
    Parcel.objects.update(sent_at=None)
    parcels.deliver_all(now=clock.at + timedelta(days=1))
    first, second = mailbox.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.extra_headers["Message-ID"].endswith("@trilink>")


def test_who_lost_his_claim_marks_nothing(make, hr, clock, monkeypatch, caplog):
    make()
    outbox.deliver(now=clock.at)
    later = clock.at + packing.GATHER

    def slowly(self):
        # The lease ran out, and another worker has the parcel.
        parcels._claim(Channel.MAIL, parcels.uuid4(), later + parcels.LEASE)
        return 1

    monkeypatch.setattr(mailbox.EmailMessage, "send", slowly)
    parcels.deliver(Channel.MAIL, now=later)
    assert Parcel.objects.get().sent_at is None
    assert "a claim was lost" in caplog.text


def test_while_it_is_leased_nobody_else_takes_it(make, hr, clock):
    make()
    outbox.deliver(now=clock.at)
    later = clock.at + packing.GATHER
    assert len(parcels._claim(Channel.MAIL, parcels.uuid4(), later)) == 1
    assert parcels._claim(Channel.MAIL, parcels.uuid4(), later) == []
    assert len(parcels._claim(Channel.MAIL, parcels.uuid4(), later + parcels.LEASE)) == 1


def test_a_round_that_takes_too_long_leaves_the_rest_to_its_lease(make, hr, make_account, bureau, clock, monkeypatch):
    make_account("hr2", Role.HR, bureau, email="hr2@example.org")
    make()
    outbox.deliver(now=clock.at)
    monkeypatch.setattr(parcels, "ROUND", -1)
    later = clock.at + packing.GATHER
    assert parcels.deliver(Channel.MAIL, now=later).claimed == 0
    monkeypatch.undo()
    assert parcels.deliver(Channel.MAIL, now=later).claimed == 0
    assert parcels.deliver(Channel.MAIL, now=later + parcels.LEASE).sent == 2


@pytest.mark.django_db(transaction=True)
def test_a_channel_has_one_round_at_a_time_and_others_go_on(make, hr, clock):
    make()
    outbox.deliver(now=clock.at)
    later = clock.at + packing.GATHER
    another = connection.copy()
    with closing(another), another.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('parcels:mail', 0))")
        assert parcels.deliver(Channel.MAIL, now=later).claimed == 0
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert parcels.deliver(Channel.MAIL, now=later).sent == 1


def test_nothing_is_sent_inside_a_transaction(make, hr, clock, monkeypatch, transactional_db):
    inside = []
    monkeypatch.setattr(mailbox.EmailMessage, "send", lambda self: inside.append(connection.in_atomic_block) or 1)
    make()
    outbox.deliver(now=clock.at)
    parcels.deliver(Channel.MAIL, now=clock.at + packing.GATHER)
    assert inside == [False]


def test_a_round_reads_the_same_however_many_messages(make, hr, clock):
    costs = []
    for n in (2, 40):
        make(n)
        outbox.deliver(now=clock.at)
        with CaptureQueriesContext(connection) as queries:
            parcels.deliver(Channel.MAIL, now=clock.at + packing.GATHER)
        costs.append(len(queries))
    assert costs[0] == costs[1]


# Replay ----------------------------------------------------------------------------------------------------------
def test_a_dead_parcel_is_replayed_by_a_person_under_its_key(make, hr, clock, post):
    make()
    outbox.deliver(now=clock.at)
    Parcel.objects.update(dead_at=clock.at)
    old = Parcel.objects.get()
    new = parcels.replay(old.pk, actor=hr, reason="邮箱已修复", now=clock.at)
    assert (new.key, new.replay_of_id, new.replayed_by, new.replay_reason) == (old.key, old.pk, hr, "邮箱已修复")
    post()
    assert mailbox.outbox[0].extra_headers["Message-ID"] == f"<{old.key}@trilink>"
    again = parcels.replay(new.pk, actor=hr, reason="再发", now=clock.at)
    assert again.replay_of_id == old.pk


def test_a_parcel_on_its_way_cannot_be_replayed(make, hr, clock):
    make()
    outbox.deliver(now=clock.at)
    with pytest.raises(outbox.NotReplayable):
        parcels.replay(Parcel.objects.get().pk, actor=hr, reason="x")


def test_a_mail_server_that_is_down_is_asked_once_a_round(make, hr, make_account, bureau, post, settings, monkeypatch):
    settings.EMAIL_BACKEND = "workflows.channels.smtp.AllowedOnly"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    make_account("hr2", Role.HR, bureau, email="hr2@example.org")
    make()
    assert post().failed == 2
    assert {parcel.error for parcel in Parcel.objects.all()} == {"ConnectionRefusedError"}


# The tasks -------------------------------------------------------------------------------------------------------
def test_the_tasks_take_it_the_whole_way(make, hr):
    make()
    for task, args in ((tasks.deliver_outbox, []), (tasks.deliver_parcels, ["mail"]), (tasks.tell_calendars, [])):
        Parcel.objects.update(available_at=timezone.now())
        assert task.apply(args=args).successful()
    assert [letter.to for letter in mailbox.outbox] == [["hr@example.org"]]


def test_every_channel_has_its_turn_on_the_beat(settings):
    called = {
        entry["args"][0]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] == "workflows.tasks.deliver_parcels"
    }
    assert called == set(parcels.WAYS) == set(Channel.values)
