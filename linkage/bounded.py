"""Putting a policy to one subject, as known on a day: only his rows are read, and those he is ranked among."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.db import connection

from appraisal.models import Cycle
from linkage import frames, local_values, rules
from linkage.rules.find import find
from linkage.rules.model import Decision, Fact, Operand, Peers, Rank
from linkage.rules.strata import looks_at_run, names
from people.models import Officer, Unit

# Who, on one of the days, had the same post type, branch or unit as the officer, by the postings valid then.
ALIKE = """
SELECT DISTINCT p.officer_id FROM people_posting me JOIN people_unit mine ON mine.id = me.unit_id
JOIN unnest(%s::date[]) AS asked(day) ON me.from_day <= day AND (me.to_day IS NULL OR me.to_day >= day)
JOIN people_posting p ON p.from_day <= day AND (p.to_day IS NULL OR p.to_day >= day)
JOIN people_unit theirs ON theirs.id = p.unit_id
WHERE me.officer_id = %s AND {same}
"""
SAME = {
    "post_type": "p.post_type = me.post_type",
    "branch": "theirs.parent_id IS NOT DISTINCT FROM mine.parent_id",
    "unit": "p.unit_id = me.unit_id",
}


def decided(cycle: Cycle, tree: rules.Policy, as_of: date, subject: Officer | Unit) -> rules.RunResult:
    """What the policy says of one subject. Seats are left out: who gets one hangs on everybody, and the run has it."""
    ground = frames.ground()
    tree = local_values.tree_at(tree, place_of(subject, cycle.ends_on), cycle.ends_on)
    plan = rules.make_plan(_alone(tree), ground, cycle.code, as_of)
    only = around(plan, subject.pk) if isinstance(subject, Officer) else []
    return rules.run(plan, frames.world(plan.needs, ground, as_of, only))


def place_of(subject: Officer | Unit, day: date) -> str:
    """Where the subject belongs on a day: an officer by his posting, without one nowhere."""
    if isinstance(subject, Unit):
        return subject.path
    there = subject.postings.filter(from_day__lte=day).exclude(to_day__lt=day)
    return there.values_list("unit__path", flat=True).first() or ""


def _alone(tree: rules.Policy) -> rules.Policy:
    """The policy without what is only answered for everybody together."""
    needed = _asks_for_seats(tree)
    known = {name: replace(rule, seats=rule.seats if needed else None, focus=None) for name, rule in tree.rules.items()}
    return replace(tree, rules=known, quotas={})


def _asks_for_seats(tree: rules.Policy) -> bool:
    """Whether a rule looks at a decision of this run that may have missed its seat."""
    waiting = [rule for rule in tree.rules.values() if looks_at_run(rule)]
    seated = [rule for rule in tree.rules.values() if rule.seats]
    looked_at = [decision for rule in waiting for decision in find(rule.when, Decision) if decision.run]
    return any(names(decision, rule) for decision in looked_at for rule in seated)


def _looks_at_focus(rule: rules.Rule) -> bool:
    return any(fact.same == "focus" for fact in find(rule, Fact))


def around(plan: rules.Plan, officer: int) -> Collection[int] | None:
    """Himself and his peers of every ranking; None, where a ranking or a seat takes in everybody."""
    if any(rule_plan.seats for rule_plan in plan.rules.values()):
        return None
    if not plan.officers.steps and not any(part.rule.focus for part in plan.rules.values()):
        return [officer]
    shared = _shared(plan)
    if not shared:
        return None
    days = [plan.ground.calendar[code].ends_on for code in plan.officers.postings]
    with connection.cursor() as cursor:
        cursor.execute(ALIKE.format(same=" AND ".join(SAME[name] for name in sorted(shared))), [days, officer])
        return [officer, *(row[0] for row in cursor.fetchall())]


def _shared(plan: rules.Plan) -> set[str]:
    """What the peers of all rankings have in common, as far as a posting says it."""
    shared = set(SAME)
    for rule_plan in plan.rules.values():
        groups = [rank.among for rank in find(rule_plan.rule, Rank)]
        groups += [operand.peers[1] for operand in find(rule_plan.rule, Operand) if operand.peers]
        for name in groups:
            peers = plan.policy.peers.get(name or "") or next(iter(_of_officers(plan)), None)
            if peers is not None and peers.subject == "officer":
                shared &= set(peers.same)
    return shared


def _of_officers(plan: rules.Plan) -> list[Peers]:
    return [peers for peers in plan.policy.peers.values() if peers.subject == "officer"]
