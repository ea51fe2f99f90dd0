"""Working days and deadlines. Plain Python."""

from dataclasses import dataclass
from typing import Literal

DeadlineUnit = Literal["days", "working_days", "months", "years"]


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A length of time from an event. The day of the event does not count."""

    number: int
    unit: DeadlineUnit = "working_days"
    rolls: bool = False  # a last day that is a holiday moves to the next working day


@dataclass(frozen=True, kw_only=True)
class Calendar:
    pass
