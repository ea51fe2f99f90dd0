"""Two actors at one thing, in every order of their points: one wins, the other is told so, nothing happens twice."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction

from people.accounts import machine
from tests.errand.kind import KIND
from tests.errand.models import Errand, State
from tests.faults.actors import END, Actor, orders, play
from workflows import deadlines, invariants, outbox
from workflows.actions import advance, open_cases
from workflows.models import InboxEntry, OutboxMessage, TransitionRecord
from workflows.refusals import Reason

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ORDERS = [*orders()]
ALIKE = [order for order in ORDERS if order[0] == "A"]  # where both do the same, the rest are these with other names


@pytest.fixture(autouse=True)
def accounts(hr):
    """What both actors would otherwise make at their first step."""
    machine("clock")
    return hr.grants


def test_of_two_who_take_the_same_step_one_wins(make, hr, clock):
    """A remark keeps the state: nothing but the version that both have seen tells the second that he is late."""
    for order in ALIKE:
        (case,) = make()
        advance([case], Errand.accept, actor=hr, clock=clock)
        remark = partial(advance, [case], Errand.remark, actor=hr, clock=clock, seen={case: 2}, inputs={"text": "t"})
        outcomes = [actor.answer for actor in play(order, remark, remark)]
        assert sorted(len(outcome.taken) for outcome in outcomes) == [0, 1], order
        [refusal] = [refusal for outcome in outcomes for refusal in outcome.refused.values()]
        assert refusal.reason == Reason.OUTRUN
        assert TransitionRecord.objects.filter(case=case).count() == 3
    assert list(invariants.breaches()) == []


def test_of_two_who_take_different_steps_one_wins(make, hr, clock):
    for order in ORDERS:
        (case,) = make(fields={"purpose": "x", "place": "y"})
        advance([case], Errand.accept, actor=hr, clock=clock)
        act = partial(advance, [case], actor=hr, clock=clock, seen={case: 2})
        works = partial(act, Errand.finish), partial(act, Errand.plan, inputs={"place": "p", "days": 1})
        finished, planned = (actor.answer for actor in play(order, *works))
        assert len(finished.taken) + len(planned.taken) == 1, order
        assert Errand.objects.get(pk=case).state == (State.DONE if finished.taken else State.PLANNED)
    assert list(invariants.breaches()) == []


def test_a_step_and_the_end_of_its_time_meet_and_one_wins(make, hr, clock, late):
    for order in ORDERS:
        (case,) = make()
        accept = partial(advance, [case], Errand.accept, actor=hr, clock=clock, seen={case: 1})
        accepted, swept = (actor.answer for actor in play(order, accept, partial(deadlines.sweep, late)))
        assert (len(accepted.taken), swept.expired) in {(1, 0), (0, 1)}, order
        assert TransitionRecord.objects.filter(case=case).count() == 2
    assert list(invariants.breaches()) == []


def test_of_two_who_open_the_same_case_one_opens_it(opening, hr, clock):
    for number, order in enumerate(ALIKE):
        open_it = partial(open_cases, [opening(f"same:{number}")], KIND, actor=hr, clock=clock)
        opened = [actor.answer for actor in play(order, open_it, open_it)]
        assert sorted(len(one.cases) for one in opened) == [0, 1], order
        assert TransitionRecord.objects.count() == number + 1
    assert list(invariants.breaches()) == []


def test_two_sweeps_take_each_expiry_once_and_neither_waits(make, hr, clock, late):
    for order in ALIKE:
        make(2)
        actors = play(order, *[partial(deadlines.sweep, late)] * 2)
        assert sum(actor.answer.expired for actor in actors) == 2, order
        assert not any(actor.waited for actor in actors), order
    causes = Counter(OutboxMessage.objects.values_list("cause", flat=True))
    assert causes == {"step": 2 * len(ALIKE)}
    assert list(invariants.breaches()) == []


def test_two_relays_deliver_each_message_once_and_neither_waits(make, clock):
    for number, order in enumerate(ALIKE, start=1):
        make(3)
        actors = play(order, *[partial(outbox.deliver, now=clock.at)] * 2)
        assert not any(actor.waited for actor in actors), order
        assert sum(actor.answer.sent for actor in actors) == 3, order
        assert InboxEntry.objects.count() == 3 * number
    assert list(invariants.breaches()) == []


def test_a_relay_leaves_what_another_is_just_claiming_and_does_not_wait(make, clock):
    make(3)
    with transaction.atomic():
        outbox._claim(uuid4(), clock.at, 2)
        relay = Actor(partial(outbox.deliver, now=clock.at))
        while relay.at != END and not relay.blocked:
            relay.move()
        assert not relay.waited
    assert relay.answer.sent == 1


@pytest.mark.parametrize("known", [True, False], ids=["who saw the version", "who saw nothing"])
def test_of_many_racing_commands_one_wins_and_the_others_are_told(known, make, clock, nursery):
    """Processes of their own, started by one word."""
    for _ in range(3):
        (case,) = make()
        inputs = {"at": clock.at.isoformat(), "cases": [str(case)], "seen": {str(case): 1} if known else None}
        ended = nursery.race([{"act": "step", "kill": None, "nth": 1, "inputs": inputs}] * 8)
        assert [code for code, _ in ended] == [0] * 8
        assert sum(len(answer["taken"]) for _, answer in ended) == 1
        told = Counter(reason for _, answer in ended for reason in answer["refused"].values())
        assert told == {Reason.OUTRUN if known else Reason.NOT_POSSIBLE: 7}
    connection.close()
