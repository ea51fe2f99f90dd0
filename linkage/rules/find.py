"""Walking the tree: every node of a kind, and a copy with some nodes replaced."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

Node = TypeVar("Node")


def find(tree: object, kind: type[Node]) -> Iterator[Node]:
    """Every node of a kind, the outer before the inner, in the order written."""
    if isinstance(tree, kind):
        yield tree
    for part in parts(tree):
        yield from find(part, kind)


def parts(tree: object) -> Iterator[object]:
    if isinstance(tree, tuple):
        yield from tree
    elif is_dataclass(tree):
        yield from (getattr(tree, f.name) for f in fields(tree))


def rebuild(tree: Any, change: Callable[[Any], Any]) -> Any:
    """The tree with each dataclass node passed through `change`, which returns a node (not walked further) or None."""
    if isinstance(tree, tuple):
        return tuple(rebuild(part, change) for part in tree)
    if not is_dataclass(tree) or isinstance(tree, type):
        return tree
    changed = change(tree)
    if changed is not None:
        return changed
    new = {f.name: rebuild(getattr(tree, f.name), change) for f in fields(tree) if f.compare and f.init}
    return replace(tree, **new)
