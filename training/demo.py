"""Classes for trying the sample bureau: one for each course that somebody may need, in the weeks to come."""

from datetime import date, timedelta

from people.models import Unit
from training.models import ClassSession, Course

TRAINING_OFFICE = "TR"  # the sample's training department
WEEKS = (2, 4, 7)  # from today to the Monday of the class
SEATS = 30
DAYS = {16: 2, 24: 3, 40: 5}  # hours of a course: days it lasts


def office() -> Unit | None:
    return Unit.objects.filter(code=TRAINING_OFFICE).first()


def hold_classes(unit: Unit, today: date) -> int:
    """Add what is missing, and say how many classes that were. A course with classes keeps them as they are."""
    courses = Course.objects.filter(active=True, sessions__isnull=True).order_by("code")
    classes = [_class(course, number, unit, today) for course in courses for number in range(1, len(WEEKS) + 1)]
    return len(ClassSession.objects.bulk_create(classes, ignore_conflicts=True))


def _class(course: Course, number: int, unit: Unit, today: date) -> ClassSession:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=WEEKS[number - 1])
    return ClassSession(
        course=course,
        number=number,
        starts_on=monday,
        ends_on=monday + timedelta(days=DAYS.get(course.hours, 5) - 1),
        place="市局训练基地",
        seats=SEATS,
        unit=unit,
    )
