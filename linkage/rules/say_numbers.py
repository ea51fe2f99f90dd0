"""Saying numbers and what they are compared with, in Chinese or English, from the tree that decides."""

from collections.abc import Callable
from typing import Any

from . import model as m
from .phrases import COUNTED, FACT_UNITS, FIELDS, OPS, SAME, TOTALS, UNITS
from .say_periods import SayPeriods
from .say_words import EN, ZH, plain, portion_said

__all__ = ["EN", "ZH", "SayNumbers", "plain", "portion_said"]

MEASURE = {"count": "期", "run": "期", "worth": "期"}


class SayNumbers(SayPeriods):
    def number(self, tree: m.Number) -> str:
        known: dict[type, Callable[[Any], str]] = {
            m.Score: lambda tree: self.t("得分", "the score"),
            m.Indicator: self.indicator,
            m.Field: lambda tree: self.named(tree.name, FIELDS),
            m.Years: self.years,
            m.Served: self.served,
            m.Fact: self.figure_of_facts,
            m.Periods: self.periods,
            m.Constant: lambda tree: plain(tree.value),
            m.Reckoned: self.reckoned,
            m.Limit: self.limit,
            m.Table: self.table,
            m.Decided: lambda tree: self.decided(tree.decision),
        }
        return known[type(tree)](tree)

    def figure_of_facts(self, tree: m.Fact) -> str:
        total, fact = TOTALS[tree.total], self.fact(tree)
        return self.t(f"{fact}的{total[ZH]}", f"the {total[EN]} of {fact}")

    def reckoned(self, tree: m.Reckoned) -> str:
        sign = {"add": ("之和", " plus "), "multiply": ("之积", " times ")}[tree.how]
        parts = [self.number(part) for part in tree.parts]
        return self.t(f"{'与'.join(parts)}{sign[0]}", f"({sign[1].join(parts)})")

    def limit(self, tree: m.Limit) -> str:
        low = self.t(f"，最低{plain(tree.low)}", f", at the lowest {plain(tree.low)}") if tree.low is not None else ""
        high = (
            self.t(f"，最高{plain(tree.high)}", f", at the highest {plain(tree.high)}") if tree.high is not None else ""
        )
        return self.t(f"（{self.number(tree.of)}{low}{high}）", f"({self.number(tree.of)}{low}{high})")

    def table(self, tree: m.Table) -> str:
        """The figure a table gives for something, with the whole table in brackets."""
        rows = self.t("，", ", ").join(f"{word} {plain(value)}" for word, value in tree.values)
        if tree.otherwise is not None:
            rows += self.t(f"，其他 {plain(tree.otherwise)}", f", otherwise {plain(tree.otherwise)}")
        if isinstance(tree.of, m.Fact):
            pick = {"highest": ("最高", "highest"), "lowest": ("最低", "lowest"), "sum": ("合计", "summed")}[tree.pick]
            of = self.fact(tree.of)
            return self.t(f"{of}对应的{pick[ZH]}值（{rows}）", f"the {pick[EN]} value of {of} ({rows})")
        of = self.t("等次", "the grade") if tree.of.what == "grade" else self.named(tree.of.name, FIELDS)
        return self.t(f"{of}对应的值（{rows}）", f"the value of {of} ({rows})")

    def decided(self, decision: m.Decision) -> str:
        within = self.length(decision.within) if decision.within else ""
        ended = self.either(decision.ended) if decision.ended else ""
        of = self.outcomes(decision)
        zh = f"{within + '内' if within else ''}{of}的认定{f'（结局为{ended}）' if ended else ''}次数"
        when = (f" that ended {ended}" if ended else "") + (f" within {within}" if within else "")
        return self.t(zh, f"the number of decisions of {of}{when}")

    def indicator(self, tree: m.Indicator) -> str:
        if tree.how == "one":
            return self.t(f"“{tree.names[0]}”", f"'{tree.names[0]}'")
        names = self.t("方案各指标", "the scheme's indicators") if tree.names == ("*",) else self.join(tree.names)
        how = {"any": ("任一项", "any of"), "each": ("每一项", "each of")}[tree.how]
        return self.t(f"{names}中{how[ZH]}", f"{how[EN]} {names}")

    def years(self, tree: m.Years) -> str:
        day = self.t("评定日", "the day of evaluation")
        if tree.on == "cycle end":
            day = self.t("周期末日", "the cycle's last day")
        if tree.since == "born_on":
            return self.t(f"{day}周岁", f"age on {day}")
        since = self.named(tree.since, FIELDS)
        return self.t(f"自{since}至{day}满年数", f"full years from {since} to {day}")

    def served(self, tree: m.Served) -> str:
        from_when = {"unit": ("在现单位", "in the present unit"), "post_type": ("在现岗位", "in the present post")}
        if tree.what == "leader":
            return self.t("任负责人时间", "service as leader")
        what = from_when[tree.what]
        return self.t(f"{what[ZH]}任职", f"service {what[EN]}")

    def measure(self, tree: m.Number) -> str:
        """The Chinese measure word of a count."""
        if isinstance(tree, m.Fact):
            return FACT_UNITS.get(tree.total, "")
        if isinstance(tree, m.Periods):
            return MEASURE.get(tree.how, "") if tree.number is None else self.measure(tree.number)
        if isinstance(tree, m.Decided):
            return "次"
        if isinstance(tree, m.Served):
            return UNITS[tree.unit][ZH]
        return "年" if isinstance(tree, m.Years) and tree.since != "born_on" else ""

    # what a number is compared with

    def against(self, tree: m.Compare) -> str:
        """ "不低于60", "is at least 60"."""
        unit, constant = self.measure(tree.number), tree.operand.constant
        if unit and constant is not None:
            of = f" {UNITS[tree.number.unit][EN]}" if isinstance(tree.number, m.Served) else ""
            one = of.removesuffix("s") if constant == 1 else of
            return self.t(f"{COUNTED[tree.op]}{plain(constant)}{unit}", f"{self.is_(tree.op)} {plain(constant)}{one}")
        word = COUNTED[tree.op] if unit else OPS[tree.op][ZH]
        return self.t(f"{word}{self.operand(tree.operand)}", f"{self.is_(tree.op)} {self.operand(tree.operand)}")

    def operand(self, tree: m.Operand) -> str:
        if tree.constant is not None:
            return tree.written if tree.written.endswith("%") or "/" in tree.written else plain(tree.constant)
        text = self.base(tree)
        if tree.times != 1:
            text += self.t(f"的{plain(tree.times)}倍", f" times {plain(tree.times)}")
        if tree.plus:
            sign = ("加", " plus ") if tree.plus > 0 else ("减", " minus ")
            text += self.pick(sign) + plain(abs(tree.plus))
        return text

    def base(self, tree: m.Operand) -> str:
        if tree.number is not None:
            return self.number(tree.number)
        if tree.peers:
            how, name = tree.peers
            middle = "中位数" if how == "median" else "平均数"
            return self.t(f"{self.peers(name)}的{middle}", f"the {how} of {self.peers(name)}")
        if tree.before == 1:
            return self.t("上期", "the one before")
        return self.t(f"{tree.before}期前", f"{tree.before} cycles before")

    def peers(self, name: str | None, subject: str = "officer") -> str:
        if name is None:
            name = next((key for key, peers in self.policy.peers.items() if peers.subject == subject), "")
        peers = self.policy.peers[name]
        if peers.title:
            return self.t(peers.title.zh, peers.title.en)
        who = ("民警", "officers") if peers.subject == "officer" else ("单位", "units")
        same = " and ".join(word.replace("_", " ") for word in peers.same)
        return self.t("".join(SAME[word] for word in peers.same) + who[ZH], f"{who[EN]} of the same {same}")
