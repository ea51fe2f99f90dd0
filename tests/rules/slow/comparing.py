"""Yes, no and unknown; figures that are equal when nearer than a thousand millionth."""

from collections.abc import Iterable
from fractions import Fraction

NEAR = Fraction(1, 10**9)

Answer = bool | None


def every(answers: Iterable[Answer]) -> Answer:
    said = list(answers)
    return False if False in said else None if None in said else True


def some(answers: Iterable[Answer]) -> Answer:
    said = list(answers)
    return True if True in said else None if None in said else False


def opposite(answer: Answer) -> Answer:
    return None if answer is None else not answer


def fraction(text: str) -> Fraction:
    return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)


def compared(op: str, one: Fraction | None, other: Fraction | None) -> Answer:
    if one is None or other is None:
        return None
    apart = one - other
    return {
        "at least": apart >= -NEAR,
        "at most": apart <= NEAR,
        "above": apart > NEAR,
        "below": apart < -NEAR,
        "is": abs(apart) <= NEAR,
    }[op]
