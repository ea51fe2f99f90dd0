"""The tree a policy becomes: rules, quotas, peers and parameters around the trees of conditions and numbers.

Places are not compared: a policy written in Chinese and one written in English are equal when they say the same.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .refusals import NOWHERE, Place
from .trees import (
    HALF,
    Above,
    All,
    AnyOf,
    Compare,
    Condition,
    Constant,
    Decided,
    Decision,
    Fact,
    Field,
    Gap,
    Grade,
    Indicator,
    Length,
    Limit,
    Lookup,
    Met,
    Not,
    Number,
    Operand,
    Part,
    Periods,
    Post,
    Profile,
    Rank,
    Reckoned,
    Score,
    Sequence,
    Served,
    Span,
    Status,
    Table,
    Worth,
    Years,
    present,
)

__all__ = [
    "HALF",
    "Above",
    "All",
    "AnyOf",
    "Band",
    "Basis",
    "Compare",
    "Condition",
    "Constant",
    "Decided",
    "Decision",
    "Dose",
    "Fact",
    "Field",
    "Floor",
    "Gap",
    "Gate",
    "Grade",
    "Indicator",
    "Key",
    "Ladder",
    "Length",
    "Limit",
    "Lookup",
    "Met",
    "Not",
    "Number",
    "Operand",
    "Param",
    "Part",
    "Peers",
    "Periods",
    "Policy",
    "Post",
    "Profile",
    "Quota",
    "Rank",
    "Reckoned",
    "Rule",
    "Score",
    "Seats",
    "Sequence",
    "Served",
    "Span",
    "Status",
    "Table",
    "Title",
    "Validity",
    "Worth",
    "Years",
    "present",
]


@dataclass(frozen=True)
class Gate:
    status: str  # blocked, held
    part: Condition
    unless: Condition | None = None


@dataclass(frozen=True)
class Floor:
    """A share that holds where a condition does: a floor of seats, or a lifted quota."""

    when: Condition
    share: Fraction


@dataclass(frozen=True)
class Key:
    way: str  # highest, lowest
    number: Number


@dataclass(frozen=True)
class Band:
    """How many of a group may get in: a share of its people or of a figure of its unit, or a number."""

    per: str  # branch, unit, bureau
    share: Fraction | None = None
    number: "Number | None" = None  # put to the group's unit; of the share: what it is a share of
    out_of: str = "graded"  # graded, listed, number
    rounding: str = "down"  # down, up, half
    taken: Condition | None = None  # who of the group sits on such a seat already
    when: Condition | None = None  # whom it limits; all, where nothing is said

    @property
    def figure(self) -> Number:
        if self.number is None:
            raise TypeError("this band has no number")
        return self.number


@dataclass(frozen=True)
class Seats:
    band: Band
    order: tuple[Key, ...]
    floors: tuple[Floor, ...] = ()
    bands: tuple[Band, ...] = ()  # those nested inside, which also must have room; the innermost first

    @property
    def per(self) -> str:
        return self.band.per


@dataclass(frozen=True)
class Ladder:
    by: Number
    rungs: tuple[tuple[int, str], ...]  # (from, outcome), lowest first


@dataclass(frozen=True)
class Dose:
    unit: str
    by: Number
    first: Fraction
    step: Fraction
    cap: Fraction | None = None


@dataclass(frozen=True)
class Basis:
    doc: str
    article: str = ""
    text: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.doc, self.article, self.text) if part)


@dataclass(frozen=True)
class Validity:
    """From included, until not; compared with the cycle's last day."""

    start: dt.date | None = None
    until: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Title:
    zh: str
    en: str


@dataclass(frozen=True)
class Rule:
    id: str
    title: Title
    subject: str  # officer, unit
    cycle: str  # annual, quarterly, monthly, any
    when: Condition
    outcome: str
    population: str = "graded"
    gates: tuple[Gate, ...] = ()
    seats: Seats | None = None
    focus: str | None = None  # weakest, failing, or a name
    to: tuple[str, str] | None = None  # (leader|members, throughout|cycle end) or (unit, children|descendants)
    ladder: Ladder | None = None
    dose: Dose | None = None
    basis: tuple[Basis, ...] = ()
    clauses: tuple[str, ...] = ()
    valid: Validity = Validity()
    at: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def reached(self) -> str:
        """On whom the decision falls: officer or unit."""
        return "officer" if self.to and self.to[0] in ("leader", "members") else self.subject

    @property
    def outcomes(self) -> tuple[str, ...]:
        return tuple(word for _, word in self.ladder.rungs) if self.ladder else (self.outcome,)


@dataclass(frozen=True)
class Quota:
    id: str
    title: Title
    cycle: str
    test: Condition
    per: str
    share: Fraction
    out_of: str
    lifted: tuple[Floor, ...] = ()
    rounding: str = "down"
    basis: tuple[Basis, ...] = ()
    clauses: tuple[str, ...] = ()
    valid: Validity = Validity()
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Peers:
    subject: str  # officer, unit
    same: tuple[str, ...]
    title: Title | None = None
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Param:
    value: str
    local: bool = False
    text: str = ""
    low: str = ""  # the range of a local value
    high: str = ""
    tighten: str = ""  # up or down: the way a branch may go from the value above it
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Policy:
    id: str
    title: Title
    version: str
    grades: Mapping[str, tuple[str, ...]]  # best first
    peers: Mapping[str, Peers]
    rules: Mapping[str, Rule]
    quotas: Mapping[str, Quota]
    params: Mapping[str, Param] = field(default_factory=dict)
    source: str = field(default="", compare=False, repr=False)  # the text it was read from
