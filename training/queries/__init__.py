"""What the pages of training ask for."""

from training.queries.catalogue import (
    course_for,
    courses_for,
    draft_goals,
    latest_figure,
    place_inputs,
)
from training.queries.classes import ClassPage, class_page, classes, roster, seats
from training.queries.demand import board, open_classes, waiting_for
from training.queries.plans import NOTING, Plan, my_plan, plan

__all__ = [
    "NOTING",
    "ClassPage",
    "Plan",
    "board",
    "class_page",
    "classes",
    "course_for",
    "courses_for",
    "draft_goals",
    "latest_figure",
    "my_plan",
    "open_classes",
    "place_inputs",
    "plan",
    "roster",
    "seats",
    "waiting_for",
]
