"""What the training linkage keeps: its cases, courses and classes, enrollment lists, and plans."""

from training.models.case import RANK, TITLES, Cause, Form, Outcome, Result, TrainingCase
from training.models.course import ClassSession, Course, Enrollment, EnrollmentList
from training.models.plan import CheckIn, Feeling, Goal

__all__ = [
    "RANK",
    "TITLES",
    "Cause",
    "CheckIn",
    "ClassSession",
    "Course",
    "Enrollment",
    "EnrollmentList",
    "Feeling",
    "Form",
    "Goal",
    "Outcome",
    "Result",
    "TrainingCase",
]
