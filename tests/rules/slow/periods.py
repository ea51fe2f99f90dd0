"""The quantifier over cycles: which cycles are looked at, which are hits, and what is made of them."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from . import facts
from .days import moved
from .made import kept

if TYPE_CHECKING:
    from .answers import Answer, Answers, At

HOWS = ("each", "none", "some", "from", "count", "share", "run", "worth", "balance", "sum", "mean", "min", "max")
FIGURES = ("sum", "mean", "min", "max", "balance")


def how_of(tree: dict[str, Any]) -> str:
    return next(how for how in HOWS if how in tree)


def span(asking: "Answers", tree: dict[str, Any], code: str) -> list[str | None]:
    """The cycles, newest first; None stands for one before the calendar begins."""
    here = asking.known.cycles[code]
    codes = [c.code for c in asking.known.of_kind(tree.get("kind", here.kind)) if c.ends_on <= here.ends_on][::-1]
    last, within = fixed(tree), tree.get("within")
    if within and last is None:
        codes = [code for code in codes if _is_within(asking, code, within, here)]
    codes = codes[int(tree.get("before", "0")) :]
    return codes if last is None else [*codes, *[None] * last][:last]


def fixed(tree: dict[str, Any]) -> int | None:
    """How many cycles are asked for, where it is a number of cycles."""
    if tree.get("last", "all") != "all":
        return int(tree["last"])
    n, *unit = tree.get("within", "").split(" ")
    return int(n) if unit and unit[0].startswith("cycle") else None


def _is_within(asking: "Answers", code: str, within: str, here: Any) -> bool:
    ends_on = asking.known.cycles[code].ends_on
    if within == "year":
        return bool(ends_on.year == here.ends_on.year)
    if within == "cycle":
        return bool(ends_on >= here.starts_on)
    return bool(ends_on > moved(here.ends_on, within, -1))


def looked_at(asking: "Answers", tree: dict[str, Any], at: "At") -> list["At | None"]:
    """Without the gaps that are skipped; `last: n` then reaches further back, n cycles at most."""
    codes = span(asking, tree, at.code)
    skips = [kind for kind, way in tree.get("gaps", {}).items() if way == "skip"]
    wanted = len(codes)
    if skips and fixed(tree) is not None:
        oldest = codes[-1] if codes else None
        codes += [asking.known.before(oldest, i + 1) if oldest else None for i in range(wanted)]
    places = [at.to(code) if code else None for code in codes]
    gaps = {place: _gap(asking, tree, place) for place in places if place} if skips else {}
    asking.seen.update((f"gap {gap}: skip", None) for gap in gaps.values() if gap in skips)
    return [place for place in places if place is None or gaps.get(place) not in skips][:wanted]


def _gap(asking: "Answers", tree: dict[str, Any], at: "At") -> str:
    """What kind of gap the period is, or graded; unmeasured where what is asked has no answer."""
    status = asking.known.status(*at[:3])
    how = how_of(tree)
    if status != "graded" or how == "worth":
        return status
    known = asking.number(tree[how], at) if how in FIGURES else asking.holds(tree[how], at)
    return "unmeasured" if known is None else status


def hit(asking: "Answers", tree: dict[str, Any], test: Any, at: "At | None", back: int = 3) -> bool:
    """Whether the period counts; a gap does not, unless the rule says otherwise."""
    if at is None:
        return False
    answer = asking.holds(test, at)
    status = asking.known.status(*at[:3])
    gap = "unmeasured" if status == "graded" and answer is None else status
    way = tree.get("gaps", {}).get(gap)
    asking.seen[f"gap {gap}: {way}", answer] += 1
    if way in ("pass", "break"):
        answer = way == "pass"
    elif way == "wait":
        answer = at.wait
    elif way == "previous":
        code = asking.known.before(at.code, 1)
        answer = back > 0 and hit(asking, tree, test, at.to(code) if code else None, back - 1)
    return answer is True and is_after(asking, tree, at)


def is_after(asking: "Answers", tree: dict[str, Any], at: "At") -> bool:
    if "after" not in tree:
        return True
    latest = facts.latest_of(asking.known, tree["after"], *at[:3])
    asking.seen["periods after", latest is None] += 1
    return latest is None or latest < asking.known.cycles[at.code].ends_on


def hits(asking: "Answers", tree: dict[str, Any], at: "At") -> list[bool]:
    return [hit(asking, tree, tree[how_of(tree)], place) for place in looked_at(asking, tree, at)]


def answered(asking: "Answers", tree: dict[str, Any], how: str, at: "At") -> "Answer":
    if "same" in tree:
        return _same(asking, tree, at)
    if how == "none":
        return not any(hits(asking, tree, at.turned()))
    if how == "from":
        return _state(asking, tree, at)
    found = hits(asking, tree, at)
    if how == "some":
        return any(found)
    return len(found) >= max(1, fixed(tree) or 1) and all(found)


def _same(asking: "Answers", tree: dict[str, Any], at: "At") -> bool:
    """Each of the cycles holds a fact with one and the same level (or note)."""
    codes = span(asking, tree, at.code)
    fact = tree["each"]["fact"]
    items = [
        {getattr(row, tree["same"]) for row in facts.found(asking.known, fact, at.who, at.subject, code)}
        for code in codes
        if code
    ]
    return bool(codes) and None not in codes and bool(set.intersection(*items))


def share(asking: "Answers", tree: dict[str, Any], at: "At") -> tuple[int, int]:
    """Hits, and the cycles graded or passed by the gaps."""
    places = [place for place in looked_at(asking, tree, at) if place]
    found = [(place, hit(asking, tree, tree["share"], place)) for place in places]
    base = [is_hit or asking.known.status(*place[:3]) == "graded" for place, is_hit in found]
    return sum(is_hit for _, is_hit in found), sum(base)


def number(asking: "Answers", tree: dict[str, Any], at: "At") -> Fraction | None:
    how = how_of(tree)
    asking.seen[f"periods {how} as a number", None] += 1
    if how == "worth":
        return sum((_worth(asking, tree, place) for place in looked_at(asking, tree, at) if place), Fraction(0))
    if how in FIGURES:
        return _figure(asking, tree, how, at)
    if how == "share":
        found, base = share(asking, tree, at)
        return Fraction(found, base) if base else None
    found_hits = hits(asking, tree, at)
    if how == "run":
        return Fraction(found_hits.index(False) if False in found_hits else len(found_hits))
    return Fraction(sum(found_hits))


def _worth(asking: "Answers", tree: dict[str, Any], at: "At") -> Fraction:
    return next((Fraction(w["value"]) for w in tree["worth"] if hit(asking, tree, w["this"], at)), Fraction(0))


def _figure(asking: "Answers", tree: dict[str, Any], how: str, at: "At") -> Fraction | None:
    places = [place for place in looked_at(asking, tree, at) if place and is_after(asking, tree, place)]
    gaps = tree.get("gaps", {})
    places = [place for place in places if gaps.get(_gap(asking, tree, place)) != "break"]
    there = [figure for place in places if (figure := asking.number(tree[how], place)) is not None]
    if not there:
        return None
    if how == "balance":
        total = Fraction(0)
        for place in reversed(places):
            total = kept(total + (asking.number(tree[how], place) or 0), tree)
        return total
    made = {"sum": sum(there), "mean": sum(there) / len(there), "min": min(there), "max": max(there)}
    return Fraction(made[how])


def _state(asking: "Answers", tree: dict[str, Any], at: "At") -> bool:
    """Begun by one condition and not ended by the other since."""
    on = False
    for place in reversed(looked_at(asking, tree, at)):
        if place and "until" in tree and hit(asking, tree, tree["until"], place.turned()):
            on = False
        on = on or hit(asking, tree, tree["from"], place)
    return on
