"""What can be said about rules without data by holding their conditions against each other and against their gates."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from . import model as m
from .find import find
from .local import amount
from .never import Scale, implies, impossible
from .phrases import OUTCOMES
from .refusals import Place
from .strata import names

Said = Iterator[tuple[str, str, str]]
Line = tuple[str, str, int, str, str]  # level, rule, line, in Chinese, in English


def scale_of(policy: m.Policy, subject: str, cycle: str) -> Scale:
    return policy.grades.get("unit" if subject == "unit" else cycle, ())


def contradictions(policy: m.Policy, rule: m.Rule) -> Said:
    """The two that are looked for elsewhere have their own words; this finds the others."""
    scale = scale_of(policy, rule.subject, rule.cycle)
    if impossible(rule.when, scale):
        yield "error", "永远不会触发：各条件互相矛盾", "can never fire: its conditions contradict each other"
    elif rule.population == "graded" and impossible(m.All((rule.when, m.Status(("graded",)))), scale):
        zh = "永远不会触发：范围只含已定等次者，条件却要求未定等次"
        yield "error", zh, "can never fire: it asks for those without a grade, but its population is the graded"


def empty_term(policy: m.Policy, rule: m.Rule | m.Quota) -> Said:
    start, until = rule.valid.start, rule.valid.until
    if start is not None and until is not None and start >= until:
        yield "error", "有效期为空：“自”不早于“至”", "is never valid: 'from' is not before 'until'"


def closed_gates(policy: m.Policy, rule: m.Rule) -> Said:
    """A gate whose condition is among those the rule fires for stops every decision."""
    if rule.to:
        return  # the gate is put to somebody else
    scale = scale_of(policy, rule.subject, rule.cycle)
    for gate in rule.gates:
        if gate.unless is None and implies(rule.when, gate.part, scale):
            zh = "核查项总是成立：凡符合条件的都会被不予认定或者暂缓"
            yield "error", zh, "a gate always applies: whoever meets the conditions is stopped by it"


def unknown_decisions(policy: m.Policy, rule: m.Rule) -> Iterator[tuple[Place, str, str, str]]:
    """A decision of nothing that is ever decided."""
    known = [*policy.rules, *OUTCOMES, *(word for other in policy.rules.values() for word in other.outcomes)]
    for decision in find(rule, m.Decision):
        for of in decision.of:
            if of in known or any(names(decision, other) for other in policy.rules.values()):
                continue
            near_zh, near_en = _near(of, known)
            zh = f"“{of}”不是本政策的规则、结果或者结果类别{near_zh}"
            level = "warning" if of.partition(":")[0] in OUTCOMES else "error"  # one of another policy may be meant
            yield decision.at, level, zh, f"'{of}' is no rule, outcome or kind of outcome of this policy{near_en}"


def overlaps(policy: m.Policy) -> Iterator[Line]:
    """Rules with the same outcome: one that holds whenever another does, and those that may fire for one subject."""
    rules = list(policy.rules.values())
    for i, rule in enumerate(rules):
        contained = [other for other in rules if other is not rule and _contains(policy, other, rule)]
        both = [other for other in rules[:i] if _may_both(policy, rule, other) and other not in contained]
        if contained:
            said = "、".join(other.id for other in contained)
            zh = f"符合本规则的也都符合规则{said}，且结果相同"
            yield "warning", rule.id, rule.at.line, zh, f"whoever meets it meets {said} too, with the same outcome"
        both = [other for other in both if not _contains(policy, rule, other)]
        if both:
            said = "、".join(other.id for other in both)
            zh = f"与规则{said}的结果相同，同一对象可能同时符合"
            yield "warning", rule.id, rule.at.line, zh, f"has the same outcome as {said}; both may fire for one subject"


def _alike(a: m.Rule, b: m.Rule) -> bool:
    """The same outcome, on the same cycle, for the same kind of subject, at the same time."""
    same = (a.subject, a.to) == (b.subject, b.to) and bool(set(a.outcomes) & set(b.outcomes))
    return same and ("any" in (a.cycle, b.cycle) or a.cycle == b.cycle) and _at_one_time(a.valid, b.valid)


def _at_one_time(a: m.Validity, b: m.Validity) -> bool:
    return all(x.until is None or y.start is None or y.start < x.until for x, y in ((a, b), (b, a)))


def _contains(policy: m.Policy, wide: m.Rule, narrow: m.Rule) -> bool:
    if not _alike(wide, narrow) or wide.when == narrow.when:  # the same is said elsewhere
        return False
    return implies(narrow.when, wide.when, scale_of(policy, narrow.subject, narrow.cycle))


def _may_both(policy: m.Policy, a: m.Rule, b: m.Rule) -> bool:
    if not _alike(a, b) or a.when == b.when:
        return False
    return not impossible(m.All((a.when, b.when)), scale_of(policy, a.subject, a.cycle))


def params_out_of_range(policy: m.Policy) -> Iterator[Line]:
    for name, param in policy.params.items():
        value, low, high = amount(param.value), amount(param.low), amount(param.high)
        if value is None or not ((low is not None and value < low) or (high is not None and value > high)):
            continue
        zh, en = f"参数“{name}”的取值不在其允许范围内", f"the value of parameter '{name}' is outside its own range"
        yield "error", name, param.at.line, zh, en


def unknown_names(policy: m.Policy, kinds: Collection[str], indicators: Collection[str]) -> Iterator[Line]:
    """Facts and indicators the bureau has never had, with the nearest it has; nothing known, nothing said."""
    both: list[m.Rule | m.Quota] = [*policy.rules.values(), *policy.quotas.values()]
    for rule in both:
        facts = [(kind, fact.at) for fact in find(rule, m.Fact) for kind in fact.kind]
        for word, at in dict.fromkeys(facts) if kinds else ():
            if word not in kinds:
                yield _unknown(rule.id, at, word, kinds, ("事实种类", "kind of fact"))
        named = [(name, number.at) for number in find(rule, m.Indicator) for name in number.names]
        for word, at in dict.fromkeys(named) if indicators else ():
            if word not in indicators and word != "*":
                yield _unknown(rule.id, at, word, indicators, ("考核指标", "indicator"))


def _unknown(rule: str, at: Place, word: str, known: Collection[str], what: tuple[str, str]) -> Line:
    near_zh, near_en = _near(word, known)
    zh = f"第{at.line}行第{at.column}列：没有名为“{word}”的{what[0]}{near_zh}"
    return "warning", rule, at.line, zh, f"line {at.line}, column {at.column}: no {what[1]} '{word}' is known{near_en}"


def _near(word: str, known: Collection[str]) -> tuple[str, str]:
    close = get_close_matches(word, list(known), 1, 0.5)
    return (f"；是否为“{close[0]}”？", f"; did you mean '{close[0]}'?") if close else ("", "")
