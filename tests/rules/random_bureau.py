"""Bureaus drawn by lot: corrected and back-dated rows, gaps, ties, missing figures, people who come, move and go."""

import calendar
import random
from datetime import date, timedelta
from typing import Any

import polars as pl

from linkage.rules import World

from .slow import Bureau, Cycle, Fact, Posting, Row
from .small_bureau import FACT, POSTING

ANNUAL = ("优秀", "称职", "基本称职", "不称职")
SHORT = ("好", "较好", "一般", "较差")
UNIT = ("优秀", "良好", "一般", "较差")
SCHEMES = {"巡防": ("出警", "指标"), "内勤": ("台账", "指标"), "单位": ("执法", "出警")}
INDICATORS = ("出警", "台账", "执法", "指标")
RESULT = {"subject": pl.String, "status": pl.String, "score": pl.Float64, "grade": pl.String, "recorded_on": pl.Date}
DIRECTORY = {"born_on": pl.Date, "joined_on": pl.Date, "employment": pl.String, "sex": pl.String, "rank": pl.String}
DECISION = dict.fromkeys(("who", "rule", "subject", "status", "outcome", "ended"), pl.String) | {"decided_on": pl.Date}


class Lot:
    """Draws one bureau; `size` is the number of officers."""

    def __init__(self, chance: random.Random, size: int) -> None:
        self.chance = chance
        self.officers = {f"p{i}": self.officer(i) for i in range(size)}
        self.units = {f"U{i}": self.unit(i) for i in range(6)}
        self.cycles = [cycle for cycle in calendar_of(chance) if chance.random() < 0.97]

    def pick(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def day(self, first: int, last: int) -> date:
        return date(first, 1, 1) + timedelta(days=self.chance.randrange(365 * (last - first + 1)))

    def officer(self, i: int) -> dict[str, Any]:
        return {
            "badge": str(9_000 - 37 * i),  # not in the order of the keys
            "born_on": self.pick(date(1980, 2, 29), date(1990, 12, 31), self.day(1970, 2000), None),
            "joined_on": self.pick(date(2012, 2, 29), date(2016, 1, 20), self.day(2005, 2023)),
            "employment": self.pick("在编", "在编", "聘用"),
            "sex": self.pick("男", "女", None),
            "rank": self.pick("一级", "二级"),
            "points": self.pick(1.5, 2.0, 2.0, None),
        }

    def unit(self, i: int) -> dict[str, Any]:
        """U0 is above U1 and U2, U1 above U3 and U4, U2 above U5."""
        branch = None if i == 0 else f"U{(i - 1) // 2}"
        return {
            "code": f"C{9 - i}",
            "branch": branch,
            "kind": self.pick("所", "队"),
            "peer_group": self.pick("城区", "城区", "郊区", None),
            "points": self.pick(1.0, 3.0, None),
        }

    def bureau(self) -> Bureau:
        whole = Bureau(self.officers, self.units, [], self.cycles, [], [], SCHEMES)
        for officer in self.officers:
            whole.postings += self.postings(officer)
        for who, subjects in (("officer", self.officers), ("unit", self.units)):
            for subject in subjects:
                whole.facts += [row for _ in range(self.pick(0, 1, 3, 6)) for row in self.facts(who, subject)]
                whole.decisions += [self.decision(who, subject) for _ in range(self.pick(0, 0, 1, 2))]
                for cycle in self.cycles:
                    whole.results += self.results(who, subject, cycle)
        return whole

    def postings(self, officer: str) -> list[Posting]:
        """One after the other, at times with a gap between; the last may have ended."""
        start, out = self.day(2018, 2023), []
        for _ in range(self.pick(0, 1, 1, 2, 3)):
            end = start + timedelta(days=self.pick(90, 400, 700))
            unit, post = f"U{self.chance.randrange(1, 6)}", self.pick("巡防", "内勤")
            out.append(Posting(officer, unit, post, self.pick(True, False), start, end))
            start = end + timedelta(days=self.pick(1, 1, 60))
        if out and self.pick(True, True, False):
            out[-1] = Posting(*list(vars(out[-1]).values())[:5], None)
        return out

    def results(self, who: str, subject: str, cycle: Cycle) -> list[Row]:
        """None, one, or one with corrections: later, on the same day, or back-dated."""
        first = cycle.ends_on + timedelta(days=self.pick(-10, 5, 12, 200))
        days = self.pick([], [first], [first], [first], [first, first], [first, first + timedelta(days=9)])
        days = self.pick(days, days, days, days[::-1])
        return [self.result(who, subject, cycle, on) for on in days]

    def result(self, who: str, subject: str, cycle: Cycle, on: date) -> Row:
        status = self.pick("graded", "graded", "graded", "graded", "ungraded", "pending")
        if status != "graded":
            return Row(who, cycle.code, subject, status, None, None, {}, on)
        scale = UNIT if who == "unit" else ANNUAL if cycle.kind == "annual" else SHORT
        names = SCHEMES[self.pick("巡防", "内勤") if who == "officer" else "单位"]
        return Row(
            who,
            cycle.code,
            subject,
            status,
            self.figure(),
            self.pick(*scale, scale[0], None),
            {name: figure for name in names if (figure := self.figure()) is not None},
            on,
        )

    def figure(self) -> str | None:
        return self.pick("50.1", "60", "60.2", "70", "70", "80.3", "80.5", "95", None)

    def facts(self, who: str, subject: str) -> list[Fact]:
        """A fact, at times recorded again with its end."""
        start = self.pick(self.day(2022, 2026), self.day(2024, 2025), date(2025, 1, 1), date(2025, 12, 31))
        said = {"kind": self.pick("a", "b"), "level": self.pick("x", "y", ""), "note": self.pick("n", "o", "")}
        end = self.pick(None, start + timedelta(days=self.pick(1, 20, 400)))
        on = start + timedelta(days=self.pick(0, 0, 30, -90, -400))
        row = Fact(who, subject, start=start, end=end, recorded_on=on, amount=self.pick("1", "2.5", "-1", None), **said)
        if self.pick(True, True, True, False):
            return [row]
        ended = Fact(**{**vars(row), "end": start + timedelta(days=50), "recorded_on": on + timedelta(days=50)})
        return self.pick([row, ended], [ended, row])

    def decision(self, who: str, subject: str) -> dict[str, Any]:
        return {
            "who": who,
            "subject": subject,
            "rule": self.pick("R0", "OLD"),
            "status": self.pick("open", "held", "blocked", "over_quota"),
            "outcome": self.pick("training:x", "reward:嘉奖"),
            "decided_on": self.day(2023, 2026),
            "ended": self.pick("failed", "passed", None),
        }


def calendar_of(chance: random.Random) -> list[Cycle]:
    """Years, quarters and months; the calendar begins late at times, and a cycle may be missing in it."""
    first = chance.choice([2020, 2021, 2023])
    out = [Cycle(str(y), "annual", date(y, 1, 1), date(y, 12, 31)) for y in range(first, 2026)]
    for year, length, kind, name in (
        (2024, 3, "quarterly", "Q"),
        (2025, 3, "quarterly", "Q"),
        (2025, 1, "monthly", "-"),
    ):
        for i in range(12 // length):
            last = (i + 1) * length
            code = f"{year}{name}{i + 1}" if name == "Q" else f"{year}-{i + 1:02}"
            ends_on = date(year, last, calendar.monthrange(year, last)[1])
            out.append(Cycle(code, kind, date(year, last - length + 1, 1), ends_on))
    return out


def draw_bureau(chance: random.Random) -> Bureau:
    return Lot(chance, chance.choice([4, 8, 12])).bureau()


def draw_run(chance: random.Random, bureau: Bureau) -> tuple[Cycle, date]:
    """A cycle, rather a late one, and a day, rather after its end; at times the end of February."""
    asked = [cycle for cycle in bureau.cycles if cycle.code in ("2023", "2024", "2025", "2025Q4", "2025-07", "2025-12")]
    cycle = chance.choice(asked)
    return cycle, cycle.ends_on + timedelta(days=chance.choice([20, 59, 60, 250, 0, -100]))


# the same as frames


def world_of(bureau: Bureau) -> World:
    postings = [tuple(vars(posting).values()) for posting in bureau.postings]
    cycles = pl.DataFrame(bureau.cycles, schema=["code", "kind", "starts_on", "ends_on"], orient="row")
    facts = [{**vars(fact), "from": fact.start, "to": fact.end, "amount": number(fact.amount)} for fact in bureau.facts]
    return World(
        officers=directory(bureau.officers, {"badge": pl.String, **DIRECTORY, "points": pl.Float64}),
        units=directory(
            bureau.units, dict.fromkeys(("code", "branch", "kind", "peer_group"), pl.String) | {"points": pl.Float64}
        ),
        postings=pl.DataFrame(postings, schema=POSTING, orient="row"),
        cycles=cycles,
        facts=pl.DataFrame(facts, schema=FACT | {"who": pl.String}),
        schemes=bureau.schemes,
        results=results_of(bureau),
        decisions=pl.DataFrame(bureau.decisions, schema=DECISION),
    )


def directory(fields: dict[str, dict[str, Any]], schema: dict[str, Any]) -> pl.DataFrame:
    rows = [{"subject": subject, **said} for subject, said in fields.items()]
    return pl.DataFrame(rows, schema={"subject": pl.String, **schema})


def number(text: str | None) -> float | None:
    return None if text is None else float(text)


def results_of(bureau: Bureau) -> dict[tuple[str, str], pl.DataFrame]:
    rows: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in bureau.results:
        plain = (row.subject, row.status, number(row.score), row.grade, row.recorded_on)
        figures = [number(row.figures.get(name)) for name in INDICATORS]
        rows.setdefault((row.who, row.cycle), []).append((*plain, *figures))
    schema = RESULT | dict.fromkeys(INDICATORS, pl.Float64)
    return {key: pl.DataFrame(found, schema=schema, orient="row") for key, found in rows.items()}
