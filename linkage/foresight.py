"""What a set of decisions would cost and whom it would keep busy, before a single case is opened."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Count

from linkage import outcomes
from linkage.rules import RunResult
from people.models import Unit
from people.queries import lines, parent
from people.roles import Role
from workflows import kinds
from workflows.calendars import Calendar, Deadline
from workflows.clock import now
from workflows.kinds import DecisionView, Foreseen, Kind
from workflows.models import Case, WorkItem
from workflows.work_items import Router

MONTHS = 12
LATER = "later"
DESKS_KEPT = 60
NOBODY = -1  # stands for an officer in a case that is never saved
Place = tuple[str, str]  # role, path of the desk
Load = Counter[tuple[Place, str]]  # how many work items of a desk fall due in a month


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cases alike in all a forecast looks at."""

    kind: str
    word: str
    who: str
    unit_path: str
    line_path: str


@dataclass(frozen=True, kw_only=True)
class Caused:
    """The work of one set of decisions."""

    cases: Counter[str]  # by kind
    items: Counter[str]
    load: Load


def opened(found: RunResult) -> pl.DataFrame:
    """The open decisions that would open a case each: kind, word, who, subject.

    Where a kind has one open case per subject, further decisions join it, also one that is open already. A restriction
    opens nothing, nor does a word that no installed kind knows.
    """
    parts = pl.col("outcome").str.split_exact(":", 1).struct
    rows = found.decisions.filter(status="open")
    opening = [outcome for outcome in rows["outcome"].unique() if _opens(outcome)]
    rows = rows.filter(pl.col("outcome").is_in(opening))
    rows = rows.with_columns(kind=parts.field("field_0"), word=parts.field("field_1"))
    rows = rows.select("kind", "word", "who", "subject")
    joining = [kind.name for kind in kinds.registered() if kind.join]
    alone = rows.filter(~pl.col("kind").is_in(joining))
    together = rows.filter(pl.col("kind").is_in(joining)).unique(["kind", "who", "subject"], keep="first")
    slot = pl.format("{}:{}", "who", "subject")
    going_on = Case.objects.filter(kind__in=joining, closed_at=None).values_list("kind", "slot")
    there = pl.DataFrame(list(going_on), schema={"kind": pl.String, "slot": pl.String}, orient="row")
    together = together.with_columns(slot=slot).join(there, on=["kind", "slot"], how="anti").drop("slot")
    return pl.concat([alone, together])


def _opens(outcome: str) -> bool:
    return kinds.find(outcome.partition(":")[0]) is not None and not outcomes.refused(outcome)


def foreseen(rows: pl.DataFrame) -> dict[tuple[str, str], Foreseen]:
    """What each outcome is expected to be, by (kind, word). What no kind knows opens nothing."""
    words: defaultdict[str, set[str]] = defaultdict(set)
    for name, word in rows.select("kind", "word").unique().iter_rows():
        words[name].add(word)
    known: dict[tuple[str, str], Foreseen] = {}
    for name, asked in words.items():
        if kind := kinds.find(name):
            told = kind.foresee(asked) if kind.foresee else {}
            known |= {(name, word): told.get(word) or Foreseen(path=kind.path) for word in asked}
    return known


def caused(rows: pl.DataFrame, expected: Mapping[tuple[str, str], Foreseen], day: date) -> Caused:
    """The work items of these cases by desk and month, if each is done on the last day it is given."""
    clock = now()
    work = Caused(cases=Counter(), items=Counter(), load=Counter())
    by_kind: defaultdict[str, Counter[Group]] = defaultdict(Counter)
    for group, count in _groups(rows, day).items():
        by_kind[group.kind][group] += count
    for name, groups in by_kind.items():
        kind = kinds.find(name)
        if kind is None:
            continue
        work.cases[name] += groups.total()
        _add(work, kind, groups, expected, clock.calendar, day)
    return work


