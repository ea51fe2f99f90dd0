"""Conditions that cannot hold together, and conditions that hold whenever another does: without data, in simple cases.

Only what is sure is said: where nothing is known of two conditions, they may hold together, and neither follows.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from . import model as m

ALTERNATIVES: Final = 200  # how many ways of meeting `any` are tried
COUNTED: Final = ("count", "days", "longest")
Scale = Sequence[str]


def impossible(tree: m.Condition, scale: Scale) -> bool:
    """Whether no subject can ever meet it; grades are read on this scale, best first."""
    ways = list(_ways([tree], []))
    return len(ways) <= ALTERNATIVES and all(_clash(leaves, scale) for leaves in ways)


def _ways(trees: list[m.Condition], leaves: list[m.Condition], most: int = ALTERNATIVES) -> Iterator[list[m.Condition]]:
    """The ways to meet them all, each as the leaves that must hold; one more than are tried at the most."""
    if not trees:
        yield leaves
        return
    tree, rest = trees[0], trees[1:]
    if isinstance(tree, m.AnyOf):
        found = 0
        for part in tree.parts:
            for way in _ways([part, *rest], leaves, most):
                found += 1
                yield way
                if found > most:
                    return
    elif isinstance(tree, m.All):
        yield from _ways([*tree.parts, *rest], leaves, most)
    elif isinstance(tree, m.Met):
        yield from _ways([tree.part, *rest], leaves, most)
    else:
        yield from _ways([*now(tree), *rest], [*leaves, tree], most)


def now(tree: m.Condition) -> list[m.Condition]:
    """What a quantifier over every cycle up to this one says of this cycle."""
    if not isinstance(tree, m.Periods) or tree.how != "each" or tree.test is None:
        return []
    here = tree.span.last is not None and not tree.span.before and tree.span.kind is None
    return [tree.test] if here and not tree.gaps else []


def _clash(leaves: list[m.Condition], scale: Scale) -> bool:
    return any(_empty(leaf, scale) for leaf in leaves) or any(
        _exclude(a, b, scale) for i, a in enumerate(leaves) for b in leaves[i + 1 :]
    )


def _exclude(a: m.Condition, b: m.Condition, scale: Scale) -> bool:
    """Whether the two cannot hold together."""
    if isinstance(a, m.Not) or isinstance(b, m.Not):
        return _denies(a, b, scale) or _denies(b, a, scale)
    if isinstance(a, m.Grade) and isinstance(b, m.Grade):
        return not grades(a, scale) & grades(b, scale)
    if isinstance(a, m.Status | m.Grade) and isinstance(b, m.Status | m.Grade):
        return not _statuses(a) & _statuses(b)
    if isinstance(a, m.Profile | m.Post) and type(a) is type(b) and a.name == b.name:
        return not set(a.values) & set(b.values)
    if isinstance(a, m.Compare) and isinstance(b, m.Compare) and a.number == b.number and _one_figure(a.number):
        return not _meet(interval(a), interval(b))
    return False


def _statuses(tree: m.Status | m.Grade) -> set[str]:
    return set(tree.values) if isinstance(tree, m.Status) else {"graded"}


def _denies(a: m.Condition, b: m.Condition, scale: Scale) -> bool:
    """a is `not X`, and X holds whenever b does."""
    return isinstance(a, m.Not) and implies(b, a.part, scale)


def grades(tree: m.Grade, scale: Scale) -> set[str]:
    """The grades of the scale that meet it."""
    if tree.op == "is":
        return set(tree.values)
    if tree.values[0] not in scale:
        return set(tree.values)
    place = scale.index(tree.values[0])
    return set(
        {
            "at least": scale[: place + 1],
            "above": scale[:place],
            "at most": scale[place:],
            "below": scale[place + 1 :],
        }[tree.op]
    )


Ends = tuple[Fraction | None, bool, Fraction | None, bool]  # low, whether it counts, high, whether it counts


def interval(tree: m.Compare) -> Ends:
    """Between which figures the number must lie."""
    figure = tree.operand.constant
    if figure is None:
        return None, False, None, False
    return {
        "at least": (figure, True, None, False),
        "above": (figure, False, None, False),
        "at most": (None, False, figure, True),
        "below": (None, False, figure, False),
        "is": (figure, True, figure, True),
    }[tree.op]


def _meet(a: Ends, b: Ends) -> bool:
    """Whether there is a figure in both."""
    for (low, with_low), (high, with_high) in (((a[0], a[1]), (b[2], b[3])), ((b[0], b[1]), (a[2], a[3]))):
        if low is None or high is None:
            continue
        if low > high or (low == high and not (with_low and with_high)):
            return False
    return True


def _empty(tree: m.Condition, scale: Scale) -> bool:
    """A leaf that nothing meets by itself."""
    if isinstance(tree, m.Grade):
        return not grades(tree, scale)
    if isinstance(tree, m.Periods) and tree.how in ("each", "some") and tree.test is not None:
        return tree.span.kind is None and not tree.gaps and impossible(tree.test, scale)
    return isinstance(tree, m.Compare) and not _meet(interval(tree), _natural(tree.number))


def _natural(number: m.Number) -> Ends:
    """Within what a number always lies: counts are never below zero, shares not above one."""
    zero, none = Fraction(0), (None, False, None, False)
    if isinstance(number, m.Fact):
        return (zero, True, None, False) if number.total in COUNTED else none
    if isinstance(number, m.Periods) and number.how in ("count", "run", "share"):
        most = Fraction(1) if number.how == "share" else None
        return (zero, True, most, most is not None)
    return (zero, True, None, False) if isinstance(number, m.Decided | m.Served) else none


def _one_figure(number: m.Number) -> bool:
    """Any of several indicators may be low while another is high."""
    return not isinstance(number, m.Indicator) or number.how == "one"


def implies(a: m.Condition, b: m.Condition, scale: Scale) -> bool:
    """Whether b holds wherever a does."""
    if a == b:
        return True
    if isinstance(a, m.Met) or isinstance(b, m.Met):
        return implies(a.part if isinstance(a, m.Met) else a, b.part if isinstance(b, m.Met) else b, scale)
    if isinstance(b, m.All) or isinstance(a, m.AnyOf):
        return all(implies(x, y, scale) for x, y in _apart(a, b, isinstance(b, m.All)))
    if isinstance(a, m.All) or isinstance(b, m.AnyOf):
        return any(implies(x, y, scale) for x, y in _apart(a, b, not isinstance(a, m.All)))
    return _leaf_implies(a, b, scale) or any(implies(part, b, scale) for part in now(a))


def _apart(a: m.Condition, b: m.Condition, of_b: bool) -> list[tuple[m.Condition, m.Condition]]:
    """One of the two taken apart."""
    parts = b if of_b else a
    found = parts.parts if isinstance(parts, m.All | m.AnyOf) else ()
    return [(a, part) if of_b else (part, b) for part in found]


def _leaf_implies(a: m.Condition, b: m.Condition, scale: Scale) -> bool:
    if isinstance(a, m.Grade) and isinstance(b, m.Grade):
        return grades(a, scale) <= grades(b, scale)
    if isinstance(a, m.Profile | m.Post) and type(a) is type(b) and a.name == b.name:
        return set(a.values) <= set(b.values)
    if (
        isinstance(a, m.Compare)
        and isinstance(b, m.Compare)
        and a.number == b.number
        and b.operand.constant is not None
    ):
        return _inside(interval(a), interval(b))
    if isinstance(a, m.Periods) and isinstance(b, m.Periods):
        return _longer(a, b, scale)
    return False


def _inside(a: Ends, b: Ends) -> bool:
    low = b[0] is None or (a[0] is not None and (a[0] > b[0] or (a[0] == b[0] and (b[1] or not a[1]))))
    high = b[2] is None or (a[2] is not None and (a[2] < b[2] or (a[2] == b[2] and (b[3] or not a[3]))))
    return low and high


def _longer(a: m.Periods, b: m.Periods, scale: Scale) -> bool:
    """Each of the last three is each of the last two."""
    if a.how != "each" or b.how != "each" or a.test is None or b.test is None or a.gaps or b.gaps:
        return False
    plain = (a.span.before, a.span.kind, a.after, a.same) == (b.span.before, b.span.kind, b.after, b.same)
    spans = a.span.last is not None and b.span.last is not None and a.span.last >= b.span.last
    return plain and spans and implies(a.test, b.test, scale)
