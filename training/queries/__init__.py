"""What the pages of training ask for."""

from training.queries.catalogue import (
    coming_sessions,
    course_for,
    courses_for,
    draft_goals,
    place_inputs,
)

__all__ = [
    "coming_sessions",
    "course_for",
    "courses_for",
    "draft_goals",
    "place_inputs",
]
