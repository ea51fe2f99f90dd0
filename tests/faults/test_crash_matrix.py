"""Each act of the product is killed at each of its points; done again, nothing is lost and nothing stands twice."""

import json
import re
from collections import Counter, defaultdict
from datetime import timedelta
from email import message_from_bytes
from uuid import uuid4

import pytest

from tests.errand.models import Errand
from tests.faults.system import System
from workflows import invariants, outbox, packing, parcels
from workflows.actions import advance
from workflows.models import AllowedAddress, DeskChoice, InboxEntry, OutboxMessage, Parcel, TransitionRecord

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

KILLED = -9
WRITER = ("before lock", "after lock", "after update", "before commit", "after commit")
RELAY = ("before lock", "after claim", "after update", "before marking sent", "before commit", "after commit")
SENDER = ("before lock", "after claim", "after send", "before marking sent")
# The second arrival is in the second chunk of a bulk step, in the expiries of a sweep, and at the second message.
CELLS = [
    *(("single step", point, 1) for point in WRITER),
    *(("bulk step", point, nth) for point in WRITER for nth in (1, 2)),
    *(("sweep", point, nth) for point in WRITER for nth in (1, 2)),
    *(("relay", point, 1) for point in RELAY),
    *(("receiver", point, nth) for point in RELAY for nth in (1, 2)),
    *((post, point, 1) for post in ("post by mail", "post to a webhook") for point in SENDER),
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

    def meanwhile(self):
        """What goes on between the kill and the next try."""

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
    """Six messages to the desk of HR."""

    name = "relay"
    expected = {("accepted", 2): 3}

    def prepare(self, make):
        cases = make(3)
        advance(cases, Errand.accept, actor=self.hr, clock=self.clock)
        return cases

    def later(self):
        return self.clock.at + outbox.LEASE + timedelta(seconds=1)


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


class Post(Relay):
    """The same six, laid ready for the way that HR has chosen; while the first try is lost, two more come."""

    name = "post"
    expected = {("accepted", 2): 3, ("asked", 1): 2}

    def __init__(self, make, hr, clock):
        super().__init__(make, hr, clock)
        outbox.deliver_all(now=clock.at)
        self.make = make

    def inputs(self, at):
        return super().inputs(at + packing.GATHER)

    def meanwhile(self):
        self.make(2)
        outbox.deliver_all(now=self.clock.at + packing.GATHER)

    def later(self):
        return self.clock.at + parcels.LEASE + timedelta(minutes=1)


class PostByMail(Post):
    def prepare(self, make):
        self.hr.email = "hr@example.org"
        self.hr.save()
        return super().prepare(make)


class PostToWebhook(Post):
    def __init__(self, make, hr, clock, system):
        self.system = system
        super().__init__(make, hr, clock)

    def prepare(self, make):
        url, by = f"http://127.0.0.1:{self.system.port}", {"changed_by": self.hr, "changed_at": self.clock.at}
        said = {"to_members": False, "secret_number": 1, "webhook": f"{url}/in", **by}
        DeskChoice.objects.get_or_create(role="hr", path="/B00/", defaults=said)
        allowed = {"reason": "x", "added_by": self.hr, "added_at": self.clock.at}
        AllowedAddress.objects.get_or_create(kind="web", value=url, defaults=allowed)
        return super().prepare(make)


ACTS = {
    "single step": SingleStep,
    "bulk step": BulkStep,
    "sweep": Sweep,
    "relay": Relay,
    "receiver": Receiver,
    "post by mail": PostByMail,
    "post to a webhook": PostToWebhook,
}


@pytest.fixture
def system():
    """Another department's system, which takes webhooks in."""
    system = System()
    yield system
    system.close()


@pytest.fixture
def begin(request, make, hr, clock):
    def begin(name):
        more = [request.getfixturevalue("system")] if name == "post to a webhook" else []
        return ACTS[name](make, hr, clock, *more)

    return begin


def assert_whole(act, nursery):
    """Nothing lost and nothing doubled, and what has to be told is told."""
    assert act.whole() == Counter(act.expected)
    assert list(invariants.breaches()) == []
    if act.name != "relay_to_receiver":
        end = act.later() + timedelta(days=30)  # after all that the sweep has written
        nursery.run("relay", at=end.isoformat())
    assert OutboxMessage.objects.filter(sent_at=None).count() == 0
    told = OutboxMessage.objects.exclude(role="system").count()
    assert InboxEntry.objects.count() == told > 0  # `message` is unique: each is there exactly once


def assert_told_outside(letters, system):
    """Each message at least once; and whoever gets it again knows it by the same Message-ID or idempotency key."""
    told = defaultdict(set)
    for letter in letters.iterdir():
        said = message_from_bytes(letter.read_bytes())
        for case in re.findall("/cases/([0-9a-f-]{36})/", said.get_payload(decode=True).decode()):
            told[case].add(said["Message-ID"])
    for key, body in system.taken if system else ():
        for message in json.loads(body)["messages"]:
            told[message["case"]["id"]].add(key)
    assert told.keys() == {str(case) for case in Errand.objects.values_list("pk", flat=True)}
    assert {len(keys) for keys in told.values()} == {1}
    assert not Parcel.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize(("name", "point", "nth"), CELLS, ids=[f"{n}, {p}, {i}" for n, p, i in CELLS])
def test_killed_and_done_again_it_is_done_once(name, point, nth, begin, nursery, letters):
    act = begin(name)
    killed, _ = nursery.run(act.name, kill=point, nth=nth, **act.inputs(act.clock.at))
    assert killed == KILLED, f"{name} does not pass {point} {nth} times"
    act.meanwhile()
    again, _ = nursery.run(act.name, **act.inputs(act.later()))
    assert again == 0
    assert_whole(act, nursery)
    if act.name == "post":
        assert_told_outside(letters, getattr(act, "system", None))


@pytest.mark.storm
@pytest.mark.parametrize("name", ACTS)
def test_killed_before_any_statement_it_is_done_once(name, begin, nursery):
    """Each place at which the database could be left, one after the other, until the act comes to its end."""
    nth, ended = 0, KILLED
    while ended == KILLED:
        nth += 1
        act = begin(name)
        ended, _ = nursery.run(act.name, kill="any statement", nth=nth, **act.inputs(act.clock.at))
        nursery.run(act.name, **act.inputs(act.later()))
        assert TransitionRecord.objects.count() == sum(Errand.objects.values_list("version", flat=True))
        assert list(invariants.breaches()) == []
    assert nth > 5
