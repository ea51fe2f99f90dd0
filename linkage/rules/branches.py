"""One policy with the values of several branches: which differ in what, and whose they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import model as m
from .local import refuse_looser
from .parse import parse
from .refusals import PolicyError
from .strata import looks_at_run

Values = Mapping[str, str]


def with_local(policy: str | m.Policy, values: Values) -> m.Policy:
    """The policy as a branch has it. PolicyError names the parameter's place and why its value is refused.

    Of a policy that holds the values of the branch above, those are what may be tightened, and the others stay.
    """
    tree = parse(policy) if isinstance(policy, str) else policy
    original = parse(tree.source)
    refuse_looser(tree, values)
    kept = {name: param.value for name, param in tree.params.items() if param.value != original.params[name].value}
    return parse(tree.source, {**kept, **values})


@dataclass(frozen=True)
class Branch:
    """A policy with local values, the units they hold for (and all below those), and the rules they change."""

    units: frozenset[Any]
    policy: m.Policy
    rules: frozenset[str]
    quotas: frozenset[str]


def branches_of(policy: m.Policy, local: Mapping[Any, Values]) -> list[Branch]:
    """One per distinct set of values that changes anything."""
    units: dict[frozenset[tuple[str, str]], set[Any]] = {}
    for unit, values in local.items():
        units.setdefault(frozenset(values.items()), set()).add(unit)
    return [_branch(policy, dict(values), frozenset(mine)) for values, mine in units.items()]


def _branch(policy: m.Policy, values: Values, units: frozenset[Any]) -> Branch:
    tree = with_local(policy, values)
    changed = [rule for rule in tree.rules.values() if rule != policy.rules[rule.id]]
    quotas = [quota for quota in tree.quotas.values() if quota != policy.quotas[quota.id]]
    for rule in changed:
        _refuse_of_bureau(rule)
    for quota in quotas:
        _refuse_of_bureau(quota)
    rules = {rule.id for rule in changed}
    if changed and any(looks_at_run(rule) for rule in tree.rules.values()):
        rules = set(tree.rules)  # what looks at this run's decisions may change with any of them
    return Branch(units, tree, frozenset(rules), frozenset(quota.id for quota in quotas))


def _refuse_of_bureau(of: m.Rule | m.Quota) -> None:
    """Seats of the whole bureau cannot be shared out by different rules."""
    seats = of.seats if isinstance(of, m.Rule) else None
    bands = (*seats.bands, seats.band) if seats else ()
    if any(band.per == "bureau" for band in bands) or (isinstance(of, m.Quota) and of.per == "bureau"):
        raise PolicyError("local_bureau", of.at, word=of.id)
