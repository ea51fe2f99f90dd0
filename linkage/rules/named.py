"""The named conditions and gates of a policy text: the tree itself holds them only where rules use them."""

from collections.abc import Mapping
from dataclasses import dataclass

from . import model as m
from .parse import PolicyParser
from .yaml_nodes import load


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A policy text as its tree, beside it what it gives a name to."""

    tree: m.Policy
    tests: Mapping[str, m.Condition]
    gates: Mapping[str, tuple[m.Gate, ...]]


def read(text: str) -> Reading:
    """Raises `PolicyError` like `parse`; a test that no rule uses is read, too."""
    parser = PolicyParser({})
    tree = parser.policy(load(text))
    tests = {}
    for name, node in parser.tests.items():
        parser.count = 0
        tests[name] = parser.condition(node)
    return Reading(tree=tree, tests=tests, gates=dict(parser.named_gates))
