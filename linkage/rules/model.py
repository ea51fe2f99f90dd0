"""The tree a policy becomes: plain frozen data, without behaviour, Polars or YAML.

Places are not compared: a policy written in Chinese and one written in English are equal when they say the same.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from .refusals import NOWHERE, Place

Part = TypeVar("Part")


def present(part: Part | None) -> Part:
    """A part the parser has seen to."""
    if part is None:
        raise TypeError("a part of the tree is missing")
    return part


@dataclass(frozen=True)
class Length:
    """A stretch of time as written: 12 months, 365 days, 3 cycles."""

    n: int
    unit: str  # days, weeks, months, years, cycles


# numbers


@dataclass(frozen=True)
class Score:
    pass


@dataclass(frozen=True)
class Indicator:
    names: tuple[str, ...]  # ("*",) is every indicator of the scheme
    how: str = "one"  # one, any, each
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Field:
    """A figure or date of the directory."""

    name: str
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Years:
    since: str
    on: str = "as of"  # as of, cycle end
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Served:
    what: str  # unit, post_type, leader
    unit: str = "months"  # days, months, years
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Fact:
    kind: tuple[str, ...]
    level: tuple[str, ...] = ()
    when: str = "ever"  # ever, active, during, overlaps, within, ahead, after, year of
    arg: "Length | Fact | str | None" = None
    total: str = "count"  # count, days, longest, amount, latest
    once_per: str | None = None  # note, level
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Span:
    """Which cycles a quantifier looks at."""

    last: int | None = None  # None with within None: all there are
    before: int = 0
    within: Length | str | None = None  # a length, "year" (calendar year), "cycle" (inside the cycle judged)
    kind: str | None = None  # cycles of another kind, e.g. the months of the year


@dataclass(frozen=True)
class Worth:
    this: "Condition"
    value: Fraction


@dataclass(frozen=True)
class Periods:
    """A quantifier over cycles: each, none and some are conditions; the others are numbers."""

    span: Span
    how: str  # each, none, some, count, share, run, worth, sum, mean, min, max
    test: "Condition | None" = None
    number: "Number | None" = None  # of sum, mean, min, max
    worth: tuple[Worth, ...] = ()
    after: Fact | None = None
    gaps: tuple[tuple[str, str], ...] = ()
    same: str | None = None
    at: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def asked(self) -> "Condition":
        """The condition put to each cycle, of those that have one."""
        if self.test is None:
            raise TypeError(f"{self.how} puts no condition")
        return self.test


Number = Score | Indicator | Field | Years | Served | Fact | Periods


@dataclass(frozen=True)
class Operand:
    """What a number is compared with: a constant, the same number earlier, or the peers' middle, times and plus."""

    constant: Fraction | None = None
    before: int | None = None
    peers: tuple[str, str] | None = None  # (median|mean, peer group)
    plus: Fraction = Fraction(0)
    times: Fraction = Fraction(1)
    written: str = field(default="", compare=False)  # 50% and 1/2 are the same number, said as written
    at: Place = field(default=NOWHERE, compare=False, repr=False)


# conditions


@dataclass(frozen=True)
class All:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class AnyOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    part: "Condition"


@dataclass(frozen=True)
class Met:
    """The conditions of another rule, put in place once all rules are read."""

    rule: str
    part: "Condition" = All(())
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Grade:
    op: str
    values: tuple[str, ...]
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Status:
    values: tuple[str, ...]


@dataclass(frozen=True)
class Compare:
    number: Number
    op: str
    operand: Operand


@dataclass(frozen=True)
class Rank:
    side: str  # top, bottom
    share: Fraction | None
    places: int | None
    of: Number
    among: str | None
    members: int = 1
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Profile:
    name: str
    values: tuple[str, ...]
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Post:
    name: str
    values: tuple[str, ...]
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Above:
    """A condition put to the subject's unit, or to that unit's parent."""

    what: str  # unit, parent
    part: "Condition"


@dataclass(frozen=True)
class Decision:
    of: tuple[str, ...]  # rule ids, kinds of outcome or whole outcomes
    run: bool = False
    within: Length | None = None
    ended: tuple[str, ...] = ()
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Sequence:
    steps: "tuple[Condition, ...]"
    within: Length
    apart: Length | None = None


Condition = (
    All | AnyOf | Not | Met | Grade | Status | Compare | Rank | Profile | Post | Above | Decision | Sequence | Periods
)

# rules


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
class Seats:
    per: str  # branch, unit, bureau
    share: Fraction
    out_of: str  # graded, listed
    order: tuple[Key, ...]
    floors: tuple[Floor, ...] = ()


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
