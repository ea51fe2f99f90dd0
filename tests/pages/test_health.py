"""What monitors ask: alive, ready part by part, and figures for those who may have them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.roles import Role
from workflows import canary, jobs, outbox, readiness, slots
from workflows.models import Canary, Cause, Job, OutboxMessage, Parcel, ReceivedMessage, Slot

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(hours=1)


@pytest.fixture(autouse=True)
def asked_anew():
    readiness.forget()
    yield
    readiness.forget()


@pytest.fixture
def ready(monkeypatch):
    """Everything answers and ticks."""
    monkeypatch.setattr(readiness, "redis", lambda: readiness.Part(ok=True))
    monkeypatch.setattr(readiness, "answering", lambda: True)
    slots.in_turn("deliver_outbox", dict, length=timedelta(seconds=1))


def parts():
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["parts"]


def test_healthz_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})


def test_ready_names_each_part(ready):
    status, found = parts()
    assert status == 200
    assert set(found) == {"database", "redis", "worker", "beat", "messages", "canary", "jobs"}
    assert all(part["ok"] for part in found.values())


def test_an_answer_is_kept_for_some_seconds(ready, django_assert_num_queries):
    parts()
    with django_assert_num_queries(0):
        parts()


def unready(*names):
    status, found = parts()
    assert status == 503
    assert {name for name, part in found.items() if not part["ok"]} == set(names)


def test_without_redis_it_is_not_ready(ready, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(readiness.current_app.conf, "broker_url", "redis://localhost:1/0")
    unready("redis")


def test_without_ticks_beat_is_missing_and_the_worker_is_asked(ready):
    Slot.objects.update(won_at=timezone.now() - LONG_AGO)
    unready("beat")


def test_without_ticks_and_an_answer_the_worker_is_missing_too(ready, monkeypatch):
    Slot.objects.all().delete()
    monkeypatch.setattr(readiness, "answering", lambda: False)
    unready("beat", "worker")


def test_a_message_that_waits_for_long_makes_it_unready(ready):
    then = timezone.now() - LONG_AGO
    OutboxMessage.objects.create(topic="x", role=Role.SYSTEM, desk="", written_at=then, available_at=then)
    unready("messages")


def test_a_canary_that_does_not_arrive_makes_it_unready(ready):
    Canary.objects.create(message_id=1, sent_at=timezone.now() - LONG_AGO)
    unready("canary")


def test_a_job_that_nobody_takes_makes_it_unready(ready, hr):
    Job.objects.create(kind="x", args={}, actor=hr)
    Job.objects.update(queued_at=timezone.now() - LONG_AGO)
    unready("jobs")


def test_a_canary_flies_the_whole_way_and_its_latency_is_kept():
    canary.send()
    assert canary.newest() is None
    outbox.deliver_all()
    arrived = canary.newest()
    assert 0 <= arrived.seconds < 5
    message = OutboxMessage.objects.get(cause=Cause.NOTICE)
    assert (message.topic, message.sent_at is not None) == ("canary", True)


def test_old_canaries_go_with_their_messages():
    canary.send()
    outbox.deliver_all()
    Canary.objects.update(sent_at=timezone.now() - canary.KEPT - LONG_AGO)
    canary.send()
    assert canary.forget_old() == 1
    assert (OutboxMessage.objects.count(), Canary.objects.count(), ReceivedMessage.objects.count()) == (1, 1, 0)


# Figures --------------------------------------------------------------------------------------------------------------
def figures(**how):
    return Client().get("/metrics", **how)


def test_figures_are_closed_by_default(as_account, administrator):
    assert figures().status_code == 404
    assert as_account(administrator).get("/metrics").status_code == 404


@pytest.mark.parametrize("given", ["Bearer wrong", "", "Bearer "])
def test_a_wrong_token_opens_nothing(settings, given):
    settings.METRICS_TOKEN = "let me in"
    assert figures(headers={"Authorization": given}).status_code == 404


@pytest.mark.parametrize("given", [{}, {"Authorization": ""}, {"Authorization": "Bearer "}])
def test_without_a_token_of_its_own_no_token_opens_them(settings, given):
    settings.METRICS_TOKEN = ""
    assert figures(headers=given).status_code == 404


def test_the_token_opens_them(settings):
    settings.METRICS_TOKEN = "let me in"
    assert figures(headers={"Authorization": "Bearer let me in"}).status_code == 200


def test_an_allowed_network_opens_them_and_a_header_does_not(settings):
    settings.METRICS_ALLOW = ["10.1.0.0/16"]
    assert figures(REMOTE_ADDR="10.1.2.3").status_code == 200
    assert figures(REMOTE_ADDR="10.2.2.3", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404


def test_they_tell_queues_overdue_steps_ticks_and_requests_and_no_names(settings, make_case, hr, as_account):
    settings.METRICS_TOKEN = "t"
    make_case()
    now = timezone.now()
    OutboxMessage.objects.update(available_at=now - LONG_AGO)
    jobs_waiting = Job.objects.create(kind="x", args={}, actor=hr)
    slots.in_turn("sweep_deadlines", lambda: {"reminded": 1}, length=timedelta(minutes=1))
    as_account(hr).get("/cases/")
    text = figures(headers={"Authorization": "Bearer t"}).text
    for line in (
        "trilink_database_up 1.0",
        "trilink_outbox_due_messages 1.0",
        'trilink_outbox_waiting_messages{topic="',
        "trilink_outbox_dead_messages 0.0",
        'trilink_jobs{state="queued"} 1.0',
        'trilink_tick_seconds{tick="sweep_deadlines"}',
        'trilink_ticks_total{tick="sweep_deadlines"}',
        'trilink_steps_total{kind="errand",outcome="taken",step="open"}',
        'trilink_request_seconds_count{method="GET",route="workflows:cases",status="2xx"}',
    ):
        assert line in text
    assert 3500 < float(re.search(r"^trilink_outbox_oldest_seconds (\S+)$", text, re.MULTILINE).group(1)) < 3700
    assert "于雨" not in text
    assert jobs.find(jobs_waiting.kind) is None


def test_overdue_work_is_counted_by_kind(settings, make_case):
    settings.METRICS_TOKEN = "t"
    case = make_case()
    case.work_items.update(due_at=timezone.now() - LONG_AGO)
    assert 'trilink_overdue_work_items{kind="errand"} 1.0' in figures(headers={"Authorization": "Bearer t"}).text


def test_what_leaves_by_a_channel_is_counted(settings):
    settings.METRICS_TOKEN = "t"
    now = timezone.now()
    for fold, dead in (("a", None), ("b", now)):
        Parcel.objects.create(channel="mail", fold=fold, written_at=now, available_at=now - LONG_AGO, dead_at=dead)
    text = figures(headers={"Authorization": "Bearer t"}).text
    assert 'trilink_parcels_due{channel="mail"} 1.0' in text
    assert 'trilink_parcels_dead{channel="mail"} 1.0' in text
