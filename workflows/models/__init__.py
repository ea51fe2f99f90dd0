"""Cases, their history, the work they lay on people, the messages they send, and the calendar."""

from workflows.models.calendar import CalendarDay, CalendarVersion, CalendarYear, LocalDay
from workflows.models.case import Case, CaseReason, TransitionRecord, uuid7, uuid7s
from workflows.models.post import Cause, InboxEntry, InboxMark, OutboxMessage
from workflows.models.work import ItemChange, Notice, WorkItem

__all__ = [
    "CalendarDay",
    "CalendarVersion",
    "CalendarYear",
    "Case",
    "CaseReason",
    "Cause",
    "InboxEntry",
    "InboxMark",
    "ItemChange",
    "LocalDay",
    "Notice",
    "OutboxMessage",
    "TransitionRecord",
    "WorkItem",
    "uuid7",
    "uuid7s",
]
