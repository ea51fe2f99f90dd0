"""Numbers made of others: sums, products, limits, tables."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from . import facts

if TYPE_CHECKING:
    from .answers import Answers, At

PICKS = {"highest": max, "lowest": min, "sum": sum}


def number(asking: "Answers", word: str, arg: Any, at: "At") -> Fraction | None:
    if word == "limit":
        figure = asking.number(arg["of"], at)
        return None if figure is None else kept(figure, arg)
    if word == "table":
        return _table(asking, arg, at)
    parts = arg if isinstance(arg, list) else arg["of"]
    figures = [asking.number(part, at) for part in parts]
    known = [figure for figure in figures if figure is not None]
    if word == "multiply":
        return _product(known) if len(known) == len(figures) else None
    constants = [part for part in parts if isinstance(part, str) and part.removeprefix("-")[0].isdigit()]
    speaks = len(known) > len(constants) or len(constants) == len(parts)
    return sum(known, Fraction(0)) if speaks else None


def kept(figure: Fraction, limits: dict[str, Any]) -> Fraction:
    figure = max(figure, Fraction(limits["floor"])) if "floor" in limits else figure
    return min(figure, Fraction(limits["cap"])) if "cap" in limits else figure


def _product(figures: list[Fraction]) -> Fraction:
    out = Fraction(1)
    for figure in figures:
        out *= figure
    return out


def _table(asking: "Answers", arg: dict[str, Any], at: "At") -> Fraction | None:
    """What the words found are worth; of several facts the highest, the lowest or all together."""
    of, values = arg["of"], arg["values"]
    otherwise = Fraction(arg["otherwise"]) if "otherwise" in arg else None
    if of == "grade":
        row = asking.known.row(*at[:3])
        scale = asking.policy["grades"]["unit" if at.who == "unit" else asking.known.cycles[at.code].kind]
        found = [row.grade] if row and row.status == "graded" and row.grade in scale else []
        otherwise = otherwise if found else None
    elif "fact" in of:
        found = [fact.level for fact in facts.found(asking.known, of["fact"], *at[:3])]
    elif "profile" in of:
        found = [asking.known.directory(at.who)[at.subject][of["profile"]]]
    else:
        found = [asking.posted(of["post"], at)]
    worth = [Fraction(values[word]) for word in found if word in values]
    return Fraction(PICKS[arg.get("pick", "highest")](worth)) if worth else otherwise
