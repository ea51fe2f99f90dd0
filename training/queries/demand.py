"""Who waits for a class, by the course that serves what he lacks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from training.models import ClassSession, Course, Form, TrainingCase
from training.queries.catalogue import TAKEN
from workflows.calendars import Clock

if TYPE_CHECKING:
    from training.queries.catalogue import SeatedSession


@dataclass(frozen=True, kw_only=True)
class Demand:
    """A course, how many wait for it, and how many seats are left in the classes to come."""

    course: Course
    waiting: int
    left: int
    sessions: int

    @property
    def lacking(self) -> int:
        return max(self.waiting - self.left, 0)


@dataclass(frozen=True, kw_only=True)
class Board:
    demands: Sequence[Demand]
    unserved: int  # waits, and no course serves the indicator
    plans: int  # agreed plans without a class, to be begun

    @property
    def waiting(self) -> int:
        return sum(demand.waiting for demand in self.demands)


def wants_class(cases: QuerySet[TrainingCase]) -> QuerySet[TrainingCase]:
    """People whose remedy is a class, or whose plan names a course."""
    return cases.filter(Q(form=Form.CLASS) | Q(course__isnull=False), officer__isnull=False)


def board(cases: QuerySet[TrainingCase], sessions: QuerySet[ClassSession], clock: Clock) -> Board:
    """Demand against seats, in four reads."""
    courses = list(Course.objects.filter(active=True))
    serving = best_courses(courses)
    counted: Counter[int | None] = Counter()
    wanting = wants_class(cases).order_by()
    for course, focus in wanting.values_list("course_id", "focus"):
        counted[course or serving.get(focus)] += 1
    left, held = _left(sessions, clock)
    demands = [
        Demand(course=course, waiting=counted[course.pk], left=left[course.pk], sessions=held[course.pk])
        for course in courses
        if counted[course.pk] or held[course.pk]
    ]
    demands.sort(key=lambda demand: (-demand.lacking, -demand.waiting, demand.course.code))
    plans = cases.filter(course__isnull=True).exclude(form=Form.CLASS).count()
    return Board(demands=demands, unserved=counted[None], plans=plans)


def _left(sessions: QuerySet[ClassSession], clock: Clock) -> tuple[Counter[int], Counter[int]]:
    left: Counter[int] = Counter()
    held: Counter[int] = Counter()
    for session in open_classes(sessions, clock):
        left[session.course_id] += max(session.seats - session.taken, 0)
        held[session.course_id] += 1
    return left, held


def open_classes(sessions: QuerySet[ClassSession], clock: Clock) -> "QuerySet[SeatedSession]":
    """Classes one can still be placed in, with `taken`."""
    return sessions.filter(ends_on__gte=clock.day).annotate(taken=TAKEN)


def best_courses(courses: Sequence[Course]) -> dict[str, int]:
    """The course for each indicator; of several the one that serves the fewest others."""
    best: dict[str, int] = {}
    for course in sorted(courses, key=lambda course: (len(course.indicators), course.code)):
        for indicator in course.indicators:
            best.setdefault(indicator, course.pk)
    return best


def waiting_for(cases: QuerySet[TrainingCase], course: Course) -> QuerySet[TrainingCase]:
    """The people who wait for a course, the longest wait first."""
    serving = best_courses(list(Course.objects.filter(active=True)))
    served = [indicator for indicator, best in serving.items() if best == course.pk]
    mine = Q(course=course.pk) | Q(course__isnull=True, focus__in=served)
    return wants_class(cases).filter(mine).select_related("officer__unit").order_by("state_since", "pk")
