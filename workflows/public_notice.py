"""A public notice: so many working days from its publication, wherever the case is meanwhile.

A case keeps the day of publication and not the last day: while a year's holidays are not published yet, that day is
provisional, and it moves with the calendar as any deadline does.
"""

from datetime import date

from workflows import clock
from workflows.calendars import Deadline, Since


def due(begun: date | None, days: int, named: date | None) -> Since | date:
    """What a duty of the notice is due by. `named` is the last day of a notice whose beginning was not kept."""
    last = Since(begun, Deadline(number=days)) if begun else named
    if last is None:
        raise ValueError("the notice was never published")
    return last


def last_day(begun: date | None, days: int, named: date | None) -> date | None:
    """The last day as the calendars stand now; none where nothing was published."""
    return clock.current().due(begun, Deadline(number=days)).day if begun else named
