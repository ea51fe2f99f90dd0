"""What must be loaded for a run; known before any data is read, and never more than the policy can see."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import model as m
from .build import fact_kinds
from .find import find
from .world import OFFICER, UNIT

if TYPE_CHECKING:
    from .plan import Plan
    from .sheet import Sheet


@dataclass(frozen=True)
class Needs:
    results: Mapping[
        tuple[str, str], frozenset[str]
    ]  # (officer|unit, cycle) -> columns beside subject, status, recorded_on
    facts: Mapping[str, frozenset[str]]  # officer|unit -> kinds
    postings: tuple[dt.date, dt.date] | None  # all postings that touch these days; None: no posting at all
    officer_fields: frozenset[str]
    unit_fields: frozenset[str]
    decisions: bool  # the register of earlier decisions is looked at
    everyone: Mapping[str, bool]  # officer|unit -> also those without a result


def needs_of(plan: "Plan") -> Needs:
    """What the plan needs, with what the plans of branches do."""
    found = _needs_of(plan)
    for branch in plan.branches:
        found = _both(found, branch.needs)
    if not plan.branches:
        return found
    end = plan.ground.calendar[plan.code].ends_on  # who belongs to which branch
    first, last = found.postings or (end, end)
    return replace(found, postings=(min(first, end), max(last, end)))


def _both(a: Needs, b: Needs) -> Needs:
    days = [day for postings in (a.postings, b.postings) if postings for day in postings]
    none: frozenset[str] = frozenset()
    return Needs(
        results={key: a.results.get(key, none) | b.results.get(key, none) for key in {**a.results, **b.results}},
        facts={who: a.facts.get(who, none) | b.facts.get(who, none) for who in (OFFICER, UNIT)},
        postings=(min(days), max(days)) if days else None,
        officer_fields=a.officer_fields | b.officer_fields,
        unit_fields=a.unit_fields | b.unit_fields,
        decisions=a.decisions or b.decisions,
        everyone={who: a.everyone[who] or b.everyone[who] for who in (OFFICER, UNIT)},
    )


def _needs_of(plan: "Plan") -> Needs:
    sheets = {OFFICER: plan.officers, UNIT: plan.units}
    return Needs(
        results={
            (who, code): frozenset(columns - {"status", "recorded_on"})
            for who, sheet in sheets.items()
            for code, columns in sheet.results.items()
        },
        facts={who: frozenset(fact_kinds(sheet)) for who, sheet in sheets.items()},
        postings=_postings(plan),
        officer_fields=frozenset(plan.officers.fields | {"subject", "badge"}),
        unit_fields=frozenset(plan.units.fields - {"branch code"} | {"subject", "code", "branch"}),
        decisions=any(_looks_back(sheet) for sheet in sheets.values()),
        everyone={who: sheet.everyone for who, sheet in sheets.items()},
    )


def _postings(plan: "Plan") -> tuple[dt.date, dt.date] | None:
    calendar, asked = plan.ground.calendar, plan.officers.postings
    days = [calendar[code].ends_on for code in asked]
    days += [calendar[code].starts_on for code, columns in asked.items() if "days" in columns]
    for rule in (rule_plan.rule for rule_plan in plan.rules.values()):
        if rule.to and rule.to[0] != UNIT:
            days += [plan.reach_since(rule), calendar[plan.code].ends_on]
    if not days:
        return None
    stays = any(column.endswith(" since") for columns in asked.values() for column in columns)
    return (dt.date.min if stays else min(days)), max(days)


def _looks_back(sheet: "Sheet") -> bool:
    """Whether earlier decisions are asked for, by themselves or to say after which day facts count."""
    keys = [*sheet.facts, *(step.fact for step in sheet.steps.values() if step.fact)]
    anchors = any(True for key in keys for _ in find(key.fact, m.Decision))
    return anchors or bool(sheet.past_figures) or any(not decision.run for decision in sheet.past)
