"""Policies drawn from the grammar: every leaf, combination, window, span and part of a rule."""

from typing import Any, Protocol

from linkage.rules.yaml_nodes import DEPTH

GRADES = {"officer": ("优秀", "称职", "基本称职", "不称职", "较差"), "unit": ("优秀", "良好", "一般", "较差")}
OPS = ("at least", "at most", "above", "below", "is")
LEAVES = (
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
    "add",
    "multiply",
    "limit",
    "table",
)
NESTED = ("all", "any", "not", "list", "unit", "parent", "decision", "sequence", "test", *["periods"] * 6)
DEEPEST = 3
HEAD: dict[str, Any] = {
    "policy": "drawn",
    "title": "t",
    "grades": {
        "annual": ["优秀", "称职", "基本称职", "不称职"],
        "quarterly": ["好", "较好", "一般", "较差"],
        "monthly": ["好", "较好", "一般", "较差"],
        "unit": ["优秀", "良好", "一般", "较差"],
    },
    "peers": {
        "officers": {"for": "officer", "same": ["post_type", "branch"]},
        "ranks": {"for": "officer", "same": "rank"},
        "units": {"for": "unit", "same": "peer_group"},
    },
    "params": {"some": {"value": "25%"}, "many": {"value": "2"}},
    "tests": {"good": {"grade": ["优秀", "称职", "好"]}, "scored": [{"score": {"at least": "60"}}]},
    "gates": {"plain": [{"blocked": {"fact": {"kind": "a", "active": "now"}}}, {"held": {"status": "ungraded"}}]},
}


class Chance(Protocol):
    def choice(self, values: Any) -> Any: ...


