"""The rules of a policy put to a cycle: who is decided what; and the quotas."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from statistics import median
from typing import Any

from .answers import OPS, Answers, At
from .bureau import Bureau, Known
from .comparing import Answer, fraction
from .periods import span

COLUMNS = ("rule", "subject", "status", "outcome", "focus", "dose", "who")


@dataclass
class Hit:
    """Someone the rule falls on; `of` is the subject that led to him."""

    subject: str
    of: At
    outcome: str
    dose: str
    focus: str
    status: str


def decide(
    policy: dict[str, Any], bureau: Bureau, code: str, day: date, seen: Counter[tuple[str, Answer]] | None = None
) -> tuple[list[tuple[str, ...]], list[tuple[Any, ...]]]:
    """Rows of rule, subject, status, outcome, focus, dose, who; and of quota, group, code, hits, base, cap, over."""
    policy = with_params(policy)
    asking = Answers(policy, Known(bureau, day), Counter() if seen is None else seen)
    cycle = asking.known.cycles[code]
    asked = {name: rule for name, rule in policy["rules"].items() if _is_asked(rule, cycle.kind, cycle.ends_on)}
    second = {name: rule for name, rule in asked.items() if _looks_at_run(rule["when"], policy)}
    rows = []
    for name, rule in (asked | second).items():
        if name not in second:
            rows += _decided(asking, name, rule, code)
    asking.decided = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    for name, rule in second.items():
        rows += _decided(asking, name, rule, code)
    quotas = [
        row
        for name, quota in policy.get("quotas", {}).items()
        if _is_asked(quota, cycle.kind, cycle.ends_on)
        for row in _quota(asking, name, quota, code)
    ]
    return sorted(rows), sorted(quotas, key=str)


def with_params(tree: Any, params: dict[str, Any] | None = None) -> Any:
    """The policy with every `$name` replaced by its value."""
    if params is None:
        params = tree.get("params", {})
    if isinstance(tree, dict):
        return {key: with_params(part, params) for key, part in tree.items()}
    if isinstance(tree, list):
        return [with_params(part, params) for part in tree]
    return params[tree[1:]]["value"] if tree.startswith("$") else tree


def _is_asked(rule: dict[str, Any], kind: str, ends_on: date) -> bool:
    valid = rule.get("valid", {})
    begun = "from" not in valid or date.fromisoformat(valid["from"]) <= ends_on
    return (
        rule["cycle"] in (kind, "any")
        and begun
        and ("until" not in valid or ends_on < date.fromisoformat(valid["until"]))
    )


def _looks_at_run(tree: Any, policy: dict[str, Any]) -> bool:
    if isinstance(tree, list):
        return any(_looks_at_run(part, policy) for part in tree)
    if not isinstance(tree, dict):
        return False
    if isinstance(tree.get("met"), str):
        return _looks_at_run(policy["rules"][tree["met"]]["when"], policy)
    if isinstance(tree.get("test"), str):
        return _looks_at_run(policy["tests"][tree["test"]], policy)
    return "in" in tree or any(_looks_at_run(part, policy) for part in tree.values())


def _decided(asking: Answers, name: str, rule: dict[str, Any], code: str) -> list[tuple[str, ...]]:
    hits = [hit for at in _population(asking, rule, code) if (hit := _fired(asking, rule, at))]
    if "to" in rule:
        hits = list(_reached(asking, rule, hits, code))
    reached = "officer" if set(rule.get("to", {})) & {"leader", "members"} else rule["for"]
    for hit in hits:
        if hit.status == "open":
            hit.status = _gate(asking, rule, At(reached, hit.subject, code))
        if rule.get("focus") == "weakest":
            hit.focus = _weakest(asking, At(reached, hit.subject, code))
    if "seats" in rule:
        _seat(asking, rule, hits, code)
    return [(name, hit.subject, hit.status, hit.outcome, hit.focus, hit.dose, reached) for hit in hits]


def _population(asking: Answers, rule: dict[str, Any], code: str) -> list[At]:
    who, known = rule["for"], asking.known
    wanted = rule.get("population", "graded")
    return [
        At(who, subject, code)
        for subject in known.directory(who)
        if wanted == "everyone"
        or (
            known.status(who, subject, code) != "absent"
            if wanted == "listed"
            else known.status(who, subject, code) == "graded"
        )
    ]


def _fired(asking: Answers, rule: dict[str, Any], at: At) -> Hit | None:
    """Fires with waiting periods taken against it, or waits where it fires only with them taken for it."""
    fires = asking.holds(rule["when"], at) is True
    asking.seen["fires", fires] += 1
    if not fires and asking.holds(rule["when"], at.turned()) is not True:
        return None
    outcome = _outcome(asking, rule, at)
    if outcome is None:
        return None
    focus = rule.get("focus", "")
    if focus == "failing":
        focus = next(_failing(asking, rule["when"], at), "")
    return Hit(at.subject, at, outcome, _dose(asking, rule, at), focus, "open" if fires else "held")


def _outcome(asking: Answers, rule: dict[str, Any], at: At) -> str | None:
    """Of a ladder the highest rung that is reached; without one nothing is decided."""
    if "outcome" in rule:
        outcome: str = rule["outcome"]
        return outcome
    number = asking.number(rule["ladder"]["by"], at)
    rungs = {int(key): word for key, word in rule["ladder"]["rungs"].items()}
    reached = [] if number is None else [rung for rung in rungs if number > rung - Fraction(1, 10**9)]
    asking.seen["ladder", bool(reached)] += 1
    return rungs[max(reached)] if reached else None


def _dose(asking: Answers, rule: dict[str, Any], at: At) -> str:
    if "dose" not in rule:
        return ""
    dose = rule["dose"]
    number = asking.number(dose["by"], at)
    parts = [fraction(dose[part]) for part in ("first", "step", "cap") if part in dose]
    found = parts[0] + parts[1] * max((number or Fraction(0)) - 1, Fraction(0))
    found = min(found, parts[2]) if "cap" in dose else found
    whole = all(part.denominator == 1 for part in parts)
    return f"{int(found) if whole else float(found)} {dose['unit']}"


def _failing(asking: Answers, tree: Any, at: At) -> Iterator[str]:
    """Indicators of the tests that are met, in the order written, within branches that are met."""
    if isinstance(tree, list):
        tree = {"all": tree}
    ((word, arg),) = tree.items()
    if (word == "all" and asking.holds(tree, at) is True) or word == "any":
        for part in arg:
            yield from _failing(asking, part, at)
    elif word == "test":
        yield from _failing(asking, asking.policy["tests"][arg], at)
    elif word == "met":
        yield from _failing(asking, asking.policy["rules"][arg]["when"], at)
    elif word == "indicator":
        op = {key: part for key, part in arg.items() if key in OPS}
        yield from (name for name in asking.names(arg, at) if asking.holds({"indicator": {"of": name, **op}}, at))


def _weakest(asking: Answers, at: At) -> str:
    """The indicator of the scheme furthest below the median of the graded of the same post and branch."""
    peers = {"same": ["post_type", "branch"]}
    mine = asking.membership(peers, at)
    graded = asking.known.graded("officer", at.code)
    group = [peer for peer in graded if mine and asking.membership(peers, at._replace(subject=peer)) == mine]
    apart = {}
    for name in asking.scheme(at):
        there = [figure for peer in group if (figure := asking.figure(name, at._replace(subject=peer))) is not None]
        figure = asking.figure(name, at)
        if figure is not None and there:
            apart[name] = figure - median(there)
    return min(apart, key=lambda name: apart[name], default="")


def _gate(asking: Answers, rule: dict[str, Any], at: At) -> str:
    for gate in _gates(asking, rule.get("gate", [])):
        status = "blocked" if "blocked" in gate else "held"
        held = asking.holds(gate[status], at)
        unless = asking.holds(gate["unless"], at) if "unless" in gate else False
        asking.seen[f"gate {status}", held] += 1
        if held is True and unless is False:
            return status
    return "open"


def _gates(asking: Answers, gate: Any) -> Iterator[dict[str, Any]]:
    for part in gate if isinstance(gate, list) else [gate]:
        if isinstance(part, str):
            yield from _gates(asking, asking.policy["gates"][part])
        else:
            yield part


# reach


def _reached(asking: Answers, rule: dict[str, Any], hits: list[Hit], code: str) -> Iterator[Hit]:
    """One per person or unit, however many units lead there."""
    ((whom, how),) = rule["to"].items()
    asking.seen[f"to {whom}: {how}", bool(hits)] += 1
    reached = set()
    for hit in sorted(hits, key=lambda hit: hit.subject):
        there = _below(asking, hit.subject, how) if whom == "unit" else _people(asking, rule, hit.subject, code)
        for subject in set(there) - reached:
            reached.add(subject)
            yield Hit(subject, hit.of, hit.outcome, hit.dose, hit.focus, hit.status)


def _below(asking: Answers, unit: str, how: str) -> Iterator[str]:
    for child, fields in asking.known.bureau.units.items():
        if fields["branch"] == unit:
            yield child
            if how == "descendants":
                yield from _below(asking, child, how)


def _people(asking: Answers, rule: dict[str, Any], unit: str, code: str) -> Iterator[str]:
    """Whose one posting covers every day asked for, as leader where it asks for the leader."""
    ((whom, how),) = rule["to"].items()
    last = first = asking.known.cycles[code].ends_on
    if how == "throughout":
        codes = [code, *_cycles_of(asking, rule["when"], code)]
        first = min(asking.known.cycles[code].starts_on for code in codes)
    for posting in asking.known.bureau.postings:
        leads = posting.is_leader or whom == "members"
        if posting.unit == unit and leads and posting.covers(first, last):
            yield posting.subject


def _cycles_of(asking: Answers, tree: Any, code: str) -> Iterator[str]:
    """The cycles of every span in the tree, and in the trees it names."""
    if isinstance(tree, list):
        for part in tree:
            yield from _cycles_of(asking, part, code)
    elif isinstance(tree, dict):
        for word, part in tree.items():
            if word == "periods":
                yield from (code for code in span(asking, part, code) if code)
            yield from _cycles_of(asking, _named(asking, word, part), code)


def _named(asking: Answers, word: str, part: Any) -> Any:
    if word == "test" and isinstance(part, str):
        return asking.policy["tests"][part]
    return asking.policy["rules"][part]["when"] if word == "met" and isinstance(part, str) else part


# seats and quotas


def _group(asking: Answers, per: str, at: At) -> str | None:
    if per == "bureau":
        return "all"
    unit = asking.known.unit_of(at.who, at.subject, at.code)
    return unit if per == "unit" else asking.known.parent(unit)


def _seat(asking: Answers, rule: dict[str, Any], hits: list[Hit], code: str) -> None:
    """The open ones in order, as far as the seats of each group reach."""
    seats = rule["seats"]
    asking.seen[f"seats per {seats['per']}", bool(hits)] += 1
    queue = [hit for hit in hits if hit.status == "open"]
    for key in reversed([*seats["order"], {"lowest": "subject"}]):
        ((way, number),) = key.items()
        there = [hit for hit in queue if _key(asking, number, hit.of) is not None]
        there.sort(key=lambda hit: _key(asking, number, hit.of), reverse=way == "highest")
        queue = there + [hit for hit in queue if _key(asking, number, hit.of) is None]
    for group in {_group(asking, seats["per"], hit.of) for hit in queue}:
        mine = [hit for hit in queue if _group(asking, seats["per"], hit.of) == group]
        n = int(
            fraction(seats["share"])
            * _base(asking, seats.get("out of", "graded"), seats["per"], group, rule["for"], code)
        )
        first = []
        for floor in seats.get("floors", []):
            protected = [hit for hit in mine if asking.holds(floor["when"], hit.of) is True]
            first += protected[: ceil(fraction(floor["share"]) * n)]
        mine.sort(key=lambda hit: not any(hit is kept for kept in first))
        for hit in mine[0 if group is None else n :]:
            hit.status = "over_quota"


def _key(asking: Answers, number: Any, at: At) -> Any:
    """Fields of the directory serve as they are; `subject` is the public id."""
    fields = asking.known.directory(at.who)[at.subject]
    if isinstance(number, str) and number != "score":
        return fields[{"subject": "code" if at.who == "unit" else "badge"}.get(number, number)]
    found = asking.number(number, at)
    return None if found is None else round(found, 6)


def _base(asking: Answers, out_of: str, per: str, group: str | None, who: str, code: str) -> int:
    known = asking.known
    places = [At(who, subject, code) for subject in known.directory(who) if known.row(who, subject, code)]
    counted = [at for at in places if out_of == "listed" or known.status(*at[:3]) == "graded"]
    return sum(_group(asking, per, at) == group for at in counted)


def _quota(asking: Answers, name: str, quota: dict[str, Any], code: str) -> Iterator[tuple[Any, ...]]:
    known, per = asking.known, quota["per"]
    out_of = quota.get("out of", "listed")
    people = [
        At("officer", subject, code) for subject in known.directory("officer") if known.row("officer", subject, code)
    ]
    groups = {_group(asking, per, at) for at in people if out_of == "listed" or known.status(*at[:3]) == "graded"}
    for group in {"all"} if per == "bureau" else groups - {None}:
        mine = [at for at in people if _group(asking, per, at) == group and known.status(*at[:3]) == "graded"]
        hits = sum(asking.holds(quota["test"], at) is True for at in mine)
        base = _base(asking, out_of, per, group, "officer", code)
        share = quota["share"]
        for lifted in quota.get("lifted", []) if per != "bureau" else []:
            is_lifted = asking.holds(lifted["when"], At("unit", str(group), code)) is True
            asking.seen["quota lifted", is_lifted] += 1
            share = lifted["share"] if is_lifted else share
        cap = int(fraction(share) * base)
        unit = None if per == "bureau" else group
        yield name, unit, known.code_of(unit) or "", hits, base, cap, hits > cap
