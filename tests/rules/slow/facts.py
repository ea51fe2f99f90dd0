"""Facts: which of them a window lets through, and the figure made of them."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from .bureau import Fact, Known
from .comparing import compared
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
    mine = [_lasting(fact, tree.get("lasts")) for fact in mine if _amounts(fact, tree.get("amount", {}))]
    inside = _inside_window(known, tree, mine, (who, subject, code))
    if "exempt" not in tree:
        return inside
    excused = {fact.note for fact in found(known, tree["exempt"]["fact"], who, subject, code)} - {""}
    return [fact for fact in inside if fact.note not in excused]


def _lasting(fact: Fact, lasts: Any) -> Fact:
    """A fact without an end gets the one its level sets."""
    length = lasts.get(fact.level) if isinstance(lasts, dict) else lasts
    return replace(fact, end=moved(fact.start, length, 1)) if length and fact.end is None else fact


def _amounts(fact: Fact, asked: dict[str, str]) -> bool:
    """Its own amount compares so; without one it does not."""
    amount = None if fact.amount is None else Fraction(fact.amount)
    return all(compared(op, amount, Fraction(figure)) is True for op, figure in asked.items())


def _inside_window(known: Known, tree: dict[str, Any], mine: list[Fact], of: tuple[str, str, str]) -> list[Fact]:
    who, subject, code = of
    when = window(tree)
    if when == "after":
        latest = latest_of(known, tree["after"], who, subject, code)
        return [fact for fact in mine if latest is not None and latest < fact.start <= known.day]
    if when == "year of":
        since = known.directory(who)[subject].get(tree["year of"])
        before = int(tree.get("before", "0"))
        return [
            fact
            for fact in mine
            if since and in_personal_year(since, known.day, before, fact.start) and fact.start <= known.day
        ]
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


def in_personal_year(since: date, day: date, before: int, other: date) -> bool:
    """Whether the other day lies in the personal year that holds the day, or in one so many before it."""
    years = full_years(since, day) - before
    return birthday(since, years) <= other < birthday(since, years + 1)


def decisions(known: Known, tree: dict[str, Any], who: str, subject: str) -> list[dict[str, Any]]:
    """Open or held decisions of earlier runs of that rule, kind or outcome."""
    return [
        row
        for row in known.bureau.decisions
        if (row["who"], row["subject"]) == (who, subject) and counts(known, tree, row)
    ]


def counts(known: Known, tree: dict[str, Any], row: dict[str, Any]) -> bool:
    named = any(of in (row["rule"], row["outcome"]) or row["outcome"].startswith(f"{of}:") for of in words(tree["of"]))
    on = row.get("decided_on", known.day)
    young = "within" not in tree or on > moved(known.day, tree["within"], -1)
    ended = "ended" not in tree or row["ended"] in words(tree["ended"])
    return row["status"] in ("open", "held") and named and on <= known.day and young and ended


def latest_of(known: Known, after: dict[str, Any], who: str, subject: str, code: str) -> date | None:
    """The day of the latest fact or decision."""
    if "fact" in after:
        return newest(known, after["fact"], who, subject, code)
    return max((row["decided_on"] for row in decisions(known, after["decision"], who, subject)), default=None)


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
