"""Many at once: one wins, nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from people.accounts import machine
from tests.errand.kind import KIND
from tests.errand.models import Errand, State
from workflows import deadlines, outbox
from workflows.actions import advance, open_cases
from workflows.calendars import Clock
from workflows.models import Case, InboxEntry, OutboxMessage, TransitionRecord
from workflows.refusals import Reason

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 8


def at_once(act):
    def once(n):
        try:
            return act(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(once, range(CLIENTS)))


def test_of_eight_who_take_the_same_step_one_wins(make, hr, clock):
    for _ in range(5):
        (case,) = make()
        outcomes = at_once(lambda _, case=case: advance([case], Errand.accept, actor=hr, clock=clock, seen={case: 1}))
        assert sum(len(outcome.taken) for outcome in outcomes) == 1
        assert [refusal.reason for o in outcomes for refusal in o.refused.values()] == [Reason.OUTRUN] * 7
        assert TransitionRecord.objects.filter(case=case).count() == 2


def test_of_eight_who_open_the_same_cases_each_case_opens_once(opening, hr, clock):
    news = [opening(f"r:{i}", slot=f"{i % 100}") for i in range(200)]
    opened = at_once(lambda n: open_cases(news if n % 2 else news[::-1], KIND, actor=hr, clock=clock))
    assert sum(len(one.cases) for one in opened) == 100
    assert Errand.objects.count() == TransitionRecord.objects.count() == 100


def test_sets_in_any_order_do_not_lock_each_other_out(make, hr, clock):
    ids = make(60)
    outcomes = at_once(lambda n: advance(ids if n % 2 else ids[::-1], Errand.accept, actor=hr, clock=clock))
    assert sum(len(outcome.taken) for outcome in outcomes) == 60


def test_eight_workers_deliver_each_message_once(make, clock):
    make(50)
    done = at_once(lambda _: outbox.deliver_all(now=clock.at))
    assert sum(one.sent for one in done) == InboxEntry.objects.count() == 50


def test_eight_sweeps_expire_and_remind_once(make, hr, clock, due):
    machine("clock")
    make(5)
    advance(make(5), Errand.accept, actor=hr, clock=clock)
    later = Clock(at=due(2026, 12, 2), calendar=clock.calendar)
    done = at_once(lambda _: deadlines.sweep(later))
    assert (sum(one.expired for one in done), sum(one.reminded for one in done)) == (5, 5)
    assert Case.objects.filter(state=State.LAPSED).count() == 5
    assert OutboxMessage.objects.filter(cause="reminder").count() == 5
