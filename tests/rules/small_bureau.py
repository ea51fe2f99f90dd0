"""A small bureau for worked tables: histories of annual grades, oldest first, and one rule put to them.

History letters: A 优秀, B 称职, C 基本称职, D 不称职, - ungraded, ? pending, . no row. Units (U0 > U1 > U2) read B as
良好, C as 一般, D as 较差.
"""
# ruff: noqa: E501  a row of a table reads best on one line

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from linkage.rules import RunResult, World, decide, parse

GRADES = {"A": "优秀", "B": "称职", "C": "基本称职", "D": "不称职"}
UNIT_GRADES = {"A": "优秀", "B": "良好", "C": "一般", "D": "较差"}
OTHERS = {"-": "ungraded", "?": "pending"}
DAY = date(2026, 1, 20)
HEAD = """policy: t
title: {zh: 试, en: t}
grades: {annual: [优秀, 称职, 基本称职, 不称职], quarterly: [好, 较好, 一般, 较差], monthly: [好, 较好, 一般, 较差], unit: [优秀, 良好, 一般, 较差]}
peers: {officers: {for: officer, same: [post_type, branch]}, units: {for: unit, same: peer_group}}
rules:
"""
RESULT = {"subject": pl.String, "status": pl.String, "score": pl.Float64, "grade": pl.String, "recorded_on": pl.Date}
FACT = {
    "subject": pl.String,
    "kind": pl.String,
    "level": pl.String,
    "from": pl.Date,
    "to": pl.Date,
    "recorded_on": pl.Date,
    "note": pl.String,
    "amount": pl.Float64,
}
POSTING = {
    "subject": pl.String,
    "unit": pl.String,
    "post_type": pl.String,
    "is_leader": pl.Boolean,
    "from": pl.Date,
    "to": pl.Date,
}


def d(text: str) -> date:
    return date.fromisoformat(text)


def fact(subject: str, kind: str, on: str, **more: Any) -> dict[str, Any]:
    """A fact dated `on`; recorded the same day unless said otherwise."""
    row = {"subject": subject, "kind": kind, "level": "", "from": d(on), "to": None, "note": "", "amount": None}
    days = {key: d(more.pop(key)) for key in ("to", "recorded_on") if more.get(key)}
    return {**row, "recorded_on": d(on), **more, **days}


def posting(subject: str, unit: str, *, leads: bool, since: str, to: str | None = None) -> tuple[Any, ...]:
    return subject, unit, "巡防", leads, d(since), d(to) if to else None


