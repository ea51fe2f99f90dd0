"""Courses and classes, and what a case is likely to need of them."""

from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, Q, QuerySet
from django_stubs_ext import WithAnnotations

from appraisal.models import Result, ResultStatus
from training.models import ClassSession, Course, Enrollment, TrainingCase


class Seats(TypedDict):
    taken: int


if TYPE_CHECKING:
    SeatedSession = WithAnnotations[ClassSession, Seats]
TAKEN = Count("enrollments", filter=~Q(enrollments__status=Enrollment.Status.LEFT))


def courses_for(indicator: str) -> QuerySet[Course]:
    return Course.objects.filter(active=True, indicators__contains=[indicator])


def course_for(indicator: str) -> Course | None:
    """The course that serves an indicator; of several the one that serves the fewest others."""
    return min(courses_for(indicator), key=lambda course: (len(course.indicators), course.code), default=None)


def place_inputs(session: ClassSession) -> dict[str, Any]:
    """What the step `place` asks of a class."""
    return {"session": session.pk, "course": session.course_id, "until": session.ends_on.isoformat()}


def draft_goals(case: TrainingCase, due: date) -> list[dict[str, Any]]:
    """A first goal: the indicator the case is about, from where it stands now."""
    if not case.focus:
        return []
    baseline = latest_figure(case, case.focus)
    return [{"indicator": case.focus, "baseline": baseline, "target": None, "due": due, "how": ""}]


def latest_figure(case: TrainingCase, indicator: str) -> float | None:
    """The indicator's value in the latest cycle that measured it."""
    results = Result.objects.filter(
        officer=case.officer_id, unit=case.unit_id, status=ResultStatus.GRADED, indicators__has_key=indicator
    )
    latest = results.order_by("-cycle__ends_on", "-recorded_on", "-pk").values_list("indicators", flat=True).first()
    return latest[indicator] if latest else None
