"""What can be said about a policy without data: rules about rules, rules that never fire, rules that say the same."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from . import check_together as together
from . import model as m
from .check_fields import Fields, unknown_fields
from .find import find
from .refusals import Place
from .strata import hidden_run_decisions, third_strata
from .words import HARMFUL

GRADED_KINDS = ("annual", "quarterly", "monthly")


@dataclass(frozen=True)
class Finding:
    level: str  # error, warning
    rule: str
    line: int
    text_zh: str
    text_en: str
    column: int = 1


def check(
    policy: m.Policy,
    *,
    kinds: Collection[str] = (),
    indicators: Collection[str] = (),
    fields: Fields | None = None,
    nearest_outcome: Callable[[str], str] | None = None,
) -> list[Finding]:
    """Errors must be mended before a policy is put in force; warnings are for a person to judge.

    `kinds` and `indicators`: the kinds of facts and the indicators the bureau knows, where names shall be compared;
    `fields`: those of its directory. `nearest_outcome` gives a valid outcome for one that cannot be meant, or nothing.
    """
    found = [
        Finding(level, rule.id, rule.at.line, zh, en)
        for rule in policy.rules.values()
        for check_rule in CHECKS
        for level, zh, en in check_rule(policy, rule)
    ]
    for rule in policy.rules.values():
        found += [
            _placed(rule.id, *said)
            for said in (*_foreign_grade(policy, rule), *together.unknown_decisions(policy, rule))
        ]
        found += _meant(rule, nearest_outcome) if nearest_outcome else ()
    if fields is not None:
        found += [_placed(name, at, "error", zh, en) for name, at, zh, en in unknown_fields(policy, fields)]
    found += [
        Finding(level, quota.id, quota.at.line, zh, en)
        for quota in policy.quotas.values()
        for level, zh, en in together.empty_term(policy, quota)
    ]
    found += [Finding(*line) for line in together.overlaps(policy)]
    found += [Finding(*line) for line in together.params_out_of_range(policy)]
    found += [Finding(*line) for line in together.unknown_names(policy, kinds, indicators)]
    return sorted([*found, *_doubles(policy), *_third_strata(policy)], key=lambda finding: finding.line)


Said = Iterator[tuple[str, str, str]]
SaidAt = Iterator[tuple[Place, str, str, str]]


def _placed(rule: str, at: Place, level: str, zh: str, en: str) -> Finding:
    return Finding(level, rule, at.line, zh, en, at.column)


def _meant(rule: m.Rule, nearest_outcome: Callable[[str], str]) -> Iterator[Finding]:
    for outcome in rule.outcomes:
        if near := nearest_outcome(outcome):
            zh = f"结果“{outcome}”没有写明事项类别；是否为“{near}”？"
            yield _placed(
                rule.id, rule.at, "error", zh, f"the outcome '{outcome}' names no kind of case; did you mean '{near}'?"
            )


def _basis(policy: m.Policy, rule: m.Rule) -> Said:
    if not rule.basis:
        grave = _harms(rule) or any(find(rule.when, m.Rank))
        yield "error" if grave else "warning", "没有法律依据", "no legal basis"


def _harms(rule: m.Rule) -> bool:
    return any(outcome.startswith(HARMFUL) for outcome in rule.outcomes)


def _dismisses(rule: m.Rule) -> bool:
    return any(outcome.startswith("dismissal") or "辞退" in outcome for outcome in rule.outcomes)


def _rank_alone(policy: m.Policy, rule: m.Rule) -> Said:
    if _dismisses(rule) and could_hold(rule.when, lambda leaf: isinstance(leaf, m.Rank)):
        yield (
            "error",
            "仅凭排名即可启动辞退；须另有不称职的事实并经培训或者调整岗位（指导案例18号）",
            "rank alone would open a dismissal; a failure in its own right and a tried remedy must be asked for "
            "(Guiding Case 18)",
        )


def _protection(policy: m.Policy, rule: m.Rule) -> Said:
    if _dismisses(rule) and not rule.gates:
        yield "warning", "没有对受法律保护人员的核查项（公务员法89条）", "no gate for protected persons (公务员法 89)"


def _none_over_gaps(policy: m.Policy, rule: m.Rule) -> Said:
    if any(tree.how == "none" and not tree.gaps for tree in find(rule.when, m.Periods)):
        zh = "“无一期”会放过没有等次的周期；若非本意，请用“缺期”写明"
        yield "warning", zh, "'none' lets a period without a grade through; say so with gaps if that is not meant"


def _whole_history(policy: m.Policy, rule: m.Rule) -> Said:
    spans = [tree.span for tree in find(rule.when, m.Periods)]
    if any(span.last is None and span.within is None for span in spans):
        zh = "要看全部历史；每多一个周期，计算量随之增加"
        yield "warning", zh, "looks at the whole history; its cost grows with every cycle"


def _too_many_hits(policy: m.Policy, rule: m.Rule) -> Said:
    for tree in find(rule.when, m.Compare):
        number, most = tree.number, tree.operand.constant
        if not isinstance(number, m.Periods) or number.how not in ("count", "run") or most is None:
            continue
        last = number.span.last
        more = last is not None and (most > last if tree.op in ("at least", "is") else most >= last)
        if more and tree.op in ("at least", "above", "is"):
            zh = f"永远不会触发：{last}期之中不可能有{float(most):g}期以上"
            yield "error", zh, f"can never fire: {tree.op} {float(most):g} of {last} periods"


def _grades_at_once(policy: m.Policy, rule: m.Rule) -> Said:
    for tree in find(rule.when, m.All):
        grades = [set(part.values) for part in tree.parts if isinstance(part, m.Grade) and part.op == "is"]
        if grades and not set.intersection(*grades):
            yield "error", "永远不会触发：同一期不可能有两个等次", "can never fire: two grades at once"


def _foreign_grade(policy: m.Policy, rule: m.Rule) -> SaidAt:
    """A grade of another scale is never given on this cycle."""
    scale = policy.grades.get("unit" if rule.subject == "unit" else rule.cycle)
    elsewhere = any(find(rule.when, m.Above)) or any(tree.span.kind for tree in find(rule.when, m.Periods))
    if scale is None or elsewhere:
        return
    for tree in find(rule.when, m.Grade):
        if not set(tree.values) & set(scale):
            words = "、".join(tree.values)
            yield (
                tree.at,
                "error",
                f"永远不会触发：{words}不在本周期的等次表中",
                f"can never fire: {words} is not on this cycle's scale",
            )


def _hidden_run_decision(policy: m.Policy, rule: m.Rule) -> Said:
    if any(decision.run for gate in rule.gates for decision in find(gate, m.Decision)):
        yield "error", "核查项不能看本次认定的结果", "a gate may not look at this run's decisions"
    elif hidden_run_decisions(rule):
        zh = "“认定: 在本次”只能直接用于条件，不能放在各期、排名或单位之内"
        yield "error", zh, "this run's decisions may be asked for only directly, not inside periods, ranks or the unit"


def _never(policy: m.Policy, rule: m.Rule) -> Said:
    """What the checks above have words of their own for is not said twice."""
    if not any(_grades_at_once(policy, rule)) and not any(_foreign_grade(policy, rule)):
        yield from together.contradictions(policy, rule)


CHECKS: tuple[Callable[[m.Policy, m.Rule], Said], ...] = (
    _basis,
    _rank_alone,
    _protection,
    _none_over_gaps,
    _whole_history,
    _too_many_hits,
    _grades_at_once,
    _hidden_run_decision,
    _never,
    together.empty_term,
    together.closed_gates,
)


def _doubles(policy: m.Policy) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for rule in policy.rules.values():
        key = rule.subject, rule.cycle, rule.outcomes, rule.when, rule.to, rule.valid
        if key in seen:
            zh, en = f"与规则{seen[key]}条件和结果相同", f"says the same as {seen[key]}"
            yield Finding("warning", rule.id, rule.at.line, zh, en)
        seen.setdefault(key, rule.id)


def _third_strata(policy: m.Policy) -> Iterator[Finding]:
    for rule, _, other in third_strata(policy.rules.values()):
        zh = f"要看本次认定的规则{other.id}，而它自己也要看本次认定"
        en = f"looks at {other.id} of this run, which itself looks at this run"
        yield Finding("error", rule.id, rule.at.line, zh, en)


def could_hold(tree: object, chosen: Callable[[object], bool]) -> bool:
    """Whether the tree can be true when only the chosen leaves are."""
    if isinstance(tree, m.All):
        return all(could_hold(part, chosen) for part in tree.parts)
    if isinstance(tree, m.AnyOf):
        return any(could_hold(part, chosen) for part in tree.parts)
    if isinstance(tree, m.Not):
        return not could_hold(tree.part, chosen)
    inner = _inner(tree)
    return could_hold(inner, chosen) if inner is not None else chosen(tree)


def _inner(tree: object) -> object:
    """The condition that decides whether this one can be true."""
    if isinstance(tree, m.Met):
        return tree.part
    if isinstance(tree, m.Compare) and isinstance(tree.number, m.Periods):
        return tree.number.test
    return tree.test if isinstance(tree, m.Periods) and tree.how in ("each", "some") else None
