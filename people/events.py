"""What happens among people and is heard above: apps register their handlers in `ready()`, none is imported here.

Handlers run inside the transaction of the action, in the order they were registered.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from people.models import Account


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Officers have another unit, or lead it or no longer do, since a day."""

    officer_ids: Collection[int]
    day: date
    actor: Account


@dataclass(frozen=True, kw_only=True)
class GrantsChanged:
    """A role at a unit path gained or lost a holder: the nearest desk of what lies below may be another."""

    role: str
    path: str
    day: date
    actor: Account


@dataclass(frozen=True, kw_only=True)
class UnitMoved:
    """A unit hangs elsewhere in the tree: every path that began with `old` now begins with `new`."""

    old: str
    new: str
    actor: Account


_on_move: list[Callable[[Moved], object]] = []
_on_grant: list[Callable[[GrantsChanged], object]] = []
_on_unit_move: list[Callable[[UnitMoved], object]] = []


def on_move(handler: Callable[[Moved], object]) -> None:
    _on_move.append(handler)


def on_grant(handler: Callable[[GrantsChanged], object]) -> None:
    _on_grant.append(handler)


def on_unit_move(handler: Callable[[UnitMoved], object]) -> None:
    _on_unit_move.append(handler)


def moved(event: Moved) -> None:
    for handler in _on_move:
        handler(event)


def grants_changed(event: GrantsChanged) -> None:
    for handler in _on_grant:
        handler(event)


def unit_moved(event: UnitMoved) -> None:
    for handler in _on_unit_move:
        handler(event)
