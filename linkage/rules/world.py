"""What a policy is put to: long frames of results, facts, postings and the directory."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from .calendar import Calendar

OFFICER, UNIT = "officer", "unit"
SCHEME_OF_UNITS = "单位"  # the name under which a scheme weighs the indicators of units


@dataclass(frozen=True)
class Ground:
    """All a plan needs before any data is read: the calendar, the schemes, the directory's fields with their types."""

    calendar: Calendar
    schemes: Mapping[str, tuple[str, ...]]  # post type -> indicators, in the scheme's order
    officer_fields: Mapping[str, pl.DataType]
    unit_fields: Mapping[str, pl.DataType]

    @property
    def indicators(self) -> list[str]:
        return sorted({name for names in self.schemes.values() for name in names})

    def fields(self, who: str) -> Mapping[str, pl.DataType]:
        return self.unit_fields if who == UNIT else self.officer_fields


@dataclass(frozen=True)
class World:
    """The frames of one bureau. `subject` is the key of an officer or unit: text or whole numbers, one type throughout.

    officers: subject, badge, and the directory's fields (name, born_on, joined_on, ...)
    units: subject, code, branch (the key of the unit above), kind, peer_group, ...
    postings: subject, unit (its key), post_type, is_leader (Boolean), from, to (both included; null is open)
    cycles: code, kind, starts_on, ends_on
    facts: who (officer or unit), subject, kind, level, from, to, recorded_on, note, amount
    results: (who, cycle) -> subject, status, score, grade, recorded_on and a column per indicator, in file order
    decisions: of earlier runs: who, rule, subject, status, outcome, decided_on, ended, cycle (its code)
    """

    officers: pl.DataFrame
    units: pl.DataFrame
    postings: pl.DataFrame
    cycles: pl.DataFrame
    facts: pl.DataFrame
    schemes: Mapping[str, tuple[str, ...]]
    results: Mapping[tuple[str, str], pl.DataFrame]
    decisions: pl.DataFrame | None = None
    ground: Ground = field(init=False, compare=False)

    def __post_init__(self) -> None:
        ground = Ground(Calendar.of_frame(self.cycles), self.schemes, self.officers.schema, self.units.schema)
        object.__setattr__(self, "ground", ground)

    @property
    def key(self) -> pl.DataType:
        """The type of a subject's key."""
        return self.officers.schema["subject"]

    def directory(self, who: str) -> pl.DataFrame:
        return self.units if who == UNIT else self.officers
