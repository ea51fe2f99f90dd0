"""What the processes that are killed do: each act is one call of the product, as a page or a task would make it."""

from datetime import datetime
from uuid import UUID

from people.models import Account
from tests.errand.models import Errand
from workflows import actions, deadlines, outbox, parcels
from workflows.calendars import Calendar, Clock

AT_ONCE = 2  # cases of a chunk, so that a small set is cut


def clock_at(at):
    return Clock(at=datetime.fromisoformat(at), calendar=Calendar(years=range(2020, 2040)))


def step(*, at, cases, key=None, seen=None, name="accept"):
    """Take a step on cases; which took it, which had taken it before, and why the others did not."""
    actions.CHUNK = AT_ONCE
    outcome = actions.advance(
        [UUID(case) for case in cases],
        getattr(Errand, name),
        actor=Account.objects.get(username="hr"),
        clock=clock_at(at),
        request_key=key and UUID(key),
        seen={UUID(case): version for case, version in (seen or {}).items()},
    )
    return {
        "taken": [str(case) for case in outcome.taken],
        "repeated": [str(case) for case in outcome.repeated],
        "refused": {str(case): refusal.reason.value for case, refusal in outcome.refused.items()},
    }


def sweep(*, at):
    swept = deadlines.sweep(clock_at(at))
    return {"reminded": swept.reminded, "escalated": swept.escalated, "expired": swept.expired}


def relay(*, at):
    return {"sent": outbox.deliver_all(now=datetime.fromisoformat(at)).sent}


def relay_to_receiver(*, at, follows):
    """The receiver moves another case, and would move it again if it were called again: nothing in it prevents that."""

    def remark(message):
        actions.advance(
            [UUID(follows)],
            Errand.remark,
            actor=Account.objects.get(username="hr"),
            clock=clock_at(at),
            inputs={"text": str(message.case_id)},
        )

    outbox._receivers.clear()
    outbox.receive("errand done", remark)
    return relay(at=at)


def post(*, at):
    """Send what lies ready on every channel."""
    return {"sent": parcels.deliver_all(now=datetime.fromisoformat(at)).sent}


ACTS = {act.__name__: act for act in (step, sweep, relay, relay_to_receiver, post)}
