"""Facts: which of them a window lets through, and the figure made of them."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from .bureau import Fact, Known
from .days import birthday, full_years, moved

WINDOWS = ("active", "during", "overlaps", "within", "ahead", "after", "ever", "year of")


def words(node: Any) -> list[str]:
    return node if isinstance(node, list) else [node]


def window(tree: dict[str, Any]) -> str:
    return next((word for word in WINDOWS if word in tree), "ever")


def found(known: Known, tree: dict[str, Any], who: str, subject: str, code: str) -> list[Fact]:
    """The subject's facts of that kind and level inside the window."""
    mine = [
        fact
        for fact in known.facts
        if (fact.who, fact.subject) == (who, subject)
        and fact.kind in words(tree["kind"])
        and ("level" not in tree or fact.level in words(tree["level"]))
    ]
    when = window(tree)
    if when == "after":
        latest = newest(known, tree["after"]["fact"], who, subject, code)
        return [fact for fact in mine if latest is not None and latest < fact.start <= known.day]
    if when == "year of":
        since = known.directory(who)[subject].get(tree["year of"])
        return [fact for fact in mine if since and _began(since, known.day) <= fact.start <= known.day]
    if when in ("during", "overlaps"):
        first, last = days_of(known, tree[when], code)
        return [fact for fact in mine if _inside(fact, when, first, last)]
    return [fact for fact in mine if _holds(known, fact, when, tree.get(when), code)]


def newest(known: Known, tree: dict[str, Any], who: str, subject: str, code: str) -> date | None:
    facts = found(known, tree, who, subject, code)
    if not tree.get("expired"):
        return max((fact.start for fact in facts), default=None)
    over = [fact.end if fact.end and fact.end <= known.day else date.max for fact in facts]
    return max(over, default=None)


def days_of(known: Known, what: str, code: str) -> tuple[date, date]:
    """The cycle, or this calendar year until today."""
    if what == "year":
        return date(known.day.year, 1, 1), known.day
    return known.cycles[code].starts_on, known.cycles[code].ends_on


def _inside(fact: Fact, window: str, first: date, last: date) -> bool:
    if window == "during":
        return first <= fact.start <= last
    return fact.start <= last and (fact.end is None or fact.end > first)


def _holds(known: Known, fact: Fact, window: str, value: Any, code: str) -> bool:
    day = known.day
    if window == "active":
        on = day if value == "now" else known.cycles[code].ends_on
        return fact.start <= on and (fact.end is None or fact.end > on)
    if window == "within":
        return moved(day, value, -1) < fact.start <= day
    if window == "ahead":
        return day < fact.start <= moved(day, value, 1)
    return fact.start <= day


def _began(since: date, day: date) -> date:
    """The first day of the personal year."""
    return birthday(since, full_years(since, day))


def figure(known: Known, tree: dict[str, Any], who: str, subject: str, code: str) -> Fraction | None:
    """What is made of the facts; nothing is no fact, and no days, but an amount of nothing is unknown."""
    facts = found(known, tree, who, subject, code)
    total = tree.get("total", "count")
    if total == "count":
        causes = {getattr(fact, tree["once per"]) for fact in facts} if "once per" in tree else facts
        return Fraction(len(causes))
    if total in ("days", "longest"):
        lengths = [_days(known, tree, fact, code) for fact in facts]
        return Fraction(sum(lengths) if total == "days" else max(lengths, default=0))
    if total == "latest":
        last = max(enumerate(facts), key=lambda pair: (pair[1].start, pair[1].recorded_on, pair[0]), default=None)
        return Fraction(last[1].amount) if last and last[1].amount is not None else None
    amounts = [Fraction(fact.amount) for fact in facts if fact.amount is not None]
    return sum(amounts, Fraction(0)) if amounts else None


def _days(known: Known, tree: dict[str, Any], fact: Fact, code: str) -> int:
    """From the first day to the end, or to today; of an overlap only the days inside."""
    start, end = fact.start, fact.end or max(known.day, fact.start)
    if "overlaps" in tree:
        first, last = days_of(known, tree["overlaps"], code)
        start, end = max(start, first), min(fact.end or date.max, last + timedelta(days=1))
    return (end - start).days
