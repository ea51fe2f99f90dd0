"""The trees of conditions and numbers: plain frozen data, without behaviour, Polars or YAML.

Places are not compared: a policy written in Chinese and one written in English are equal when they say the same.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, TypeVar

from .refusals import NOWHERE, Place

Part = TypeVar("Part")
HALF: Final = Fraction(1, 2)


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
    arg: "Length | Fact | Decision | str | None" = None
    total: str = "count"  # count, days, longest, amount, latest
    once_per: str | None = None  # note, level
    before: int = 0  # of `year of`: how many personal years earlier
    amount: tuple[tuple[str, Fraction], ...] = ()  # only rows whose own amount compares so
    lasts: tuple[tuple[str, Length], ...] = ()  # how long a row without an end goes on, by level ("" is any level)
    added: Length | None = None  # terms that overlap are added up, to at most so much
    exempt: "Fact | None" = None  # rows with the same cause as one of these do not count
    same: str | None = None  # cause: of a fact the rule fires for; focus: what the decision is about
    like: "tuple[Fact, ...]" = ()  # the facts the rule fires for, found once it is read
    rule: str = ""  # whose focus
    expired: bool = False  # of `after`: from the day it ended, not the day it began
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Span:
    """Which cycles a quantifier looks at."""

    last: int | None = None  # None with within None: all there are
    before: int = 0
    within: Length | str | None = None  # a length, "year" (calendar year), "cycle" (inside the cycle judged)
    kind: str | None = None  # cycles of another kind, e.g. the months of the year
    year_of: str | None = None  # those that end in the personal year from this day of the directory


@dataclass(frozen=True)
class Worth:
    this: "Condition"
    value: Fraction


@dataclass(frozen=True)
class Gap:
    """What a rule does with a kind of gap; the two kinds that have figures also say when a period is one."""

    kind: str  # ungraded, pending, absent, unmeasured, back-filled, part year
    way: str  # break, skip, pass, previous, wait, as is
    late: Length | None = None  # back-filled: recorded later than so long after the cycle's end
    share: Fraction | None = None  # part year: less than this share of the cycle's days served
    without: "Fact | None" = None  # part year: days of these facts are not served


@dataclass(frozen=True)
class Periods:
    """A quantifier over cycles: each, none and some are conditions; the others are numbers."""

    span: Span
    how: str  # each, none, some, from, count, share, run, worth, sum, mean, min, max, balance
    test: "Condition | None" = None
    number: "Number | None" = None  # of sum, mean, min, max, balance
    worth: tuple[Worth, ...] = ()
    after: "Fact | Decision | None" = None
    gaps: "tuple[Gap, ...]" = ()
    same: str | None = None
    until: "Condition | None" = None  # of from: what ends the state
    low: Fraction | None = None  # of balance: what it is kept between
    high: Fraction | None = None
    at: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def asked(self) -> "Condition":
        """The condition put to each cycle, of those that have one."""
        if self.test is None:
            raise TypeError(f"{self.how} puts no condition")
        return self.test

    @property
    def summed(self) -> "Number":
        """The number taken of each cycle, of those that have one."""
        if self.number is None:
            raise TypeError(f"{self.how} has no number")
        return self.number


@dataclass(frozen=True)
class Constant:
    value: Fraction


@dataclass(frozen=True)
class Reckoned:
    """Several numbers added up or multiplied."""

    how: str  # add, multiply
    parts: "tuple[Number, ...]"


@dataclass(frozen=True)
class Limit:
    """A number kept between two figures."""

    of: "Number"
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Table:
    """The figures a table gives for the levels of facts, a field, or the grade; of several the one picked."""

    of: "Fact | Lookup"
    values: tuple[tuple[str, Fraction], ...]
    pick: str = "highest"  # highest, lowest, sum
    otherwise: Fraction | None = None
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Lookup:
    """What a table is looked up by: a field of the directory or posting, or the grade."""

    what: str  # profile, post, grade
    name: str = ""
    at: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Decided:
    """How many earlier decisions there are."""

    decision: "Decision"


Number = Score | Indicator | Field | Years | Served | Fact | Periods | Constant | Reckoned | Limit | Table | Decided


@dataclass(frozen=True)
class Operand:
    """What a number is compared with: a constant, the same number earlier, or the peers' middle, times and plus."""

    constant: Fraction | None = None
    before: int | None = None
    peers: tuple[str, str] | None = None  # (median|mean, peer group)
    number: "Number | None" = None  # another number of the same subject
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
