"""The clock's round over the open work items: remind, take the step of an expiry, tell those above of a delay.

An item carries the moment at which the clock has to look at it next. A round claims what has come due with SKIP LOCKED
and moves that moment on before it acts: two rounds at once never act twice, and one that died is made up for.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from people.accounts import machine
from people.queries import Desks
from people.roles import Role
from workflows import kinds
from workflows.actions import advance
from workflows.calendars import Clock, Deadline, morning_of
from workflows.kinds import Step
from workflows.models import Cause, OutboxMessage, WorkItem
from workflows.work_items import Router

log = logging.getLogger(__name__)

BATCH = 1_000
# An expiry that was refused is tried again: the case may be held, or somebody was just at work on it.
RETRY = timedelta(minutes=10)
# Who is told of a delay, and how long after the level below: each once.
LINE = (Role.UNIT_HEAD, Role.LEADER)
NEXT_LEVEL = Deadline(number=3)


@dataclass(slots=True)
class Swept:
    reminded: int = 0
    escalated: int = 0
    expired: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.reminded or self.escalated or self.expired)


class Plan(NamedTuple):
    """What one item needs now, and when the clock looks at it again."""

    wake_at: datetime | None
    escalated: int
    message: OutboxMessage | None = None
    expiry: Step | None = None


def sweep(clock: Clock) -> Swept:
    """Do what has come due, batch by batch. When nothing has, this is one probe of an index."""
    swept = Swept()
    while items := _sweep_batch(clock, swept):
        if len(items) < BATCH:
            break
    return swept


def _sweep_batch(clock: Clock, swept: Swept) -> Sequence[WorkItem]:
    with transaction.atomic():
        items = _due(clock)
        if not items:
            return items
        router = Router(Desks.on(clock.day))
        plans = [(item, _plan(item, clock, router)) for item in items]
        _write(plans)
    expiring = [(item, plan.expiry) for item, plan in plans if plan.expiry]
    causes = Counter(plan.message.cause for _, plan in plans if plan.message)
    swept.reminded += causes[Cause.REMINDER]
    swept.escalated += causes[Cause.ESCALATION]
    swept.expired += _expire(expiring, clock)
    return items


def _due(clock: Clock) -> list[WorkItem]:
    waiting = WorkItem.objects.filter(closed_at=None, wake_at__lte=clock.at).order_by("wake_at")
    return list(waiting.select_for_update(skip_locked=True, of=("self",)).select_related("case")[:BATCH])


def _plan(item: WorkItem, clock: Clock, router: Router) -> Plan:
    if clock.at <= item.due_at:
        return Plan(item.due_at, item.escalated, _message(item, Cause.REMINDER, item.role, item.desk, clock))
    duty = kinds.get(item.kind).duties.get(item.duty)
    if duty and duty.expiry:
        return Plan(clock.at + RETRY, item.escalated, expiry=duty.expiry)
    line = [role for role in LINE if role != item.role][item.escalated :]
    if not line:
        return Plan(None, item.escalated)
    wake_at = morning_of(clock.calendar.due(clock.day, NEXT_LEVEL).day) if line[1:] else None
    desk = router.nearest(line[0], item.case.line_path if item.officer_id else item.desk)
    return Plan(wake_at, item.escalated + 1, _message(item, Cause.ESCALATION, line[0], desk, clock))


def _message(item: WorkItem, cause: Cause, role: str, desk: str, clock: Clock) -> OutboxMessage:
    return OutboxMessage(
        topic=cause.value,
        cause=cause,
        case_id=item.case_id,
        role=role,
        desk=desk,
        officer_id=item.officer_id if cause == Cause.REMINDER else None,
        payload={"duty": item.duty, "due": item.due_at.isoformat()},
        written_at=clock.at,
        available_at=clock.at,
    )


def _write(plans: Iterable[tuple[WorkItem, Plan]]) -> None:
    """Few different moments share many items: one UPDATE each."""
    alike: defaultdict[tuple[datetime | None, int], list[int]] = defaultdict(list)
    for item, plan in plans:
        alike[plan.wake_at, plan.escalated].append(item.pk)
    for (wake_at, escalated), ids in alike.items():
        WorkItem.objects.filter(pk__in=ids).update(wake_at=wake_at, escalated=escalated)
    OutboxMessage.objects.bulk_create([plan.message for _, plan in plans if plan.message])


def _expire(expiring: Iterable[tuple[WorkItem, Step]], clock: Clock) -> int:
    """Take the steps as the clock. The version that was read with the item keeps a case that has moved on from it."""
    by_step = defaultdict(list)
    for item, step in expiring:
        by_step[step].append(item.case)
    taken = 0
    for step, cases in by_step.items():
        seen = {case.pk: case.version for case in cases}
        outcome = advance(seen, step, actor=machine("clock"), clock=clock, seen=seen)
        taken += len(outcome.taken)
        for case, refusal in outcome.refused.items():
            log.warning(
                "an expiry was refused",
                extra={"action": "expiry_refused", "case": str(case), "reason": refusal.reason.value},
            )
    return taken
