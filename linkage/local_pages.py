"""The page on which a branch sets its own values: what the policy leaves to it, what holds, and how rules then read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from linkage import comparing, local_values, pages, register, rules
from linkage.models import LocalParameter
from linkage.refusals import NoPolicy
from people.models import Unit

MOST = 200  # rows of the history on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A parameter that the policy leaves to branches, and what this branch made of it."""

    name: str
    param: Any
    own: LocalParameter | None
    coming: Sequence[LocalParameter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """A rule that reads differently in the branch."""

    rule: str
    title: str
    before: tuple[comparing.Piece, ...]
    after: tuple[comparing.Piece, ...]


def branch_page(unit: Unit) -> dict[str, Any]:
    today = timezone.localdate()
    history = LocalParameter.objects.filter(unit=unit).select_related("set_by__officer").order_by("-pk")[:MOST]
    try:
        policy = register.in_force(today)
    except NoPolicy:
        return {"unit": unit, "history": history}
    tree = register.parsed(policy)
    held = local_values.values_on(tree, today).get(unit.pk, {})
    return {
        "unit": unit,
        "policy": policy,
        "left": _left(tree, unit, today),
        "reads": reads(tree, held),
        "history": history,
        "today": today,
    }


def _left(tree: rules.Policy, unit: Unit, today: date) -> list[Left]:
    own = {row.name: row for row in local_values.rows_on(tree.id, today) if row.unit_id == unit.pk}
    coming: dict[str, list[LocalParameter]] = {}
    for row in LocalParameter.objects.filter(unit=unit, code=tree.id, from_day__gt=today).order_by("from_day"):
        coming.setdefault(row.name, []).append(row)
    return [
        Left(name=name, param=param, own=own.get(name), coming=coming.get(name, []))
        for name, param in tree.params.items()
        if param.local
    ]


def reads(tree: rules.Policy, values: local_values.Values) -> list[Reads]:
    """The rules and quotas that the values change, before and after. Raises `PolicyError` for values not allowed."""
    if not values:
        return []
    local, lang = rules.with_local(tree, values), pages.language()
    before, after = comparing.sentences(tree, lang), comparing.sentences(local, lang)
    return [
        Reads(rule=name, title=said.title, before=pieces[0], after=pieces[1])
        for name, said in after.items()
        if said.words != before[name].words
        for pieces in [comparing.marked(before[name].words, said.words)]
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One branch in the list, with the values it has of its own today."""

    unit: Unit
    rows: Sequence[LocalParameter]


def lines(units: Sequence[Unit]) -> list[Line]:
    rows = local_values.rows_on(register.REFERENCE, timezone.localdate())
    return [Line(unit, [row for row in rows if row.unit_id == unit.pk]) for unit in units]
