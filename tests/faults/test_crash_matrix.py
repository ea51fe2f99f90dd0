"""Each act of the product is killed at each of its points; done again, nothing is lost and nothing stands twice."""

from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from uuid import uuid4

import pytest

from tests.errand.models import Errand
from workflows import invariants
from workflows.actions import advance
from workflows.models import InboxEntry, OutboxMessage, Parcel, TransitionRecord
from workflows.parcels import LEASE

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

KILLED = -9
WRITER = ("before lock", "after lock", "after update", "before commit", "after commit")
RELAY = ("before lock", "after claim", "after update", "before commit", "after commit")
SENDER = ("after send", "before marking sent")
# The second arrival is in the second chunk of a bulk step, in the expiries of a sweep, and at the second message.
CELLS = [
    *(("single step", point, 1) for point in WRITER),
    *(("bulk step", point, nth) for point in WRITER for nth in (1, 2)),
    *(("sweep", point, nth) for point in WRITER for nth in (1, 2)),
    *(("relay", point, 1) for point in (*RELAY, *SENDER)),
    *(("receiver", point, nth) for point in (*RELAY, "before marking sent") for nth in (1, 2)),
]


class Act:
    """An act, what it is given, and what must hold when it has been done to the end."""

    name = "step"

    def __init__(self, make, hr, clock):
        self.hr, self.clock = hr, clock
        self.cases = [str(case) for case in self.prepare(make)]

    def prepare(self, make):
        return make(1)

    def inputs(self, at):
        return {"at": at.isoformat()}

    def later(self):
        """The next time somebody or the clock comes by."""
        return self.clock.at + timedelta(seconds=1)

    def whole(self):
        """Each case has taken its steps once."""
        return Counter(Errand.objects.values_list("state", "version"))


class SingleStep(Act):
    expected = {("accepted", 2): 1}

    def __init__(self, *scene):
        super().__init__(*scene)
        self.key = str(uuid4())

    def inputs(self, at):
        # The same click, sent again: it carries the key and the versions that its page had shown.
        return super().inputs(at) | {"cases": self.cases, "key": self.key, "seen": dict.fromkeys(self.cases, 1)}


class BulkStep(SingleStep):
    expected = {("accepted", 2): 5}

    def prepare(self, make):
        return make(5)


class Sweep(Act):
    """Two errands nobody took up, whose time is over, and two of which their desk is to be reminded."""

    name = "sweep"
    expected = {("lapsed", 2): 2, ("accepted", 2): 2, "reminder": 2}

    def prepare(self, make):
        make(2)
        accepted = make(2)
        advance(accepted, Errand.accept, actor=self.hr, clock=self.clock)
        return accepted

    def inputs(self, at):
        return super().inputs(at + timedelta(days=12))  # the tenth working day is the fourteenth

    def later(self):
        return self.clock.at + timedelta(minutes=11)  # an expiry that was not taken is tried again

    def whole(self):
        reminders = OutboxMessage.objects.filter(cause="reminder").values_list("cause", flat=True)
        return super().whole() + Counter(reminders)


class Relay(Act):
    """Six messages to the desk of HR, which reads them by mail too."""

    name = "relay"
    expected = {("accepted", 2): 3}

    def prepare(self, make):
        self.hr.email = "hr@example.org"
        self.hr.save()
        cases = make(3)
        advance(cases, Errand.accept, actor=self.hr, clock=self.clock)
        return cases

    def later(self):
        return self.clock.at + LEASE + timedelta(seconds=1)


class Receiver(Relay):
    """Two errands are done; the receiver moves a third with each message, and would move it twice."""

    name = "relay_to_receiver"
    expected = {("done", 3): 2, ("accepted", 4): 1}

    def prepare(self, make):
        done = make(2, fields={"purpose": "x", "place": "y"})
        self.follows = make(1)
        advance([*done, *self.follows], Errand.accept, actor=self.hr, clock=self.clock)
        advance(done, Errand.finish, actor=self.hr, clock=self.clock)
        return done

    def inputs(self, at):
        return super().inputs(at) | {"follows": str(self.follows[0])}


ACTS = {"single step": SingleStep, "bulk step": BulkStep, "sweep": Sweep, "relay": Relay, "receiver": Receiver}


@pytest.fixture
def act(request, make, hr, clock):
    return ACTS[request.getfixturevalue("name")](make, hr, clock)


def assert_whole(act, letters, nursery):
    """Nothing lost and nothing doubled, and what has to be told is told."""
    assert act.whole() == Counter(act.expected)
    assert list(invariants.breaches()) == []
    end = act.later() + timedelta(days=30)  # after all that the sweep has written
    if act.name != "relay_to_receiver":
        nursery.run("relay", at=end.isoformat())
    assert OutboxMessage.objects.filter(sent_at=None).count() == 0
    told = OutboxMessage.objects.exclude(role="system").count()
    assert Parcel.objects.filter(sent_at=None).count() == 0
    assert InboxEntry.objects.count() == told > 0  # `message` is unique: each is there exactly once
    if act.name == "relay":
        assert_told_by_mail(letters)


def assert_told_by_mail(letters):
    """At least once; and whoever gets the letter again knows it by its Message-ID."""
    sent = [message_from_bytes(letter.read_bytes()) for letter in letters.iterdir()]
    assert len(sent) >= 1
    assert len({letter["Message-ID"] for letter in sent}) == 1


@pytest.mark.parametrize(("name", "point", "nth"), CELLS, ids=[f"{n}, {p}, {i}" for n, p, i in CELLS])
def test_killed_and_done_again_it_is_done_once(name, point, nth, act, nursery, letters):
    killed, _ = nursery.run(act.name, kill=point, nth=nth, **act.inputs(act.clock.at))
    assert killed == KILLED, f"{name} does not pass {point} {nth} times"
    again, _ = nursery.run(act.name, **act.inputs(act.later()))
    assert again == 0
    assert_whole(act, letters, nursery)


@pytest.mark.storm
@pytest.mark.parametrize("name", ACTS)
def test_killed_before_any_statement_it_is_done_once(name, make, hr, clock, nursery, letters):
    """Each place at which the database could be left, one after the other, until the act comes to its end."""
    nth, ended = 0, KILLED
    while ended == KILLED:
        nth += 1
        act = ACTS[name](make, hr, clock)
        ended, _ = nursery.run(act.name, kill="any statement", nth=nth, **act.inputs(clock.at))
        nursery.run(act.name, **act.inputs(act.later()))
        assert TransitionRecord.objects.count() == sum(Errand.objects.values_list("version", flat=True))
        assert list(invariants.breaches()) == []
    assert nth > 5
