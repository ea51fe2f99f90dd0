"""Worked tables: a few people and units in words, what one rule must decide of each, and what it does decide.

A row names who (民警 unless the name ends in 所, 局, 队 or 处), what is known, and the expected result:

    等次: 优秀 暂缓 称职×2      grades of the rule's own kind of cycle, oldest first, ending with the cycle judged;
                              不定 ungraded, 暂缓 pending, 缺 no row. 年度, 季度, 月度 say the same of another kind
    得分: 80 75                scores, ending likewise
    指标: 群众满意度=55 60；…    figures, ending likewise
    事实: award(晋档) 2024-05-01；sanction(警告) 2025-03-01至2025-09-01=12#事由@2025-04-01
    人员: employment=辅警，joined_on=2015-01-01
    任职: 甲所 巡防 2010-01-01至2020-01-01；乙所 巡防 负责人 2020-01-01
    上级, 同类: of a unit
    过往: training:class 2025-03-01 improved     earlier decisions; the rule is the kind unless written R/training:class
    人数: 49                   so many alike
    考核: 2005@2006-01-20      a row of its own: another cycle, as known on another day
    结果: 认定, 暂缓, 不予, 超额, with the rung's outcome, the dose or the focus after it; 无 for none
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import polars as pl

from linkage.rules import Policy, World, decide
from linkage.rules import model as m
from linkage.rules.find import find

DAY: Final = date(2026, 1, 20)
CODES: Final = {"annual": "2025", "quarterly": "2025Q4", "monthly": "2025-12", "any": "2025"}
HISTORIES: Final = {"年度": "annual", "季度": "quarterly", "月度": "monthly"}
STATUSES: Final = {"不定": "ungraded", "暂缓": "pending"}
SAID: Final = {"open": "认定", "held": "暂缓", "blocked": "不予", "over_quota": "超额"}
NONE: Final = ("", "无", "—")
UNGRADED_FIGURES: Final = "只有得分"  # graded by its figures alone
UNIT_NAMES: Final = ("所", "局", "队", "处")
KNOWN: Final = {
    *("名", "等次", "得分", "指标", "事实", "人员", "任职", "上级", "同类", "过往", "人数", "考核", "结果"),
    *HISTORIES,
}
FACT: Final = re.compile(
    r"(?P<kind>[^(（\s]+)(?:[(（](?P<level>[^)）]*)[)）])? +(?P<from>\d{4}-\d\d-\d\d)(?:至(?P<to>\d{4}-\d\d-\d\d))?"
    r"(?:=(?P<amount>-?[\d.]+))?(?:#(?P<note>[^@\s]+))?(?:@(?P<recorded>\d{4}-\d\d-\d\d))?"
)
DECISION: Final = re.compile(r"(?:(?P<rule>[^/\s]+)/)?(?P<outcome>\S+) (?P<day>\d{4}-\d\d-\d\d)(?: (?P<ended>\w+))?")
Row = Mapping[str, Any]


def parts(text: object) -> list[str]:
    return [part.strip() for part in re.split("[；;]", str(text)) if part.strip()]


def tokens(text: object) -> list[str]:
    """称职×2 优秀 is three tokens."""
    out: list[str] = []
    for word in str(text).split():
        token, _, times = word.partition("×")
        out += [token] * int(times or 1)
    return out


def cycles() -> pl.DataFrame:
    rows: list[tuple[str, str, date, date]] = []
    for year in range(1996, 2027):
        rows.append((str(year), "annual", date(year, 1, 1), date(year, 12, 31)))
        if year < 2021:
            continue
        for month in range(1, 13):
            first = date(year, month, 1)
            rows.append((f"{year}-{month:02}", "monthly", first, last_day(year, month)))
        for quarter in range(1, 5):
            first = date(year, 3 * quarter - 2, 1)
            rows.append((f"{year}Q{quarter}", "quarterly", first, last_day(year, 3 * quarter)))
    frame = pl.DataFrame(rows, schema=["code", "kind", "starts_on", "ends_on"], orient="row")
    return frame.filter(pl.col("ends_on") < DAY)


def last_day(year: int, month: int) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)


CYCLES: Final = cycles()


@dataclass
class Table:
    """Rows put to one rule or quota of a policy."""

    policy: Policy
    rule: str
    rows: Sequence[Row]
    code: str = field(init=False)
    day: date = field(init=False)
    people: list[tuple[str, Row]] = field(init=False)
    units: list[tuple[str, Row]] = field(init=False)

    def __post_init__(self) -> None:
        known = {key for row in self.rows for key in row}
        if known - KNOWN:
            raise ValueError(f"{self.rule}: columns nobody knows: {known - KNOWN}")
        named = list(self._named())
        self.code, self.day = self._asked()
        self.recorded = self.day - timedelta(days=10)
        self.units = [(name, row) for name, row in named if name.endswith(UNIT_NAMES)]
        self.people = [(name, row) for name, row in named if not name.endswith(UNIT_NAMES)]

    def _asked(self) -> tuple[str, date]:
        for row in self.rows:
            if "考核" in row:
                code, _, day = str(row["考核"]).partition("@")
                return code, iso(day)
        return CODES[self.kind], DAY

    def _codes(self, kind: str, count: int) -> list[str]:
        """The last so many cycles of a kind, up to the one judged."""
        end = CYCLES.filter(pl.col("code") == self.code)["ends_on"][0]
        past = CYCLES.filter(pl.col("kind") == kind, pl.col("ends_on") <= end)
        return past.sort("ends_on")["code"].to_list()[-count:]

    def _named(self) -> Iterator[tuple[str, Row]]:
        about = self.policy.rules.get(self.rule)
        plain = "第{}所" if about and about.subject == "unit" else "民警{}"
        for number, row in enumerate(self.rows, 1):
            if "考核" in row:
                continue
            name = str(row.get("名") or plain.format(number))
            times = int(row.get("人数") or 1)
            for copy in range(times):
                yield (name if times == 1 else f"{copy}号{name}"), row

    @property
    def kind(self) -> str:
        part = self.policy.rules.get(self.rule) or self.policy.quotas[self.rule]
        return "annual" if part.cycle == "any" else part.cycle

    # the world

    def world(self) -> World:
        everyone = self.people + self.units
        return World(
            officers=self._officers(),
            units=self._unit_frame(),
            postings=self._postings(),
            cycles=CYCLES,
            facts=self._facts(everyone),
            schemes=self._schemes(),
            results=self._results(),
            decisions=self._decisions(everyone),
        )

    def _officers(self) -> pl.DataFrame:
        rows = []
        for name, row in self.people or [("无人", {})]:
            own = dict(pair.split("=") for pair in re.split("[，,；]", str(row.get("人员") or "")) if pair)
            days = {key: date.fromisoformat(own.pop(key, day)) for key, day in DAYS.items()}
            rows.append({"subject": name, "badge": name, **PLAIN, **own, **days})
        return pl.DataFrame(rows)

    def _unit_frame(self) -> pl.DataFrame:
        own = dict(self.units)
        names = dict.fromkeys([*own, "甲所", *(post[1] for post in self._posts()), "分局", "市局"])
        rows = []
        for name in names:
            row = own.get(name, {})
            above = row.get("上级") or {"市局": None, "分局": "市局"}.get(name, "分局")
            group = row.get("同类") or ("派出所" if name in own else "")
            rows.append((name, name, above, "派出所", group))
        return pl.DataFrame(rows, schema=["subject", "code", "branch", "kind", "peer_group"], orient="row")

    def _posts(self) -> list[tuple[Any, ...]]:
        out = []
        for name, row in self.people:
            for text in parts(row.get("任职") or "甲所 巡防 2010-01-01"):
                unit, post, *lead, days = text.split()
                first, _, last = days.partition("至")
                out.append((name, unit, post, bool(lead), iso(first), iso(last) if last else None))
        return out

    def _postings(self) -> pl.DataFrame:
        names = {"subject": pl.String, "unit": pl.String, "post_type": pl.String, "is_leader": pl.Boolean}
        return pl.DataFrame(self._posts(), schema=names | {"from": pl.Date, "to": pl.Date}, orient="row")

    def _facts(self, everyone: Sequence[tuple[str, Row]]) -> pl.DataFrame:
        rows = [fact(name, text) for name, row in everyone for text in parts(row.get("事实") or "")]
        schema = dict.fromkeys(("who", "subject", "kind", "level"), pl.String)
        days = dict.fromkeys(("from", "to", "recorded_on"), pl.Date)
        return pl.DataFrame(rows, schema=schema | days | {"note": pl.String, "amount": pl.Float64}, orient="row")

    def _figures(self, row: Row) -> dict[str, list[str]]:
        pairs = (part.split("=") for part in parts(row.get("指标") or ""))
        return {name.strip(): tokens(figures) for name, figures in pairs}

    def _schemes(self) -> dict[str, tuple[str, ...]]:
        named = {name for tree in self._trees() for part in find(tree, m.Indicator) for name in part.names}
        names = dict.fromkeys(name for _, row in self.people + self.units for name in self._figures(row))
        indicators = (*names, *sorted(named - set(names) - {"*"}))
        return {str(post): indicators for post in dict.fromkeys([post[2] for post in self._posts()] or ["巡防"])}

    def _trees(self) -> list[object]:
        return [*self.policy.rules.values(), *self.policy.quotas.values()]

    def _results(self) -> dict[tuple[str, str], pl.DataFrame]:
        rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for who, everyone in (("officer", self.people), ("unit", self.units)):
            for name, row in everyone:
                for code, result in self._history(row):
                    rows.setdefault((who, code), []).append({"subject": name, **result})
        figures = {name: pl.Float64 for names in self._schemes().values() for name in names}
        schema = {"subject": pl.String, "status": pl.String, "score": pl.Float64, "grade": pl.String}
        schema |= {"recorded_on": pl.Date, **figures}
        return {key: pl.DataFrame(found, schema=schema) for key, found in rows.items()}

    def _history(self, row: Row) -> Iterator[tuple[str, dict[str, Any]]]:
        told = {HISTORIES[key]: row[key] for key in HISTORIES if row.get(key)}
        if row.get("等次"):
            told[self.kind] = row["等次"]
        elif (row.get("得分") or row.get("指标")) and self.kind not in told:
            longest = [tokens(row.get("得分") or ""), *self._figures(row).values()]
            told[self.kind] = f"{UNGRADED_FIGURES}×{max(map(len, longest))}"
        for kind, text in told.items():
            grades = tokens(text)
            for place, (code, grade) in enumerate(zip(self._codes(kind, len(grades)), grades, strict=True)):
                if grade != "缺":
                    yield code, self._result(row, grade, len(grades) - place, own=kind == self.kind)

    def _result(self, row: Row, grade: str, back: int, *, own: bool) -> dict[str, Any]:
        if grade in STATUSES:
            return {"status": STATUSES[grade], "recorded_on": self.recorded}
        out = {"status": "graded", "grade": None if grade == UNGRADED_FIGURES else grade, "recorded_on": self.recorded}
        series = {"score": tokens(row.get("得分") or "80"), **self._figures(row)} if own else {}
        for name, figures in series.items():
            if back <= len(figures) and figures[-back] != "缺":
                out[name] = float(figures[-back])
        return {"score": 80.0 if not row.get("得分") else None, **out}

    def _decisions(self, everyone: Sequence[tuple[str, Row]]) -> pl.DataFrame | None:
        rows = []
        for name, row in everyone:
            for text in parts(row.get("过往") or ""):
                found = matched(DECISION, text)
                rule = found["rule"] or found["outcome"].partition(":")[0]
                rows.append(
                    (who_of(name), rule, name, "open", found["outcome"], iso(found["day"]), found["ended"] or None)
                )
        names = dict.fromkeys(("who", "rule", "subject", "status", "outcome"), pl.String)
        schema = names | {"decided_on": pl.Date, "ended": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row") if rows else None

    # what it decides

    def found(self) -> dict[str, set[str]]:
        """Whom the rule hits, and the words said of the decision."""
        result = decide(self.policy, self.world(), self.code, self.day)
        if self.rule in self.policy.quotas:
            over = result.quotas.filter(pl.col("quota") == self.rule)
            return {row["group"] or "全局": {"超比例" if row["over"] else "未超"} for row in over.iter_rows(named=True)}
        rows = result.decisions.filter(pl.col("rule") == self.rule).iter_rows(named=True)
        return {row["subject"]: said(row) for row in rows}

    def wrong(self) -> dict[str, str]:
        """Who is decided otherwise than the table says: name, expected and found."""
        found = self.found()
        out = {}
        for name, row in self.people + self.units:
            if "结果" not in row and name in dict(self.units) and name not in found:
                continue
            expected = str(row.get("结果") or "").strip()
            words = found.get(name, set())
            fits = not words if expected in NONE else set(expected.split()) <= words
            if not fits:
                out[name] = f"expected {expected or '无'}, found {' '.join(sorted(words)) or '无'}"
        return out

    def expectations(self) -> set[bool]:
        """Whether somebody is expected to be hit, and whether somebody is not."""
        return {str(row.get("结果") or "").strip() not in NONE for row in self.rows if "考核" not in row}


DAYS: Final = {"born_on": "1990-05-05", "joined_on": "2012-03-01"}
PLAIN: Final = {"name": "某", "employment": "在编", "sex": "男", "rank": "一级警员", "post_type": "巡防"}


def said(row: Mapping[str, Any]) -> set[str]:
    outcome = str(row["outcome"])
    words = {SAID[row["status"]], outcome, outcome.partition(":")[2]}
    return words | {str(row[part]).replace(" ", "") for part in ("dose", "focus") if row[part]}


def who_of(name: str) -> str:
    return "unit" if name.endswith(UNIT_NAMES) else "officer"


def iso(text: str) -> date:
    return date.fromisoformat(text)


def matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(f"cannot read {text!r}")
    return found


def fact(name: str, text: str) -> tuple[Any, ...]:
    found = matched(FACT, text)
    first = iso(found["from"])
    last = iso(found["to"]) if found["to"] else None
    known = iso(found["recorded"]) if found["recorded"] else first
    amount = float(found["amount"]) if found["amount"] else None
    return who_of(name), name, found["kind"], found["level"] or "", first, last, known, found["note"] or "", amount