def _add(
    work: Caused,
    kind: Kind,
    groups: Mapping[Group, int],
    expected: Mapping[tuple[str, str], Foreseen],
    calendar: Calendar,
    day: date,
) -> None:
    sample = {group: _case(kind, group, expected[group.kind, group.word]) for group in groups}
    router = Router.of_cases(kind, sample.values(), day)
    months = {
        word: due_months(kind, told, calendar, day) for (name, word), told in expected.items() if name == kind.name
    }
    for group, count in groups.items():
        for state, month in months[group.word]:
            desk = router.desk(kind.duties[state], sample[group])
            work.items[kind.name] += count
            work.load[(desk.role, desk.path), month] += count


def due_months(kind: Kind, told: Foreseen, calendar: Calendar, day: date) -> list[tuple[str, str]]:
    """Each state with a duty, and the month in which it falls due: every one begins when the one before is due."""
    known, found = set(months_from(day)), []
    for state in told.path:
        duty = kind.duties.get(state)
        if duty is None:
            continue
        length = duty.due if isinstance(duty.due, Deadline) else duty.usual
        day = calendar.due(day, length).day if length else day
        month = f"{day:%Y-%m}"
        found.append((state, month if month in known else LATER))
    return found


def months_from(day: date) -> list[str]:
    return [f"{(day.year * 12 + day.month - 1 + n) // 12}-{(day.month - 1 + n) % 12 + 1:02d}" for n in range(MONTHS)]


def _groups(rows: pl.DataFrame, day: date) -> Counter[Group]:
    officers = rows.filter(who="officer")["subject"].unique().to_list()
    stands = lines(officers, day)
    units = dict(Unit.objects.filter(pk__in=rows.filter(who="unit")["subject"].to_list()).values_list("pk", "path"))
    groups: Counter[Group] = Counter()
    for name, word, who, subject in rows.iter_rows():
        if who == "officer":
            path, line = stands[subject].unit_path, stands[subject].line_path
        else:  # the head of the unit above answers for a unit
            path, line = units[subject], parent(units[subject]) or units[subject]
        groups[Group(kind=name, word=word, who=who, unit_path=path, line_path=line)] += 1
    return groups


def _case(kind: Kind, group: Group, told: Foreseen) -> Case:
    view = DecisionView(rule="", cycle="", outcome=group.word)
    fields = dict(kind.from_decision(view)[1]) if kind.from_decision else {}
    officer = NOBODY if group.who == "officer" else None
    return kind.model(
        kind=kind.name,
        officer_id=officer,
        unit_path=group.unit_path,
        line_path=group.line_path,
        **{**fields, **told.fields},
    )


# As a report keeps it -------------------------------------------------------------------------------------------------
def work_of(draft: Caused, live: Caused, day: date) -> dict[str, Any]:
    """The desks that get the most, each beside what lies on it today; what falls to the subjects themselves apart."""
    desks = sorted(_desks(draft.load), key=lambda desk: -sum(_months(draft.load, desk).values()))
    office = [desk for desk in desks if desk[0] != Role.OFFICER]
    lying, units = open_now(), dict(Unit.objects.values_list("path", "name"))
    return {
        "months": [*months_from(day), LATER],
        "kinds": [
            {
                "kind": name,
                "cases": draft.cases[name],
                "items": draft.items[name],
                "live_cases": live.cases[name],
                "live_items": live.items[name],
            }
            for name in sorted(draft.cases | live.cases)
        ],
        "desks": [_desk(desk, draft.load, live.load, lying, units) for desk in office[:DESKS_KEPT]],
        "more": len(office[DESKS_KEPT:]),
        "own": sum(count for (desk, _month), count in draft.load.items() if desk[0] == Role.OFFICER),
        "all": dict(_sum(draft.load)),
        "live_all": dict(_sum(live.load)),
    }


def _desk(desk: Place, draft: Load, live: Load, lying: Mapping[Place, int], units: Mapping[str, str]) -> dict[str, Any]:
    months = _months(draft, desk)
    return {
        "role": desk[0],
        "path": desk[1],
        "unit": units.get(desk[1], desk[1]),
        "open": lying.get(desk, 0),
        "months": dict(months),
        "total": months.total(),
        "live_total": _months(live, desk).total(),
    }


