"""How many people sit within one of each threshold: so much hangs on one point, one period, one place."""

from typing import Any

from linkage.rules import RunResult
from linkage.rules.nearness import Near, nearness
from linkage.rules.sheet import NotPlanned

MOST_KEPT = 2_000  # names of one side


def of_run(result: RunResult) -> tuple[list[dict[str, Any]], list[str]]:
    """As a report keeps it: every comparison near which somebody sits, with the names; and the rules not measured."""
    rows: list[dict[str, Any]] = []
    unmeasured: list[str] = []
    for rule in result.plan.rules:
        try:
            rows += [_row(result, near) for near in nearness(result, [rule]) if near.inside or near.outside]
        except NotPlanned:  # gaps that are skipped, some turned quantifiers: their figures are not among what was read
            unmeasured.append(rule)
    return rows, unmeasured


def _row(result: RunResult, near: Near) -> dict[str, Any]:
    return {
        "rule": near.rule,
        "who": result.plan.rules[near.rule].rule.subject,
        "cycle": near.cycle,
        "part": near.part,
        "unit": near.unit,
        "zh": near.zh,
        "en": near.en,
        "low": near.low,
        "high": near.high,
        "known": near.known,
        "inside": len(near.inside),
        "outside": len(near.outside),
        "inside_keys": list(near.inside[:MOST_KEPT]),
        "outside_keys": list(near.outside[:MOST_KEPT]),
    }
