"""Rules that look at this run's other decisions are answered after all others; what they may not look at."""

from collections.abc import Iterable, Iterator

from . import model as m
from .find import find
from .refusals import PolicyError


def looks_at_run(rule: m.Rule) -> bool:
    return any(decision.run for decision in find(rule.when, m.Decision))


def plainly(tree: m.Condition) -> Iterator[m.Decision]:
    """The decisions asked for directly, not inside periods, ranks or the unit above."""
    if isinstance(tree, m.Decision):
        yield tree
    elif isinstance(tree, m.All | m.AnyOf):
        for part in tree.parts:
            yield from plainly(part)
    elif isinstance(tree, m.Not | m.Met):
        yield from plainly(tree.part)


def hidden_run_decisions(rule: m.Rule | m.Quota) -> list[m.Decision]:
    """Those of this run asked for where no answer can be known yet."""
    everywhere = [decision for decision in find(rule, m.Decision) if decision.run]
    known = [decision for decision in plainly(rule.when) if decision.run] if isinstance(rule, m.Rule) else []
    return everywhere if len(everywhere) > len(known) else []


def refuse_hidden_run_decisions(rule: m.Rule | m.Quota) -> None:
    for decision in hidden_run_decisions(rule)[:1]:
        raise PolicyError("run_decision", decision.at)


def third_strata(rules: Iterable[m.Rule]) -> list[tuple[m.Rule, m.Decision, m.Rule]]:
    """Rules that look at a decision of this run which itself waits for this run's decisions."""
    second = [rule for rule in rules if looks_at_run(rule)]
    return [
        (rule, decision, other)
        for rule in second
        for decision in find(rule.when, m.Decision)
        for other in second
        if decision.run and other is not rule and names(decision, other)
    ]


def names(decision: m.Decision, rule: m.Rule) -> bool:
    said = [rule.id, *rule.outcomes]
    return any(word == of or word.startswith(f"{of}:") for of in decision.of for word in said)


def refuse_third_stratum(rules: Iterable[m.Rule]) -> None:
    for rule, decision, other in third_strata(rules)[:1]:
        raise PolicyError("third_stratum", decision.at, rule=rule.id, word=other.id)
