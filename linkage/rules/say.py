"""Saying conditions in Chinese or English, from the tree that decides; no text lives in a policy but names."""

from collections.abc import Callable
from typing import Any

from . import model as m
from .phrases import FIELDS, OPS, STATUS
from .say_numbers import ZH, SayNumbers, portion_said

YES_NO = {"yes": ("是", "yes"), "no": ("否", "no")}


class Say(SayNumbers):
    """One language and one kind of cycle; `known` maps each node to the method that says it."""

    def __init__(self, policy: m.Policy, lang: int, kind: str) -> None:
        super().__init__(policy, lang, kind)
        self.known: dict[type, Callable[[Any], str]] = {
            m.All: lambda tree: self.t("，且", " and ").join(self.nested(part) for part in tree.parts),
            m.AnyOf: lambda tree: self.t("，或者", ", or ").join(self.nested(part) for part in tree.parts),
            m.Not: self.not_,
            m.Met: self.met,
            m.Grade: self.grade,
            m.Status: lambda tree: self.t("考核状态为", "the result is ") + self.either(tree.values, STATUS),
            m.Compare: self.compare,
            m.Rank: self.rank,
            m.Profile: self.field,
            m.Post: self.field,
            m.Above: self.above,
            m.Decision: self.decision,
            m.Sequence: self.sequence,
            m.Periods: self.periods,
        }

    def condition(self, tree: m.Condition) -> str:
        return self.known[type(tree)](tree)

    def not_(self, tree: m.Not) -> str:
        part = tree.part
        if isinstance(part, m.Compare) and isinstance(part.number, m.Fact) and self.is_simply_there(part):
            return self.there_is_no(part.number)
        return self.t(f"并非{self.nested(part)}", f"not ({self.condition(part)})")

    def nested(self, tree: m.Condition) -> str:
        text = self.condition(tree)
        if isinstance(tree, m.All | m.AnyOf) and len(tree.parts) > 1:
            return self.t(f"（{text}）", f"({text})")
        return text

    def met(self, tree: m.Met) -> str:
        title = self.policy.rules[tree.rule].title
        return self.t(f"符合规则{tree.rule}《{title.zh}》的条件", f"the conditions of {tree.rule} ({title.en}) are met")

    def grade(self, tree: m.Grade) -> str:
        op = OPS[tree.op]
        return self.t(f"等次{op[0]}", f"the grade {self.is_(tree.op)} ") + self.either(tree.values)

    def compare(self, tree: m.Compare) -> str:
        number = tree.number
        if isinstance(number, m.Fact) and self.is_simply_there(tree):
            return self.there_is(number)
        if isinstance(number, m.Served) and number.what == "leader" and tree.op == "at least" and self.lang == ZH:
            return f"任负责人{self.against(tree).replace('不少于', '满', 1)}"
        return self.t(f"{self.number(number)}{self.against(tree)}", f"{self.number(number)} {self.against(tree)}")

    def is_simply_there(self, tree: m.Compare) -> bool:
        fact = tree.number
        once = tree.op == "at least" and tree.operand.constant == 1
        return isinstance(fact, m.Fact) and fact.total == "count" and once

    def rank(self, tree: m.Rank) -> str:
        peers = self.peers(tree.among, "unit" if self.about_units(tree) else "officer")
        k = portion_said(tree.share) if tree.share is not None else self.t(f"{tree.places}名", f"{tree.places}")
        of = "" if isinstance(tree.of, m.Score) else self.number(tree.of)
        measure = "个" if self.about_units(tree) else "人"
        size = self.t(f"（该组不少于{tree.members}{measure}）", f" (at least {tree.members} of them)")
        by = self.t(f"按{of}", f" by {of}") if of else ""
        side = ("前", "top") if tree.side == "top" else ("后", "bottom")
        text = self.t(f"{by}在{peers}中排{side[0]}{k}", f"the rank is in the {side[1]} {k} of {peers}{by}")
        return text + (size if tree.members > 1 else "")

    def about_units(self, tree: m.Rank) -> bool:
        return tree.among is not None and self.policy.peers[tree.among].subject == "unit"

    def field(self, tree: m.Profile | m.Post) -> str:
        if tree.name == "is_leader":
            leads = tree.values == ("yes",)
            return self.t("任负责人", "leads the unit") if leads else self.t("不任负责人", "does not lead the unit")
        name = self.named(tree.name, FIELDS)
        return self.t(f"{name}为", f"{name} is ") + self.either(tree.values, YES_NO)

    def above(self, tree: m.Above) -> str:
        who = {"unit": ("所在单位", "the unit: "), "parent": ("上级单位", "the unit above: ")}[tree.what]
        return self.pick(who) + self.condition(tree.part)

    def decision(self, tree: m.Decision) -> str:
        of = self.outcomes(tree)
        if tree.run:
            return self.t(f"本次认定中已有{of}", f"this run has decided {of}")
        when = self.length(tree.within) if tree.within else ""
        ended = self.either(tree.ended) if tree.ended else ""
        zh = f"{when + '内' if when else ''}曾认定{of}{'且结局为' + ended if ended else ''}"
        en = f"{of} was decided{' within ' + when if when else ''}{' and ended ' + ended if ended else ''}"
        return self.t(zh, en)

    def sequence(self, tree: m.Sequence) -> str:
        within, steps = self.length(tree.within), self.t("；", "; ").join(self.condition(step) for step in tree.steps)
        apart = ""
        if tree.apart:
            length = self.length(tree.apart)
            apart = self.t(f"，相邻间隔不少于{length}", f", at least {length} apart")
        return self.t(f"{within}内依次出现：", f"within {within}, in this order: ") + steps + apart
