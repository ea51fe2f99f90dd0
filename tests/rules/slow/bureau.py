"""The rows of a bureau, and what of them is known on a day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple


class Cycle(NamedTuple):
    code: str
    kind: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Row:
    """A result as recorded."""

    who: str
    cycle: str
    subject: str
    status: str
    score: str | None
    grade: str | None
    figures: dict[str, str]
    recorded_on: date


@dataclass(frozen=True)
class Fact:
    who: str
    subject: str
    kind: str
    level: str
    start: date
    end: date | None
    recorded_on: date
    note: str = ""
    amount: str | None = None


@dataclass(frozen=True)
class Posting:
    subject: str
    unit: str
    post_type: str
    is_leader: bool
    start: date
    end: date | None

    def covers(self, first: date, last: date) -> bool:
        return self.start <= first and (self.end is None or self.end >= last)


@dataclass
class Bureau:
    """Officers and units by key, each with the fields of the directory; everything else as rows in file order."""

    officers: dict[str, dict[str, Any]]
    units: dict[str, dict[str, Any]]
    postings: list[Posting]
    cycles: list[Cycle]
    facts: list[Fact]
    results: list[Row]
    schemes: dict[str, tuple[str, ...]]
    decisions: list[dict[str, Any]] = field(default_factory=list)


class Known:
    """The bureau as known on a day."""

    def __init__(self, bureau: Bureau, day: date) -> None:
        self.bureau, self.day = bureau, day
        self.cycles = {cycle.code: cycle for cycle in bureau.cycles}
        self.rows: dict[tuple[str, str, str], Row] = {}
        for row in bureau.results:
            key = (row.who, row.cycle, row.subject)
            if row.recorded_on <= day and not (key in self.rows and self.rows[key].recorded_on > row.recorded_on):
                self.rows[key] = row
        self.facts = [fact for fact in bureau.facts if fact.recorded_on <= day and not self._superseded(fact)]

    def _superseded(self, fact: Fact) -> bool:
        """The same fact, recorded again later (an inquiry that ended)."""
        return any(
            (other.who, other.subject, other.kind, other.level, other.start)
            == (fact.who, fact.subject, fact.kind, fact.level, fact.start)
            and fact.recorded_on < other.recorded_on <= self.day
            for other in self.bureau.facts
        )

    def directory(self, who: str) -> dict[str, dict[str, Any]]:
        return self.bureau.units if who == "unit" else self.bureau.officers

    def row(self, who: str, subject: str, code: str) -> Row | None:
        return self.rows.get((who, code, subject))

    def status(self, who: str, subject: str, code: str) -> str:
        row = self.row(who, subject, code)
        return row.status if row else "absent"

    def graded(self, who: str, code: str) -> Iterator[str]:
        """Everyone graded in a cycle, also those no longer there."""
        return (key[2] for key, row in self.rows.items() if key[:2] == (who, code) and row.status == "graded")

    # the calendar

    def of_kind(self, kind: str) -> list[Cycle]:
        return sorted((cycle for cycle in self.bureau.cycles if cycle.kind == kind), key=lambda cycle: cycle.ends_on)

    def before(self, code: str, n: int) -> str | None:
        """The code n cycles of its kind earlier."""
        codes = [cycle.code for cycle in self.of_kind(self.cycles[code].kind)]
        place = codes.index(code) - n
        return codes[place] if place >= 0 else None

    # postings and units

    def posting(self, officer: str, day: date) -> Posting | None:
        return next((p for p in self.bureau.postings if p.subject == officer and p.covers(day, day)), None)

    def unit_of(self, who: str, subject: str, code: str) -> str | None:
        """An officer's unit on the cycle's last day; a unit is its own."""
        if who == "unit":
            return subject
        posting = self.posting(subject, self.cycles[code].ends_on)
        return posting.unit if posting else None

    def parent(self, unit: str | None) -> str | None:
        return self.bureau.units[unit]["branch"] if unit else None

    def code_of(self, unit: str | None) -> str | None:
        return self.bureau.units[unit]["code"] if unit else None

    def stay(self, officer: str, day: date, what: str) -> date | None:
        """Since when he has been in the unit, post or lead he is in on that day, without a gap."""
        here = self.posting(officer, day)
        if here is None or (what == "leader" and not here.is_leader):
            return None
        while earlier := self.posting(officer, here.start - timedelta(days=1)):
            if not _same(earlier, here, what):
                break
            here = earlier
        return here.start


def _same(one: Posting, other: Posting, what: str) -> bool:
    if what == "leader":
        return one.unit == other.unit and one.is_leader and other.is_leader
    return bool(getattr(one, what) == getattr(other, what))
