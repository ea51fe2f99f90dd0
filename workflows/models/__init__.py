"""Cases, their history, the work they lay on people, the messages they send, and the calendar."""

from workflows.models.calendar import CalendarDay, CalendarYear
from workflows.models.case import Case, CaseReason, TransitionRecord, uuid7, uuid7s
from workflows.models.post import Cause, InboxEntry, InboxMark, OutboxMessage
from workflows.models.work import ItemChange, WorkItem

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "Case",
    "CaseReason",
    "Cause",
    "InboxEntry",
    "InboxMark",
    "ItemChange",
    "OutboxMessage",
    "TransitionRecord",
    "WorkItem",
    "uuid7",
    "uuid7s",
]