def _desks(load: Load) -> set[Place]:
    return {desk for desk, _month in load}


def _months(load: Load, desk: Place) -> Counter[str]:
    found: Counter[str] = Counter()
    for (of, month), count in load.items():
        if of == desk:
            found[month] += count
    return found


def _sum(load: Load) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_desk, month), count in load.items():
        found[month] += count
    return found


def open_now() -> dict[Place, int]:
    """How many work items lie on each desk."""
    rows = WorkItem.objects.filter(closed_at=None).order_by().values_list("role", "desk").annotate(count=Count("pk"))
    return {(role, path): count for role, path, count in rows}


def budget_of(
    draft: pl.DataFrame, live: pl.DataFrame, costs: Mapping[tuple[str, str], Foreseen]
) -> list[dict[str, Any]]:
    """The cases of each outcome that costs something, and what they cost together."""
    counts = [Counter(rows.select("kind", "word").iter_rows()) for rows in (draft, live)]
    return [
        {
            "kind": key[0],
            "word": key[1],
            "each": str(told.cost),
            "count": counts[0][key],
            "live_count": counts[1][key],
            "sum": str(told.cost * counts[0][key]),
            "live_sum": str(told.cost * counts[1][key]),
        }
        for key, told in sorted(costs.items())
        if told.cost
    ]


def doses_of(draft: RunResult, live: RunResult | None) -> list[dict[str, Any]]:
    """The doses of the open decisions summed up: days of training, for one, by rule and unit of measure."""
    sums = [_doses(found) if found else {} for found in (draft, live)]
    empty = (0, 0.0)
    return [
        {
            "rule": rule,
            "unit": unit,
            "people": sums[0].get((rule, unit), empty)[0],
            "sum": sums[0].get((rule, unit), empty)[1],
            "live_sum": sums[1].get((rule, unit), empty)[1],
        }
        for rule, unit in sorted({**sums[0], **sums[1]})
    ]


def _doses(found: RunResult) -> dict[tuple[str, str], tuple[int, float]]:
    parts = pl.col("dose").str.split_exact(" ", 1).struct
    rows = found.decisions.filter(pl.col("status") == "open", pl.col("dose").fill_null("") != "")
    rows = rows.with_columns(number=parts.field("field_0").cast(pl.Float64, strict=False), unit=parts.field("field_1"))
    sums = rows.group_by("rule", "unit").agg(pl.len().alias("people"), pl.col("number").sum())
    return {(rule, unit): (people, number) for rule, unit, people, number in sums.iter_rows()}


def seats_of(draft: RunResult, live: RunResult | None) -> list[dict[str, Any]]:
    """The seats of each rule and group: how many there are, how many ask for one, how many get in."""
    found = [_seats(result) if result else {} for result in (draft, live)]
    units = {unit.pk: unit for unit in Unit.objects.only("name", "code")}
    empty: Sequence[int] = (0, 0, 0)
    return [
        {
            "rule": rule,
            "group": group,
            "name": units[group].name if group in units else "",
            "code": units[group].code if group in units else "",
            **dict(zip(("seats", "asking", "in"), found[0].get((rule, group), empty), strict=True)),
            **dict(zip(("live_seats", "live_asking", "live_in"), found[1].get((rule, group), empty), strict=True)),
        }
        for rule, group in sorted({**found[0], **found[1]}, key=lambda key: (key[0], key[1] or 0))
    ]


def _seats(result: RunResult) -> dict[tuple[str, int | None], tuple[int, int, int]]:
    found: dict[tuple[str, int | None], tuple[int, int, int]] = {}
    for rule, rows in result.fired.items():
        if result.plan.rules[rule].seats is None:
            continue
        asking = rows.filter(pl.col("status").is_in(["open", "over_quota"]))
        groups = asking.group_by("group").agg(
            pl.col("seats").first(), pl.len().alias("asking"), (pl.col("status") == "open").sum().alias("in")
        )
        found |= {(rule, group): (int(seats or 0), asked, got) for group, seats, asked, got in groups.iter_rows()}
    return found
