"""Which desk a duty lands on and until when: the work items of cases that have just entered a state."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from people.models import EVERYWHERE
from people.queries import Desks
from people.roles import Role
from workflows.calendars import Calendar, Clock, Deadline, Pause, Since, end_of, local_day, morning_of
from workflows.kinds import Dispatch, Duty, Kind
from workflows.models import Case, Notice
from workflows.rows import jsonb


class Desk(NamedTuple):
    """Where something lands: the desk of a role, or one officer of his own."""

    role: str
    path: str
    officer: int | None


class Router:
    """Finds desks for the cases of one chunk of work. Many share role and place: each pair is looked up once."""

    def __init__(self, desks: Desks, known_paths: Collection[str] | None = None) -> None:
        self._desks = desks
        self._known_paths = known_paths  # none: `desks` holds all there are
        self._found: dict[tuple[str, str], Desk] = {}

    @classmethod
    def of_cases(cls, kind: Kind, cases: Iterable[Case], day: date) -> Self:
        """For what steps of these cases can ask: the kind's roles, at and above the units of the cases."""
        paths = {path for case in cases for path in (case.unit_path, case.line_path)}
        above = {EVERYWHERE, *(step for path in paths for step in _at_and_above(path))}
        return cls(Desks.near(roles=_roles(kind), paths=above, day=day), above)

    def nearest(self, role: str, path: str) -> str:
        return self._nearest(role, path).path

    def occupied(self, role: str, path: str) -> bool:
        """Whether somebody holds the role at exactly this path."""
        return self._desks.holds(role, path)

    def _nearest(self, role: str, path: str) -> Desk:
        try:
            return self._found[role, path]
        except KeyError:
            return self._found.setdefault((role, path), self._look_up(role, path))

    def _look_up(self, role: str, path: str) -> Desk:
        if self._known_paths is not None and path not in self._known_paths:
            raise LookupError(f"{path} is neither a unit of the case nor above one")
        return Desk(role, self._desks.nearest(role, path), None)

    def desk(self, asked: Duty | Dispatch, case: Case) -> Desk:
        role = asked.role
        if asked.person or asked.at or role in (Role.OFFICER, Role.SYSTEM):
            return self._special(asked, case)
        return self._nearest(role, case.line_path if role == Role.UNIT_HEAD else case.unit_path)

    def _special(self, asked: Duty | Dispatch, case: Case) -> Desk:
        """What is laid on somebody by name, on the subject, on the product itself, or looked for from elsewhere."""
        role = asked.role
        if role == Role.SYSTEM:
            return Desk(role, "", None)
        if role == Role.OFFICER and case.officer_id:
            return Desk(role, case.unit_path, case.officer_id)
        if role == Role.OFFICER:
            role = Role.UNIT_HEAD  # a unit answers through its head
        own = case.line_path if role == Role.UNIT_HEAD else case.unit_path
        path = self.nearest(role, asked.at(case) if asked.at else own)
        return Desk(role, path, asked.person(case) if asked.person else None)


def _at_and_above(path: str) -> list[str]:
    """`/B00/F01/` and `/B00/`."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:depth])}/" for depth in range(1, len(codes) + 1)]


def _roles(kind: Kind) -> set[str]:
    asked = {str(duty.role) for duty in kind.duties.values()}
    told = {str(dispatch.role) for dispatches in kind.dispatches.values() for dispatch in dispatches}
    return asked | told | {Role.UNIT_HEAD.value}


class Dated(NamedTuple):
    """The times of a duty whose state was entered at a certain moment."""

    counted_from: date
    remind_at: datetime | None
    due_at: datetime
    rule: str
    provisional: bool
    wake_at: datetime


class Dates:
    """Due dates of one moment. Twenty thousand cases share a few deadlines: each is counted once per calendar."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counted: dict[tuple[Deadline | Since | date, Deadline | None], Dated] = {}
        self._of_duty: dict[int, Dated] = {}  # by identity: a deadline's own hash takes longer than all else here
        self._elsewhere: dict[int, Dates] = {}  # by the identity of a calendar, which units with the same days share

    def at(self, path: str) -> "Dates":
        """The dates by the calendar of a unit."""
        clock = self._clock.of(path)
        if clock is self._clock:
            return self
        return self._elsewhere.setdefault(id(clock.calendar), Dates(clock))

    def of(self, duty: Duty, case: Case) -> Dated:
        if callable(duty.due):
            return self._count(duty.due(case), duty.remind)
        try:
            return self._of_duty[id(duty)]
        except KeyError:
            return self._of_duty.setdefault(id(duty), self._count(duty.due, duty.remind))

    def _count(self, due: Deadline | Since | date, remind: Deadline | None) -> Dated:
        try:
            return self._counted[due, remind]
        except KeyError:
            return self._counted.setdefault((due, remind), dated(self._clock, due, remind))


