"""Which desk a duty lands on and until when: the work items of cases that have just entered a state."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from people.queries import Desks
from people.roles import Role
from workflows.calendars import Clock, Deadline, end_of, local_day, morning_of
from workflows.kinds import Dispatch, Duty, Kind
from workflows.models import Case


class Desk(NamedTuple):
    """Where something lands: the desk of a role, or one officer of his own."""

    role: str
    path: str
    officer: int | None


class Router:
    """Finds desks for the cases of one call. Who holds which role is read once, and only if somebody asks."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._known: dict[tuple[str, str], str] = {}

    @cached_property
    def _desks(self) -> Desks:
        return Desks.on(self._day)

    def ready(self) -> None:
        """Read now, before queries are forbidden."""
        _ = self._desks

    def nearest(self, role: str, path: str) -> str:
        try:
            return self._known[role, path]
        except KeyError:
            return self._known.setdefault((role, path), self._desks.nearest(role, path))

    def desk(self, asked: Duty | Dispatch, case: Case) -> Desk:
        role, officer = asked.role, None
        if isinstance(asked, Duty) and asked.person:
            officer = asked.person(case)
        elif role == Role.OFFICER:
            if case.officer_id:
                return Desk(role, case.unit_path, case.officer_id)
            role = Role.UNIT_HEAD  # a unit answers through its head
        if role == Role.SYSTEM:
            return Desk(role, "", None)
        return Desk(role, self.nearest(role, asked.at(case) if asked.at else start(role, case)), officer)


def start(role: str, case: Case) -> str:
    """From where the nearest desk of a role is looked for."""
    return case.line_path if role == Role.UNIT_HEAD else case.unit_path


class Dated(NamedTuple):
    """The times of a duty whose state was entered at a certain moment."""

    remind_at: datetime | None
    due_at: datetime
    rule: str
    provisional: bool
    wake_at: datetime


class Dates:
    """Due dates of one moment. Twenty thousand cases share a few deadlines: each is counted once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counted: dict[tuple[Deadline | date, Deadline | None], Dated] = {}

    def of(self, due: Deadline | date, remind: Deadline | None) -> Dated:
        try:
            return self._counted[due, remind]
        except KeyError:
            return self._counted.setdefault((due, remind), dated(self._clock, due, remind))


def dated(clock: Clock, due: Deadline | date, remind: Deadline | None) -> Dated:
    """When somebody is reminded, when the time is up, and when the clock looks next."""
    if isinstance(due, Deadline):
        day, provisional = clock.calendar.due(clock.day, due)
        rule = str(due)
    else:
        day, provisional, rule = (local_day(due) if isinstance(due, datetime) else due), False, ""
    due_at = end_of(day)
    remind_at = morning_of(clock.calendar.due(clock.day, remind).day) if remind else None
    if remind_at and remind_at >= due_at:
        remind_at = None
    return Dated(remind_at, due_at, rule, provisional, remind_at or due_at)


ITEM = (
    "case",
    "kind",
    "duty",
    "opened_at",
    "counted_from",
    "role",
    "desk",
    "officer",
    "remind_at",
    "due_at",
    "rule",
    "provisional",
    "wake_at",
)


def items(kind: Kind, entered: Iterable[Case], router: Router, clock: Clock) -> Iterator[tuple[Any, ...]]:
    """The rows of `ITEM` for the cases whose state lays a duty on somebody."""
    dates = Dates(clock)
    for case in entered:
        if duty := kind.duties.get(case.state):
            due = duty.due(case) if callable(duty.due) else duty.due
            desk = router.desk(duty, case)
            yield (case.pk, kind.name, case.state, clock.at, clock.day, *desk, *dates.of(due, duty.remind))


MESSAGE = ("case", "number", "topic", "role", "desk", "officer", "payload", "written_at", "available_at")


def messages(
    kind: Kind, entered: Iterable[tuple[Case, int]], router: Router, clock: Clock, wrap: Callable[[Any], Any]
) -> Iterator[tuple[Any, ...]]:
    """The rows of `MESSAGE` for what entering a state tells, with the number of the history row that tells it."""
    for case, number in entered:
        for dispatch in kind.dispatches.get(case.state, ()):
            payload = wrap(dispatch.payload(case) if dispatch.payload else {})
            desk = router.desk(dispatch, case)
            yield (case.pk, number, dispatch.topic, *desk, payload, clock.at, clock.at)
