"""Facts of the same cause or focus as the decision to be made: which facts and which focus that is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from . import model as m
from .find import find, rebuild
from .refusals import PolicyError
from .strata import looks_at_run


def tied(rule: m.Rule) -> dict[str, Any]:
    """The parts of a rule with the facts it fires for, and whose focus, in place."""
    fires_for = tuple(fact for fact in asked_for(rule.when) if fact.same is None)

    def tie(node: object) -> object:
        if not isinstance(node, m.Fact) or node.same is None:
            return None
        if node.same == "cause":
            if not fires_for:
                raise PolicyError("cause_needs", node.at)
            return replace(node, like=fires_for)
        if rule.to or not (rule.focus or looks_at_run(rule)):
            raise PolicyError("focus_needs", node.at)
        return replace(node, rule=rule.id)

    return {part: rebuild(getattr(rule, part), tie) for part in ("when", "gates", "seats", "ladder", "dose")}


def asked_for(tree: m.Condition) -> Iterator[m.Fact]:
    """The facts asked for directly: in this cycle, of this subject, and not under `not`."""
    if isinstance(tree, m.All | m.AnyOf):
        for part in tree.parts:
            yield from asked_for(part)
    elif isinstance(tree, m.Met):
        yield from asked_for(tree.part)
    elif isinstance(tree, m.Compare) and isinstance(tree.number, m.Fact):
        yield tree.number


def refuse_ties(quota: m.Quota) -> None:
    """A quota decides about nobody."""
    for fact in find(quota, m.Fact):
        if fact.same:
            raise PolicyError("focus_needs" if fact.same == "focus" else "cause_needs", fact.at)
