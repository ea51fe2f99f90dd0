"""Cases, their history, the work they lay on people, the messages they send, and the calendar."""

from workflows.models.calendar import CalendarDay, CalendarVersion, CalendarYear, LocalDay
from workflows.models.case import Case, CaseReason, TransitionRecord, uuid7, uuid7s
from workflows.models.channels import (
    AllowedAddress,
    CalendarEntry,
    Channel,
    DeskChoice,
    Parcel,
    PersonalChoice,
    Receipt,
    ReceivedMessage,
    RefusedAddress,
)
from workflows.models.jobs import Canary, Job, JobFile, JobPiece, JobState, Slot
from workflows.models.post import Cause, InboxEntry, InboxMark, OutboxMessage
from workflows.models.work import ItemChange, Notice, WorkItem

__all__ = [
    "AllowedAddress",
    "CalendarDay",
    "CalendarEntry",
    "CalendarVersion",
    "CalendarYear",
    "Canary",
    "Case",
    "CaseReason",
    "Cause",
    "Channel",
    "DeskChoice",
    "InboxEntry",
    "InboxMark",
    "ItemChange",
    "Job",
    "JobFile",
    "JobPiece",
    "JobState",
    "LocalDay",
    "Notice",
    "OutboxMessage",
    "Parcel",
    "PersonalChoice",
    "Receipt",
    "ReceivedMessage",
    "RefusedAddress",
    "Slot",
    "TransitionRecord",
    "WorkItem",
    "uuid7",
    "uuid7s",
]