@dataclass
class Bureau:
    """Officers and units by name with their histories; scores and monthly grades as {(name, cycle): figure}."""

    officers: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    facts: Sequence[dict[str, Any]] = ()
    scores: Mapping[tuple[str, str], float] = field(default_factory=dict)
    figures: Mapping[tuple[str, str], float] = field(default_factory=dict)  # of the indicator 指标
    months: Mapping[str, str] = field(default_factory=dict)  # twelve letters, January first
    postings: Sequence[tuple[Any, ...]] | None = None
    decisions: pl.DataFrame | None = None
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # of the directory, by name

    def world(self) -> World:
        years = max(7, *(len(history) for history in (*self.officers.values(), *self.units.values())))
        cycles = [(str(y), "annual", date(y, 1, 1), date(y, 12, 31)) for y in range(2026 - years, 2026)]
        cycles += [(f"2025-{m:02}", "monthly", date(2025, m, 1), date(2025, m, 28)) for m in range(1, 13)]
        return World(
            officers=self._officers(),
            units=pl.DataFrame(
                {
                    "subject": ["U0", "U1", "U2"],
                    "code": ["U0", "U1", "U2"],
                    "branch": [None, "U0", "U1"],
                    "kind": ["x"] * 3,
                    "peer_group": ["g"] * 3,
                }
            ),
            postings=pl.DataFrame(self._postings(), schema=POSTING, orient="row"),
            cycles=pl.DataFrame(cycles, schema=["code", "kind", "starts_on", "ends_on"], orient="row"),
            facts=self._facts(),
            schemes={"巡防": ("指标",)},
            results=self._results(years),
            decisions=self.decisions,
        )

    def _officers(self) -> pl.DataFrame:
        plain = {"born_on": d("1990-05-05"), "joined_on": d("2012-02-29"), "employment": "在编", "sex": "女"}
        rows = [{"subject": n, "badge": n, **plain, **self.fields.get(n, {})} for n in self.officers]
        return pl.DataFrame(rows)

    def _postings(self) -> Sequence[tuple[Any, ...]]:
        if self.postings is not None:
            return self.postings
        return [posting(name, "U1", leads=False, since="2010-01-01") for name in self.officers]

    def _facts(self) -> pl.DataFrame:
        is_unit = pl.col("subject").is_in(["U0", "U1", "U2"])
        who = pl.when(is_unit).then(pl.lit("unit")).otherwise(pl.lit("officer"))
        return pl.DataFrame(list(self.facts), schema=FACT).with_columns(who=who)

    def _results(self, years: int) -> dict[tuple[str, str], pl.DataFrame]:
        rows: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
        for who, histories, grades in (("officer", self.officers, GRADES), ("unit", self.units, UNIT_GRADES)):
            for name, history in histories.items():
                for year, letter in zip(range(2026 - years, 2026), history.rjust(years, "."), strict=True):
                    known = date(year + 1, 1, 10)
                    rows.setdefault((who, str(year)), []).extend(self._row(name, letter, str(year), grades, known))
        for name, history in self.months.items():
            for month, letter in enumerate(history, 1):
                code = f"2025-{month:02}"
                grades = dict(zip("ABCD", ("好", "较好", "一般", "较差"), strict=True))
                rows.setdefault(("officer", code), []).extend(self._row(name, letter, code, grades, d("2026-01-05")))
        schema = RESULT | {"指标": pl.Float64}
        return {key: pl.DataFrame(found, schema=schema, orient="row") for key, found in rows.items()}

    def _row(self, name: str, letter: str, code: str, grades: Mapping[str, str], known: date) -> list[tuple[Any, ...]]:
        if letter == ".":
            return []
        if letter not in grades:
            return [(name, OTHERS[letter], None, None, known, None)]
        score = self.scores.get((name, code), 80.0)
        return [(name, "graded", score, grades[letter], known, self.figures.get((name, code)))]


def one_rule(body: str, extra: str = "", rules: str = "") -> str:
    """A policy of one annual rule for officers, whose parts the body may override; other rules may stand before it."""
    lines = [line for line in body.strip().splitlines() if line.strip()]
    own = {line.split(":")[0] for line in lines if not line.startswith(" ")}
    parts = {"title": "t", "for": "officer", "cycle": "annual", "basis": "t", "outcome": "reward:x"}
    if "ladder" in own:
        parts.pop("outcome")
    plain = [f"{key}: {value}" for key, value in parts.items() if key not in own]
    return (
        HEAD.replace("rules:\n", extra + "rules:\n" + rules)
        + "  R:\n"
        + "".join(f"    {line}\n" for line in plain + lines)
    )


def run_rule(
    body: str, bureau: Bureau, *, cycle: str = "2025", extra: str = "", rules: str = "", day: date = DAY
) -> RunResult:
    return decide(parse(one_rule(body, extra, rules)), bureau.world(), cycle, day)


def statuses(result: RunResult) -> dict[str, str]:
    return dict(result.decisions.select("subject", "status").iter_rows())


def put(body: str, expected: Mapping[str, str], **bureau: Any) -> dict[str, str]:
    """Put a rule to histories; what comes out per history, "" where nothing fires. Officers are named p0, p1, ..."""
    names = {f"p{i}": history for i, history in enumerate(expected)}
    found = statuses(run_rule(body, Bureau(names, **bureau)))
    return {history: found.get(name, "") for name, history in names.items()}