def dated(clock: Clock, due: Deadline | Since | date, remind: Deadline | None) -> Dated:
    """When somebody is reminded, when the time is up, and when the clock looks first."""
    start = clock.day
    if isinstance(due, Since):
        start, due = due
    if isinstance(due, Deadline):
        day, provisional = clock.calendar.due(start, due)
        rule = str(due)
    else:
        day, provisional, rule = (local_day(due) if isinstance(due, datetime) else due), False, ""
    due_at = end_of(day)
    remind_at = reminder(clock.calendar, start, remind, due_at)
    _level, wake_at = reminders(remind_at, due_at, opened_at=clock.at)[0]
    return Dated(start, remind_at, due_at, rule, provisional, wake_at)


def reminder(
    calendar: Calendar, start: date, remind: Deadline | None, due_at: datetime, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """When the holder is reminded before the due day; never, where that would be after it."""
    remind_at = morning_of(calendar.due(start, remind, pauses).day) if remind else None
    return None if remind_at and remind_at >= due_at else remind_at


def reminders(remind_at: datetime | None, due_at: datetime, *, opened_at: datetime) -> list[tuple[int, datetime]]:
    """Each level of reminder with its moment, in order. What was over when the work came needs no reminder."""
    levels = [(Notice.BEFORE, remind_at), (Notice.ON_THE_DAY, morning_of(local_day(due_at)))]
    return [(level, at) for level, at in levels if at and at > opened_at] + [(Notice.AFTER, due_at)]


class Move(NamedTuple):
    """A case that took a step, or was born: it had a source state or none."""

    case: Case
    key: bytes  # of the case
    number: int
    source: str
    target: str
    hash: bytes


NO_PAYLOAD = jsonb("{}")

ITEM = (
    "case",
    "kind",
    "duty",
    "opened_at",
    "role",
    "desk",
    "officer",
    "counted_from",
    "remind_at",
    "due_at",
    "rule",
    "provisional",
    "wake_at",
    "calendar",
)


def items(kind: Kind, moves: Iterable[Move], router: Router, clock: Clock) -> Iterator[tuple[Any, ...]]:
    """The rows of `ITEM` for the cases whose state lays a duty on somebody."""
    dates, at = Dates(clock), clock.at
    local, version = clock.calendar.local, clock.calendar.version or None
    for move in moves:
        if duty := kind.duties.get(move.target):
            case, desk = move.case, router.desk(duty, move.case)
            times = (dates.at(desk.path) if local else dates).of(duty, case)
            yield (move.key, kind.name, move.target, at, *desk, *times, version)


MESSAGE = ("case", "number", "topic", "role", "desk", "officer", "written_at", "available_at", "payload")


def messages(kind: Kind, moves: Iterable[Move], router: Router, clock: Clock) -> Iterator[tuple[Any, ...]]:
    """The rows of `MESSAGE` for what entering a state tells, with the number of the history row that tells it."""
    at = clock.at
    for move in moves:
        for dispatch in kind.dispatches.get(move.target, ()):
            payload = jsonb(json.dumps(dispatch.payload(move.case))) if dispatch.payload else NO_PAYLOAD
            yield (move.key, move.number, dispatch.topic, *router.desk(dispatch, move.case), at, at, payload)
