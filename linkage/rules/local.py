"""A branch's own values: only of parameters marked local, within their range, and never looser than what is above."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from . import model as m
from .parse_values import LENGTH, NUMBER, RATIO
from .refusals import PolicyError
from .words import UNITS_ZH

DAYS: Final[dict[str, int | Fraction]] = {
    "days": 1,
    "weeks": 7,
    "months": Fraction(1461, 48),
    "years": Fraction(1461, 4),
    "cycles": 1_000_000,
}


def refuse_loose(name: str, param: m.Param, value: str) -> None:
    """Refuse a value outside the range, or on the wrong side of the one that holds now."""
    if not (param.low or param.high or param.tighten):
        return
    now, new = amount(param.value), amount(value)
    low, high = amount(param.low), amount(param.high)
    if new is None or (low is not None and new < low) or (high is not None and new > high):
        raise PolicyError("local_range", param.at, word=name, low=param.low, high=param.high)
    if now is None or not param.tighten:
        return
    if (new < now) if param.tighten == "up" else (new > now):
        raise PolicyError(f"loosens_{param.tighten}", param.at, word=name, value=value, now=param.value)


def amount(word: str) -> Fraction | None:
    """A number, share or length of time as a figure to compare; None for a word."""
    bare = word[:-1].strip() if word.endswith("%") else word
    if NUMBER.fullmatch(bare):
        return Fraction(bare) / (100 if word.endswith("%") else 1)
    if RATIO.fullmatch(word):
        return Fraction(word)
    length = LENGTH.fullmatch(word)
    return Fraction(length[1]) * DAYS[UNITS_ZH.get(length[2]) or length[2].rstrip("s") + "s"] if length else None


def refuse_looser(policy: m.Policy, values: Mapping[str, str]) -> None:
    """The same, seen from a policy that already holds local values: those of the branch above."""
    for name, value in values.items():
        param = policy.params.get(name)
        if param and param.local and value != param.value:
            refuse_loose(name, param, value)