class Draw:
    """Draws for one kind of subject; deeper conditions are simpler."""

    def __init__(self, chance: Chance, subject: str, cycle: str = "annual") -> None:
        self.chance, self.subject, self.cycle = chance, subject, cycle

    def pick(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def maybe(self, **parts: Any) -> dict[str, Any]:
        return self.pick({}, {key.replace("_", " "): part for key, part in parts.items()})

    # conditions

    def condition(self, depth: int = 0) -> Any:
        kind = self.pick(*(LEAVES if depth >= DEEPEST else NESTED + LEAVES))
        if kind in ("all", "any", "list"):
            parts = [self.condition(depth + 1) for _ in range(self.pick(1, 2, 3))]
            return parts if kind == "list" else {kind: parts}
        if self.subject == "unit" and kind in ("age", "years", "served"):
            kind = "score"
        return {kind: getattr(self, f"draw_{kind}")(depth + 1)}

    def draw_not(self, depth: int) -> Any:
        return self.condition(depth)

    def draw_unit(self, depth: int) -> Any:
        return Draw(self.chance, "unit", self.cycle).condition(depth)

    draw_parent = draw_unit

    def draw_test(self, depth: int) -> Any:
        return self.pick("good", "scored")

    def draw_grade(self, depth: int) -> Any:
        scale = GRADES[self.subject] if self.cycle == "annual" else ("好", "较好", "一般", "较差")
        return self.pick(self.pick(*scale), {self.pick(*OPS): self.pick(*scale)}, {"is": [scale[0], scale[2]]})

    def draw_status(self, depth: int) -> Any:
        return self.pick("graded", "ungraded", "pending", "absent", ["graded", "pending"])

    def operand(self, *constants: Any) -> Any:
        base = self.pick(
            {"before": self.pick("1", "2")}, {self.pick("median", "mean"): self.pick(*self.peers())}, {"before": "0"}
        )
        moved = {**self.maybe(plus=self.pick("-10", "5.5")), **self.maybe(times=self.pick("0.5", "1.1", "1/3"))}
        if "before" not in base and self.pick(*range(6)) == 0:
            base = {"indicator": "指标"}
        return self.pick(self.pick(*constants), self.pick(*constants), "previous", {**base, **moved})

    def peers(self) -> tuple[str, ...]:
        return ("units",) if self.subject == "unit" else ("officers", "ranks")

    def compared(self, number: dict[str, Any], *constants: Any) -> dict[str, Any]:
        return {**number, self.pick(*OPS): self.operand(*(constants or ("60", "70", "80.3")))}

    def draw_score(self, depth: int) -> Any:
        return self.compared({})

    def draw_indicator(self, depth: int) -> Any:
        which = [{"of": self.indicator()}, {"any of": "scheme"}, {"each of": "scheme"}]
        return self.compared(self.pick(*which, {"each of": ["指标", "出警"]}, {"any of": ["指标", "执法"]}))

    def indicator(self) -> str:
        return self.pick("指标", "出警")

    def draw_rank(self, depth: int) -> Any:
        side = {self.pick("top", "bottom"): self.pick("20%", "50%", "1", "2", "1/3", "$some")}
        of = {"of": self.number(depth)} if self.pick(True, False) else {}
        return {**side, **of, **self.maybe(among=self.pick(*self.peers())), **self.maybe(members=self.pick("2", "3"))}

    # facts

    def window(self) -> dict[str, Any]:
        length = self.pick("30 days", "12 months", "2 years", "26 weeks")
        windows = [
            {"active": self.pick("now", "cycle end")},
            {"during": self.pick("cycle", "year")},
            {"overlaps": self.pick("cycle", "year")},
            {"within": length},
            *[{"ahead": length}] * 3,
            {"after": {"fact": {"kind": "b", **self.pick({}, {"during": "cycle"}, {"within": length})}}},
            {"ever": ""},
        ]
        if self.subject == "officer":
            windows.append({"year of": "joined_on"})
        return self.pick({}, *windows)

    def fact(self) -> dict[str, Any]:
        total = self.pick(
            {},
            {"total": self.pick("count", "days", "amount")},
            {"total": self.pick("longest", "latest")},
            {"once per": self.pick("note", "level")},
        )
        level = self.maybe(level=self.pick("x", ["x", "y"]))
        window = self.window()
        if "year of" in window:
            window |= self.maybe(before="1")
        more = self.pick(
            {}, {}, {"amount": {"at least": "1", "below": "2.5"}}, {"lasts": self.pick("6 months", {"x": "90 days"})}
        )
        exempt = self.pick({}, {}, {}, {"exempt": {"fact": {"kind": "b"}}})
        return {"kind": self.pick("a", "b", ["a", "b"]), **level, **window, **total, **more, **exempt}

    def draw_fact(self, depth: int) -> Any:
        return self.pick(self.fact(), self.compared(self.fact(), "0", "1", "2", "30"))

    # the directory

    def draw_profile(self, depth: int) -> Any:
        if self.subject == "unit":
            return self.pick({"kind": "所"}, {"peer_group": ["城区", "郊区"]})
        return self.pick({"sex": "女"}, {"employment": ["在编", "借调"]}, {"rank": "一级", "sex": "男"})

    def draw_post(self, depth: int) -> Any:
        if self.subject == "unit":
            return self.pick({"unit": "C6"}, {"branch": ["C9", "C8"]}, {"kind": "所"})
        return self.pick(
            "巡防", ["巡防", "内勤"], {"unit": "C6"}, {"branch": "C8"}, {"is_leader": self.pick("是", "no")}
        )

    def draw_age(self, depth: int) -> Any:
        return {**self.maybe(on=self.pick("as of", "cycle end")), self.pick(*OPS): self.operand("35", "45")}

    def draw_years(self, depth: int) -> Any:
        return {"since": "joined_on", **self.draw_age(depth), **self.maybe(on=self.pick("as of", "cycle end"))}

    def draw_served(self, depth: int) -> Any:
        of = self.pick("unit", "post_type", "leader")
        return {"of": of, self.pick(*OPS): self.pick("6 months", "30 months", "2 years", "400 days")}

    def draw_decision(self, depth: int) -> Any:
        of = self.pick("training", "training:x", ["R0", "reward"])
        counted = self.pick({}, {"at least": "2"})
        return {
            "of": of,
            **self.maybe(within=self.pick("1 years", "18 months")),
            **self.maybe(ended="failed"),
            **counted,
        }

    def draw_add(self, depth: int) -> Any:
        return self.compared({"of": [self.number(DEEPEST), self.pick("-20", self.number(DEEPEST))]}, "1", "60")

    draw_multiply = draw_add

    def draw_limit(self, depth: int) -> Any:
        return self.compared(
            {"of": self.number(DEEPEST), **self.pick({"floor": "1"}, {"floor": "0", "cap": "60"})}, "1", "60"
        )

    def draw_table(self, depth: int) -> Any:
        return self.compared(self.table(), "1", "2")

    def table(self) -> dict[str, Any]:
        own = {"profile": "kind"} if self.subject == "unit" else self.pick({"profile": "rank"}, {"post": "post_type"})
        of = self.pick("grade", {"fact": self.fact()}, own)
        values = {"x": "1", "y": "2.5", "所": "1", "一级": "2", "巡防": "3", "优秀": "2", "不称职": "-1"}
        return {
            "of": of,
            "values": values,
            **self.maybe(pick=self.pick("highest", "lowest", "sum")),
            **self.maybe(otherwise="1"),
        }

    # cycles

    def draw_sequence(self, depth: int) -> Any:
        steps = [self.condition(DEEPEST) for _ in range(self.pick(1, 2, 3))]
        apart = self.maybe(apart=self.pick("1 years", "6 months", "24 months"))
        return {"steps": steps, "within": self.pick("3 years", "60 months", "0 days"), **apart}

    def span(self, *, may_skip: bool = True) -> dict[str, Any]:
        kind, lasts = self.pick({}, {}, {"kind": "monthly"}), ("1", "2", "3", "5")
        found = self.pick(
            {"last": self.pick(*lasts, "all")}, {"within": self.pick("24 months", "year", "cycle", "3 cycles")}, {}
        )
        ways = ("break", "skip", "pass", "previous", "wait") if may_skip else ("break", "pass", "previous", "wait")
        gaps = {
            gap: self.pick(*ways) for gap in ("absent", "pending", "ungraded", "unmeasured") if self.pick(True, False)
        }
        anchor = self.fact()
        looks_at_ends = {"active", "overlaps", "ahead"} & set(anchor)
        expired = {} if looks_at_ends else self.pick({}, {"expired": "yes"})
        after = {"after": self.pick({"fact": {**anchor, **expired}}, {"decision": {"of": ["training", "reward"]}})}
        return {
            **found,
            **kind,
            **self.maybe(gaps=gaps),
            **self.pick({}, {}, after),
            **self.pick({}, {}, {"before": "1"}),
        }

    def draw_periods(self, depth: int) -> Any:
        how = self.pick("each", "none", "some", "share", "number", "number", "same", "from")
        if how == "from":
            return {**self.span(), how: self.condition(depth), **self.maybe(until=self.condition(DEEPEST))}
        if how == "same":
            fact = {"kind": ["a", "b"], "during": "cycle"}
            return {"last": self.pick("1", "2"), "each": {"fact": fact}, "same": self.pick("level", "note")}
        if how == "number":
            return self.compared(self.periods(depth), "0", "1", "2", "70")
        asked = {**self.span(), how: self.condition(depth)}
        return {**asked, self.pick(*OPS): self.pick("50%", "1/3", "0")} if how == "share" else asked

    def periods(self, depth: int) -> dict[str, Any]:
        how = self.pick("count", "run", "worth", "figure", "figure", "balance")
        if how == "balance":
            return {
                **self.short_span(),
                how: self.number(DEEPEST),
                **self.pick({}, {"floor": "0"}, {"floor": "-2", "cap": "100"}),
            }
        if how == "figure":
            return {**self.span(), self.pick("sum", "mean", "min", "max"): self.number(DEEPEST)}
        if how == "worth":
            parts = [{"this": self.condition(DEEPEST), "value": value} for value in ("1.5", "1")]
            return {**self.span(), "worth": parts}
        return {**(self.short_span() if how == "run" else self.span()), how: self.condition(depth)}

    def short_span(self) -> dict[str, Any]:
        """A run, as the number a dose or a ladder goes by, costs more with every cycle: few of them."""
        parts = {word: part for word, part in self.span().items() if word not in ("within", "last")}
        return {"last": self.pick("1", "2", "3", "5"), **parts}

    def number(self, depth: int) -> Any:
        plain = ["score", {"indicator": self.indicator()}, {"fact": self.fact()}, "points", {"table": self.table()}]
        plain += [{"decision": {"of": "training"}}, {"add": ["score", "5"]}, {"limit": {"of": "points", "cap": "2"}}]
        if self.subject == "officer":
            plain.append({"years": {"since": "joined_on", **self.maybe(on="cycle end")}})
        if depth < DEEPEST:
            plain += [{"periods": self.periods(depth)}, {"periods": {**self.span(), "share": self.condition(depth)}}]
        return self.pick(*plain)

    # a rule

    def rule(self) -> dict[str, Any]:
        parts: dict[str, Any] = {
            "title": "t",
            "for": self.subject,
            "cycle": self.pick(self.cycle, "any"),
            "population": self.pick("graded", "listed", "everyone"),
        }
        parts["when"] = self.condition()
        parts |= self.pick({"outcome": "training:x"}, {"outcome": "reward:嘉奖"}, {"ladder": self.ladder()})
        reached = {} if self.subject == "officer" else {"to": self.reach()}
        parts |= self.pick({}, reached)
        about = "unit" if self.subject == "unit" and "unit" in parts.get("to", {"unit": ""}) else "officer"
        parts |= self.pick({}, {"gate": self.gate(Draw(self.chance, about, self.cycle))})
        parts |= self.pick({}, {"seats": self.seats()}) if "to" not in parts else {}
        parts |= self.pick(
            {}, {"dose": {"unit": "天", "by": self.number(2), "first": "7", "step": self.pick("7", "1.5"), "cap": "60"}}
        )
        if self.pick(*range(8)) == 0:
            parts["valid"] = {self.pick("from", "until"): self.pick("2025-12-31", "2026-01-01")}
        return parts | self.pick(
            {}, {"focus": self.pick(*(("weakest",) if about == "officer" == self.subject else ()), "failing", "指标")}
        )

    def ladder(self) -> dict[str, Any]:
        return {"by": self.number(1), "rungs": {"0": "training:a", "2": "training:b", "70": "training:c"}}

    def reach(self) -> dict[str, str]:
        when = self.pick("throughout", "cycle end")
        return self.pick({"leader": when}, {"members": when}, {"unit": self.pick("children", "descendants")})

    def gate(self, reached: "Draw") -> Any:
        unless = {"unless": reached.condition(DEEPEST)} if self.pick(True, False) else {}
        own = {self.pick("held", "blocked"): reached.condition(2), **unless}
        return self.pick("plain", own, [own, "plain"])

    def seats(self) -> dict[str, Any]:
        order = [{self.pick("highest", "lowest"): self.number(2)}]
        floors = (
            {"floors": [{"when": self.condition(DEEPEST), "share": self.pick("25%", "50%")}]}
            if self.pick(True, False)
            else {}
        )
        per = self.pick("unit", "branch", "bureau")
        return {
            "per": per,
            "share": self.pick("50%", "1/3"),
            **self.maybe(out_of=self.pick("graded", "listed")),
            "order": order,
            **floors,
        }

    def quota(self) -> dict[str, Any]:
        lifted = {"lifted": [{"when": Draw(self.chance, "unit", self.cycle).condition(2), "share": "60%"}]}
        return {
            "cycle": self.cycle,
            "test": self.condition(1),
            "per": self.pick("unit", "branch", "bureau"),
            "share": self.pick("20%", "1/3"),
            **self.maybe(out_of=self.pick("graded", "listed")),
            **self.pick({}, lifted),
        }


def policy(chance: Chance, cycle: str) -> dict[str, Any]:
    """One within the depth that a text may have."""
    while True:
        drawn = whole(chance, cycle)
        if deep(drawn) <= DEPTH:
            return drawn


def rare() -> dict[str, Any]:
    """A rule for each construct that the lot seldom falls on, or seldom so that the answer is yes."""
    facts: list[dict[str, Any]] = [
        {"during": "cycle"},
        {"year of": "joined_on"},
        {"ahead": "2 years"},
        *({"total": total, "at least": "1"} for total in ("days", "longest", "amount", "latest")),
    ]
    tests: list[Any] = [{"fact": {"kind": ["a", "b"], **fact}} for fact in facts]
    gaps = dict.fromkeys(("absent", "pending", "ungraded", "unmeasured"), "break")
    tests += [{"periods": {"last": "5", "gaps": gaps, "some": {"score": {"above": "60"}}}}]
    tests += [{"periods": {"last": "3", how: "score", "above": "60"}} for how in ("sum", "mean", "min", "max")]
    rule = {"title": "t", "for": "officer", "cycle": "any", "population": "everyone", "outcome": "training:x"}
    return {**HEAD, "rules": {f"R{i}": {**rule, "when": test} for i, test in enumerate(tests)}}


def deep(tree: Any) -> int:
    parts = tree.values() if isinstance(tree, dict) else tree
    return 1 + max(map(deep, parts), default=0) if isinstance(tree, dict | list) else 0


def whole(chance: Chance, cycle: str) -> dict[str, Any]:
    """Two or three rules, the last of which may look at the others; a quota."""
    rules = {f"R{i}": Draw(chance, chance.choice(["officer", "unit"]), cycle).rule() for i in range(2)}
    looks = chance.choice([None, {"met": "R0"}, "decision"])
    if looks == "decision":
        looks = {"decision": {"of": chance.choice(["training", ["reward", "R0"]]), "in": "this run"}}
    if looks:
        more = Draw(chance, rules["R0"]["for"] if "met" in looks else "officer", cycle).rule()
        rules["R2"] = {**more, "when": [looks, *chance.choice([[], [more["when"]]])]}
    quotas = chance.choice([{}, {"quotas": {"Q": Draw(chance, "officer", cycle).quota()}}])
    return {**HEAD, "rules": rules, **quotas}
