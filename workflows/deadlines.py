"""The clock's round over the open work items: remind, take the step of an expiry, tell those above of a delay.

An item carries the moment at which the clock has to look at it next. A round claims what has come due with SKIP LOCKED
and moves that moment on before it acts: two rounds at once never act twice, and one that died is made up for. What
fell due while no round went says only the highest level it reached.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from people.accounts import machine
from people.queries import Desks, parent
from people.roles import Role
from workflows import kinds
from workflows.actions import advance
from workflows.calendars import Clock, Deadline, local_day, morning_of
from workflows.kinds import Step
from workflows.models import Cause, Notice, OutboxMessage, WorkItem
from workflows.work_items import Router, reminders

log = logging.getLogger(__name__)

BATCH = 1_000
# An expiry that was refused is tried again: the case may be held, or somebody was just at work on it.
RETRY = timedelta(minutes=10)
NEXT_LEVEL = 3  # working days from one level of the line to the next
WRITE = """
UPDATE workflows_workitem i SET wake_at = n.wake_at, reminded = n.reminded, escalated = n.escalated
FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[], %s::int[]) AS n(id, wake_at, reminded, escalated)
WHERE i.id = n.id
"""


@dataclass(slots=True)
class Swept:
    reminded: int = 0
    escalated: int = 0
    expired: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.reminded or self.escalated or self.expired)


class Rung(NamedTuple):
    """One level of the line above a work item: who is told of its delay, and when."""

    level: int
    role: str
    desk: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class Plan:
    """What one item needs now, and when the clock looks at it again."""

    item: WorkItem
    wake_at: datetime | None = None
    reminded: int = 0
    escalated: int = 0
    messages: list[OutboxMessage] = field(default_factory=list)
    expiry: Step | None = None

    def notices(self, at: datetime) -> Iterator[Notice]:
        """The levels reached now: the highest was said, those below it are marked as told."""
        levels = (
            (Notice.What.REMINDER, self.item.reminded, self.reminded),
            (Notice.What.ESCALATION, self.item.escalated, self.escalated),
        )
        for what, before, now in levels:
            for level in range(before + 1, now + 1):
                yield Notice(item=self.item, what=what, level=level, spoken=level == now, at=at)


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
        plans = [_plan(item, clock, router) for item in items]
        _write(plans, clock.at)
    causes = Counter(message.cause for plan in plans for message in plan.messages)
    swept.reminded += causes[Cause.REMINDER]
    swept.escalated += causes[Cause.ESCALATION]
    swept.expired += _expire([(plan.item, plan.expiry) for plan in plans if plan.expiry], clock)
    return items


def _due(clock: Clock) -> list[WorkItem]:
    waiting = WorkItem.objects.filter(closed_at=None, paused_at=None, wake_at__lte=clock.at).order_by("wake_at")
    return list(waiting.select_for_update(skip_locked=True, of=("self",)).select_related("case")[:BATCH])


def _plan(item: WorkItem, clock: Clock, router: Router) -> Plan:
    plan = Plan(item=item, reminded=item.reminded, escalated=item.escalated)
    duty = kinds.get(item.kind).duties.get(item.duty)
    late = clock.at > item.due_at
    if late and duty and duty.expiry:
        plan.wake_at, plan.expiry = clock.at + RETRY, duty.expiry
        return plan
    _remind(plan, clock)
    if late:
        _escalate(plan, clock, router)
    return plan


def _remind(plan: Plan, clock: Clock) -> None:
    """Say the highest reminder that has come due, and look again at the next one."""
    item = plan.item
    ahead = reminders(item.remind_at, item.due_at, opened_at=item.opened_at)
    reached = max((level for level, at in ahead if at < clock.at or at == clock.at < item.due_at), default=0)
    if reached > item.reminded:
        plan.reminded = reached
        plan.messages.append(_message(item, Cause.REMINDER, (item.role, item.desk, reached), clock))
    plan.wake_at = next((at for level, at in ahead if level > plan.reminded), None)


def _escalate(plan: Plan, clock: Clock, router: Router) -> None:
    """Tell the highest level of the line whose day has come, and look again on the day of the next."""
    rungs = [rung for rung in _line(plan.item, clock, router) if rung.level > plan.item.escalated]
    reached = [rung for rung in rungs if rung.at <= clock.at]
    if reached:
        top = reached[-1]
        plan.escalated = top.level
        plan.messages.append(_message(plan.item, Cause.ESCALATION, (top.role, top.desk, top.level), clock))
    plan.wake_at = next((rung.at for rung in rungs if rung.at > clock.at), None)


def _line(item: WorkItem, clock: Clock, router: Router) -> list[Rung]:
    """Who is above an item: the head of its unit, the head of the unit above, the leader in charge.

    Nobody is told of his own delay, and nobody twice. Where a level has nobody, the next one is told in its stead.
    """
    start = item.case.line_path if item.officer_id else item.desk
    head = router.nearest(Role.UNIT_HEAD, start)
    above = parent(head)
    asked = [
        (Notice.UNIT_HEAD, Role.UNIT_HEAD.value, head),
        (Notice.DEPARTMENT_LEAD, Role.UNIT_HEAD.value, router.nearest(Role.UNIT_HEAD, above) if above else ""),
        (Notice.LEADER_IN_CHARGE, Role.LEADER.value, router.nearest(Role.LEADER, start)),
    ]
    own = None if item.officer_id else (item.role, item.desk)
    there = [(level, role, desk) for level, role, desk in asked if router.occupied(role, desk) and (role, desk) != own]
    line = there or asked[-1:]  # told to an empty desk, it waits there for whoever gets the role
    last, calendar = local_day(item.due_at), clock.calendar.at(item.desk)
    days = [item.due_at] + [
        morning_of(calendar.due(last, Deadline(number=NEXT_LEVEL * n)).day) for n in range(1, len(line))
    ]
    return [Rung(*who, at) for who, at in zip(line, days, strict=True)]


def _message(item: WorkItem, cause: Cause, to: tuple[str, str, int], clock: Clock) -> OutboxMessage:
    role, desk, level = to
    return OutboxMessage(
        topic=cause.value,
        cause=cause,
        case_id=item.case_id,
        role=role,
        desk=desk,
        officer_id=item.officer_id if cause == Cause.REMINDER else None,
        payload={"duty": item.duty, "due": item.due_at.isoformat(), "level": level},
        written_at=clock.at,
        available_at=clock.at,
    )


def _write(plans: Sequence[Plan], at: datetime) -> None:
    """Three statements, however many items: where each stands, what each level said, the messages."""
    with connection.cursor() as cursor:
        columns: list[Any] = [
            [plan.item.pk for plan in plans],
            [plan.wake_at for plan in plans],
            [plan.reminded for plan in plans],
            [plan.escalated for plan in plans],
        ]
        cursor.execute(WRITE, columns)
    Notice.objects.bulk_create(notice for plan in plans for notice in plan.notices(at))
    OutboxMessage.objects.bulk_create(message for plan in plans for message in plan.messages)


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
