"""Policies drawn from the grammar: each is said, checked, planned, run and explained."""
# ruff: noqa: S311, E501  seeded chance, so that a failure can be seen again; choices read best on one line

import random
from collections import Counter
from typing import Any

import pytest
import yaml

from linkage.rules import PolicyError, RunResult, check, decide, describe, evidence, margins, parse, reasons, why

from .small_bureau import DAY, HEAD, Bureau, fact, posting

GRADES = ["优秀", "称职", "基本称职", "不称职"]
OPS = ["at least", "at most", "above", "below", "is"]
LEAVES = [
    "grade",
    "status",
    "score",
    "indicator",
    "rank",
    "fact",
    "profile",
    "age",
    "years",
    "served",
    "post",
    "unit",
    "parent",
    "decision",
    "add",
    "multiply",
    "limit",
    "table",
]
NODES = [*LEAVES, "all", "any", "not", "periods", "sequence"]


class Draw:
    """Draws conditions for one kind of subject; deeper ones are simpler."""

    def __init__(self, chance: random.Random, subject: str) -> None:
        self.chance, self.subject = chance, subject

    def pick(self, *words: Any) -> Any:
        return self.chance.choice(words)

    def condition(self, depth: int = 0) -> Any:
        kind = self.pick(*(NODES if depth < 3 else LEAVES))
        make = getattr(self, f"draw_{kind}", None)
        return {kind: make(depth + 1) if make else [self.condition(depth + 1) for _ in range(self.pick(1, 2, 3))]}

    def draw_not(self, depth: int) -> Any:
        return self.condition(depth)

    draw_unit = draw_parent = draw_not

    def draw_grade(self, depth: int) -> Any:
        return self.pick(self.pick(*GRADES, "较差", "一般"), {self.pick(*OPS): self.pick(*GRADES)})

    def draw_status(self, depth: int) -> Any:
        return self.pick("graded", "ungraded", "pending", "absent")

    def compared(self, number: dict[str, Any]) -> dict[str, Any]:
        before = {"before": self.pick(1, 2), "plus": self.pick(-10, 5), "times": self.pick(1, 0.5)}
        peers = "officers" if self.subject == "officer" else "units"
        return {
            **number,
            self.pick(*OPS): self.pick(0, 1, 80, 50.5, "previous", before, {self.pick("median", "mean"): peers}),
        }

    def draw_score(self, depth: int) -> Any:
        return self.compared({})

    def draw_indicator(self, depth: int) -> Any:
        return self.compared(self.pick({"of": "指标"}, {"any of": "scheme"}, {"each of": ["指标"]}))

    def draw_rank(self, depth: int) -> Any:
        return {
            self.pick("top", "bottom"): self.pick("20%", 1, "1/3"),
            "members": self.pick(1, 3),
            "of": self.number(depth),
        }

    def window(self) -> dict[str, Any]:
        length = self.pick("30 days", "12 months", "1 year", "2 weeks")
        return self.pick(
            {}, {"active": "now"}, {"active": "cycle end"}, {"during": "cycle"}, {"during": "year"}, {"overlaps": "cycle"},
            {"within": length}, {"ahead": length}, {"after": {"fact": {"kind": "b", **self.pick({}, {"during": "cycle"})}}},
            {"after": {"decision": {"of": "training"}}},
        )  # fmt: skip

    def fact(self) -> dict[str, Any]:
        total = self.pick({}, {"total": self.pick("days", "longest", "amount", "latest")}, {"once per": "note"})
        which = self.pick(
            {}, {"amount": {self.pick(*OPS): 1}}, {"exempt": {"fact": {"kind": "b"}}}, {"lasts": self.pick("1 years", {"x": "1 years"})}
        )  # fmt: skip
        window = self.window()
        if "active" in window:
            which |= self.pick({}, {"added": "4 years"})
        return {"kind": self.pick("a", ["a", "b"]), **self.pick({}, {"level": "x"}), **window, **total, **which}

    def draw_fact(self, depth: int) -> Any:
        return self.pick(self.fact(), self.compared(self.fact()))

    def draw_profile(self, depth: int) -> Any:
        return {"sex": "女"} if self.subject == "officer" else {"kind": "x"}

    def draw_age(self, depth: int) -> Any:
        return {"on": self.pick("as of", "cycle end"), self.pick(*OPS): 35}

    def draw_years(self, depth: int) -> Any:
        return {"since": "joined_on", self.pick(*OPS): self.pick(5, "previous")}

    def draw_served(self, depth: int) -> Any:
        return {
            "of": self.pick("unit", "post_type", "leader"),
            self.pick(*OPS): self.pick("6 months", "1 years", "9 days"),
        }

    def draw_post(self, depth: int) -> Any:
        return self.pick({"unit": "U1"}, {"branch": "U0"}, {"is_leader": "是"}, "巡防")

    def draw_decision(self, depth: int) -> Any:
        more = self.pick({"in": "this run"}, {"within": "1 year"}, {"ended": "failed"}, {self.pick(*OPS): 1})
        return {"of": "training", **more}

    def draw_add(self, depth: int) -> Any:
        return {"of": [self.number(depth), self.pick(1, -40, self.number(3))], self.pick(*OPS): 12}

    draw_multiply = draw_add

    def draw_limit(self, depth: int) -> Any:
        return self.compared({"of": self.number(depth), **self.pick({"floor": 0}, {"cap": 9}, {"floor": 1, "cap": 5})})

    def draw_table(self, depth: int) -> Any:
        of = self.pick({"fact": self.fact()}, "grade", {"post": "post_type"})
        more = self.pick({}, {"pick": self.pick("highest", "lowest", "sum")}, {"otherwise": 1})
        return self.compared({"of": of, "values": {"x": 1.35, "优秀": 2, "巡防": 3}, **more})

    def draw_sequence(self, depth: int) -> Any:
        steps = [self.pick(self.condition(3), {"fact": {"kind": "a"}}) for _ in range(self.pick(1, 2, 3))]
        return {"steps": steps, "within": self.pick("3 years", "0 days"), **self.pick({}, {"apart": "1 years"})}

    def span(self) -> dict[str, Any]:
        found = self.pick(
            {"last": self.pick(1, 3, 9, "all")},
            {"within": self.pick("24 months", "year", "cycle", "3 cycles")},
            {"year of": "joined_on"} if self.subject == "officer" else {"last": 2},
        )
        kind = self.pick("absent", "pending", "ungraded", "unmeasured", "back-filled", "part year")
        gaps = {kind: self.pick("break", "skip", "pass", "previous", "wait", "as is")}
        extra = self.pick({}, {"gaps": gaps}, {"after": {"fact": self.fact()}}, {"kind": "monthly"}, {"before": 1})
        return {**found, **extra}

    def draw_periods(self, depth: int) -> Any:
        how = self.pick("each", "none", "some", "from", "count", "run", "share", "number")
        if how == "from":
            return {**self.span(), how: self.condition(depth), **self.pick({}, {"until": self.condition(3)})}
        if how in ("each", "none", "some"):
            return {**self.span(), how: self.condition(depth)}
        if how == "share":
            return {**self.span(), how: self.condition(depth), self.pick(*OPS): "50%"}
        return self.compared(
            self.periods_number(depth) if how == "number" else {**self.span(), how: self.condition(depth)}
        )

    def periods_number(self, depth: int) -> dict[str, Any]:
        worth = [{"this": self.condition(3), "value": 1.5}]
        figure = {self.pick("sum", "mean", "min", "max"): self.number(3)}
        balance = {"balance": self.number(3), **self.pick({}, {"floor": 0, "cap": 20})}
        return {**self.span(), **self.pick({"worth": worth}, {"count": self.condition(3)}, figure, balance)}

    def number(self, depth: int) -> Any:
        years = {"years": {"since": "joined_on"}} if self.subject == "officer" else "score"
        if depth > 2:
            return self.pick("score", {"indicator": "指标"}, {"fact": self.fact()}, years)
        return self.pick(
            "score", {"indicator": "指标"}, {"fact": self.fact()}, {"periods": self.periods_number(depth)}, years
        )

    def rule(self) -> dict[str, Any]:
        parts: dict[str, Any] = {
            "title": "t",
            "for": self.subject,
            "cycle": "annual",
            "basis": "t",
            "when": self.condition(),
        }
        parts["population"] = self.pick("graded", "listed", "everyone")
        if self.pick(True, False):
            parts["outcome"] = "training:x"
        else:
            parts["ladder"] = {"by": self.number(1), "rungs": {0: "training:a", 2: "training:b"}}
        if self.pick(True, False):
            parts["gate"] = [{self.pick("held", "blocked"): self.condition(2), "unless": self.condition(3)}]
        if self.pick(True, False):
            order = [{self.pick("highest", "lowest"): self.number(2)}]
            floors = [{"when": self.condition(3), "share": "25%"}]
            parts["seats"] = {
                "per": self.pick("unit", "branch", "bureau"),
                **self.pick({"share": "50%"}, {"number": self.pick(1, {"fact": self.fact()})}),
                **self.pick({}, {"taken": self.condition(3)}, {"bands": [{"per": "unit", "number": 1}]}),
                "order": order,
                "floors": floors,
            }
        if self.pick(True, False):
            parts["dose"] = {"unit": "天", "by": self.number(2), "first": 7, "step": 7, "cap": 60}
        if self.subject == "officer":
            parts["focus"] = self.pick("weakest", "failing", "指标")
        else:
            parts["to"] = self.pick({"leader": "throughout"}, {"members": "cycle end"}, {"unit": "descendants"})
        return parts


