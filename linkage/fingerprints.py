"""Fingerprints of what a report was read from: SHA-256 of each source, however its rows lie in the tables."""

import hashlib
import json
from collections.abc import Iterable, Mapping

import polars as pl

from linkage.rules import World

Prints = dict[str, str]


def of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def of_world(world: World) -> Prints:
    """One per source. Results keep the order they came in: of two recorded on a day the later holds."""
    return {
        "results": _together(f"{who} {code} {_ordered(frame)}" for (who, code), frame in sorted(world.results.items())),
        "facts": _unordered(world.facts),
        "postings": _unordered(world.postings),
        "directory": _together([_unordered(world.officers), _unordered(world.units)]),
        "cycles": _together([_unordered(world.cycles), _schemes(world)]),
        "decisions": _unordered(world.decisions) if world.decisions is not None else "",
    }


def joined(prints: Iterable[Prints]) -> Prints:
    """Of several worlds, one print per source."""
    found = list(prints)
    return {name: _together(one[name] for one in found) for name in (found[0] if found else {})}


def apart(kept: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The sources that are not what they were."""
    return [name for name in {**kept, **now} if kept.get(name) != now.get(name)]


def _ordered(frame: pl.DataFrame) -> str:
    return hashlib.sha256(frame.select(sorted(frame.columns)).write_csv().encode()).hexdigest()


def _unordered(frame: pl.DataFrame) -> str:
    return _ordered(frame.sort(sorted(frame.columns)))


def _schemes(world: World) -> str:
    return of_text(json.dumps(sorted((name, list(parts)) for name, parts in world.schemes.items())))


def _together(parts: Iterable[str]) -> str:
    return of_text("\n".join(parts))
