"""Days and lengths of time as the civil code counts them."""

import calendar
from datetime import date, timedelta


def moved(day: date, length: str, sign: int) -> date:
    """The day so long before or after; a day the month does not have becomes its last."""
    n, unit = length.split()
    n, unit = sign * int(n), unit.rstrip("s")
    if unit in ("day", "week"):
        return day + timedelta(days=n * {"day": 1, "week": 7}[unit])
    months = day.year * 12 + day.month - 1 + n * {"month": 1, "year": 12}[unit]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def birthday(since: date, years: int) -> date:
    """The day on which so many years are complete: whoever began on 29 February waits for 1 March."""
    try:
        return since.replace(year=since.year + years)
    except ValueError:
        return date(since.year + years, 3, 1)


def full_years(since: date, day: date) -> int:
    years = 0
    while birthday(since, years + 1) <= day:
        years += 1
    return years


def full_months(since: date, day: date) -> int:
    months = 0
    while moved(since, f"{months + 1} months", 1) <= day:
        months += 1
    return months