def bureau() -> Bureau:
    return Bureau(
        {"p0": "AAAA", "p1": "D?D-", "p2": "BCDB", "p3": "A.BA", "p4": "C"},
        units={"U0": "BB", "U1": "DD", "U2": "A?"},
        facts=[
            fact("p0", "a", "2025-05-01", level="x", amount=2.0, note="n"),
            fact("p0", "b", "2025-03-01", to="2026-05-01"),
            fact("p1", "a", "2026-02-01", recorded_on="2025-12-01"),
            fact("U1", "a", "2025-06-01", level="x"),
        ],
        scores={("p0", "2025"): 90.0, ("p2", "2024"): None, ("U1", "2025"): 60.0},
        figures={("p0", "2025"): 55.0, ("p2", "2025"): 70.0},
        months={"p0": "ABCDABCDABCD", "p2": "A?-.AAAADDDD"},
        postings=[
            posting("p0", "U1", leads=True, since="2019-01-01"),
            posting("p1", "U2", leads=True, since="2024-06-01"),
            posting("p2", "U1", leads=False, since="2020-01-01", to="2025-06-30"),
            posting("p3", "U2", leads=False, since="2020-01-01"),
        ],
    )


def put_all(text: str) -> str:
    policy = parse(text)
    check(policy)
    assert all(all(describe(policy, rule)) for rule in policy.rules.values())
    try:
        result = decide(policy, bureau().world(), "2025", DAY)
    except PolicyError as refusal:
        return refusal.code
    explained(result)
    return "answered"


def explained(result: RunResult) -> None:
    told = reasons(result)
    assert told.height == result.decisions.height
    assert told.filter(told["zh"].is_null() | told["en"].is_null()).is_empty()
    evidence(result)
    margins(result)
    for rule in result.fired:
        for subject in ("p0", "p1", "p4", "U1", "nobody"):
            why(result, rule, subject, "en")


@pytest.mark.parametrize("seed", range(30))
def test_whatever_the_grammar_allows_is_answered_or_refused(seed):
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    for _ in range(3):
        rules = {f"R{i}": Draw(chance, chance.choice(["officer", "unit"])).rule() for i in range(2)}
        text = HEAD.removesuffix("rules:\n") + yaml.safe_dump({"rules": rules}, allow_unicode=True, sort_keys=False)
        found[put_all(text)] += 1

    assert set(found) <= {
        "answered",
        "no_field",
        "officers_only",
        "run_decision",
        "third_stratum",
        "wrong_peers",
        "budget",
    }
