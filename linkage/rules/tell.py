"""Telling conditions as they hold for each row, with figures: expressions over the prepared rows of a sheet.

"连续2个年度优秀：2024、2025" is told, "最近2个年度每期均等次为优秀" is said; what has no figure is said.
"""

from collections.abc import Callable
from typing import Any

import polars as pl

from . import model as m
from .conditions import indicator_names, one_indicator
from .numbers import operand
from .periods import gap, looked_at, share_of
from .say_numbers import ZH, portion_said
from .sheet import At, ask, cond, num
from .tell_parts import Parts, above_column, decision_column, fact_column, grade_shown, shown, text


class Tell(Parts):
    """One language; the columns it uses beside those of the sheet are joined in by `prepare`."""

    def __init__(self, policy: m.Policy, lang: int, kind: str) -> None:
        super().__init__(policy, lang, kind)
        self.known: dict[type, Callable[[Any, At], pl.Expr]] = {
            m.All: lambda tree, at: self.joined([self.told(part, at) for part in tree.parts]),
            m.AnyOf: self._any,
            m.Met: lambda tree, at: self.told(tree.part, at),
            m.Grade: self._grade,
            m.Status: self._status,
            m.Compare: self._compare,
            m.Rank: self._rank,
            m.Above: self._above,
            m.Decision: self._decision,
            m.Periods: self._periods,
        }

    def told(self, tree: m.Condition, at: At) -> pl.Expr:
        """The condition as it holds."""
        known = self.known.get(type(tree))
        return known(tree, at) if known else pl.lit(self.say.condition(tree))

    def _any(self, tree: m.AnyOf, at: At) -> pl.Expr:
        return self.joined([pl.when(ask(part, at)).then(self.told(part, at)) for part in tree.parts])

    def _grade(self, tree: m.Grade, at: At) -> pl.Expr:
        return text(self.t(f"{self.cycle(at)}等次", f"grade in {at.code}: "), grade_shown(at))

    def _status(self, tree: m.Status, at: At) -> pl.Expr:
        return text(self.t(f"{self.cycle(at)}考核状态为", f"result of {at.code}: "), self.status(at))

    # numbers

    def _compare(self, tree: m.Compare, at: At) -> pl.Expr:
        number = tree.number
        if isinstance(number, m.Fact):
            return self._fact(tree, number, at)
        if isinstance(number, m.Indicator):
            names = indicator_names(number, at)
            return self.joined([self._indicator(tree, name, at) for name in names], self.comma)
        if isinstance(number, m.Periods) and number.number is None:
            return self._counted(tree, number, at)
        return text(self.number(number, at), self.required(tree, number, at))

    def number(self, number: m.Number, at: At) -> pl.Expr:
        figure, name = shown(num(number, at)), self.say.number(number)
        if self.lang == ZH and isinstance(number, m.Years):
            age = name.endswith("周岁")
            return text(name.removesuffix("周岁" if age else "年数"), figure, "周岁" if age else "年")
        return text(name, self.t("", " "), figure, self.t(self.say.measure(number), ""))

    def required(self, tree: m.Compare, number: m.Number, at: At) -> pl.Expr:
        against = self.say.against(tree).removeprefix("is ")
        if tree.operand.constant is not None:
            return self.bracketed(self.t("要求", "required: "), against)
        value = shown(operand(number, tree.operand, at))
        return self.bracketed(self.t("要求", "required: "), against, self.t("，为", ", which is "), value)

    def _indicator(self, tree: m.Compare, name: str, at: At) -> pl.Expr:
        """One indicator, told where it meets the comparison."""
        single = m.Indicator((name,))
        told = text(self.say.number(single), self.t("", " "), shown(num(single, at)), self.required(tree, single, at))
        return pl.when(one_indicator(tree, name, at)).then(told)

    def _fact(self, tree: m.Compare, fact: m.Fact, at: At) -> pl.Expr:
        days = pl.col(f"{fact_column(fact, at)} days")
        if self.say.is_simply_there(tree):
            return text(self.say.condition(tree), self.colon(days))
        figure = shown(num(fact, at))
        measure = self.t(self.say.measure(fact), "")
        named = text(self.say.number(fact), self.t("", " "), figure, measure)
        return text(named, self.colon(days), self.required(tree, fact, at))

    def _rank(self, tree: m.Rank, at: At) -> pl.Expr:
        peers = self.say.peers(tree.among, at.sheet.who)
        value = text(self.say.number(tree.of), self.t("", " "), shown(num(tree.of, at)))
        among = self.t(f"，在{peers}", f", among {peers} ")
        side = self.t("前" if tree.side == "top" else "后", f"{tree.side} ")
        k = portion_said(tree.share) if tree.share is not None else self.t(f"{tree.places}名", f"{tree.places}")
        return text(value, among, self.place(tree, at), self.bracketed(side + k))

    # periods

    def _periods(self, tree: m.Periods, at: At) -> pl.Expr:
        """A quantifier that holds; `none` shows every cycle, the others those that are hits."""
        inner, periods = self.say.put_to_each(tree), looked_at(tree, tree.test, at)
        span = self.say.span(tree.span)
        if tree.how == "none":
            lead = self.t(f"{span}没有一期{inner}", f"in none of {span} {inner}")
            return text(lead, self.colon(self.items(tree, periods, hits_only=False)))
        items = self.items(tree, periods, hits_only=True)
        if tree.how == "from":
            return text(self.say.condition(tree), self.colon(items))
        if tree.how == "some":
            lead = self.t(f"{span}有{inner}的", f"{inner} in some of {span}")
            return text(lead, self.colon(items))
        return text(self._each(tree, span), self.colon(items))

    def _each(self, tree: m.Periods, span: str) -> str:
        short, noun = self._short(tree), self.say.noun(tree.span.kind)
        plain = tree.span.last is not None and tree.span.last > 1 and not tree.span.before and not tree.gaps
        if not plain:
            inner = self.say.put_to_each(tree)
            return self.t(f"{span}每期均{inner}", f"in each of {span} {inner}")
        return self.t(f"连续{tree.span.last}个{noun}{short}", f"{tree.span.last} {noun}s running {short}")

    def _short(self, tree: m.Periods) -> str:
        asked = tree.asked
        if isinstance(asked, m.Grade) and asked.op == "is":
            return self.t("", "graded ") + self.say.either(asked.values)
        return self.say.put_to_each(tree)

    def _counted(self, tree: m.Compare, periods: m.Periods, at: At) -> pl.Expr:
        required = self.required(tree, periods, at)
        figure, span = shown(num(periods, at)), self.say.span(periods.span)
        if periods.how == "worth":
            return text(self.t(f"{span}折算", f"the credit of {span}: "), figure, self.t("期", ""), required)
        inner = self.say.put_to_each(periods)
        items = self.colon(self.items(periods, looked_at(periods, periods.test, at), hits_only=True))
        if periods.how == "share":
            hits, size = share_of(periods, at)
            share = text(shown(hits), "/", shown(size), self.bracketed(shown(hits / size * 100), "%"))
            return text(
                self.t(f"{span}中{inner}的占比", f"the share of {span} where {inner}: "), share, items, required
            )
        if periods.how == "run":
            noun = self.say.noun(periods.span.kind)
            lead, after = self.t("至今连续", "unbroken run up to now: "), self.t(f"个{noun}{inner}", f" where {inner}")
            return text(lead, figure, after, items, required)
        lead, after = self.t(f"{span}中{inner}", ""), self.t("期", f" of {span} where {inner}")
        return text(lead, figure, after, items, required)

    # from elsewhere

    def _above(self, tree: m.Above, at: At) -> pl.Expr:
        if at.code != at.sheet.code:  # units are told of in the cycle judged only
            return pl.lit(self.say.condition(tree))
        who = {"unit": ("所在单位", "the unit: "), "parent": ("上级单位", "the unit above: ")}[tree.what]
        return text(self.say.pick(who), pl.col(above_column(tree, at, self.lang)))

    def _decision(self, tree: m.Decision, at: At) -> pl.Expr:
        said = pl.lit(self.say.condition(tree))
        return text(said, self.bracketed(pl.col(decision_column(tree, at)))) if tree.run else said

    # gates, and periods that wait

    def gate(self, tree: m.Condition, at: At) -> pl.Expr:
        """Why it is held or blocked: 处分影响期至 2026-09-01, 立案调查未结束."""
        if isinstance(tree, m.All | m.AnyOf):
            return self.joined([pl.when(ask(part, at)).then(self.gate(part, at)) for part in tree.parts])
        fact = tree.number if isinstance(tree, m.Compare) else None
        if not isinstance(fact, m.Fact) or fact.when != "active":
            return self.told(tree, at)
        until, name = pl.col(f"{fact_column(fact, at)} until"), self.say.bare_fact(fact)
        lasts = self.say.lasts(fact)
        return (
            pl.when(until.is_null())
            .then(pl.lit(self.t(f"{name}未结束", f"{name} not ended")))
            .otherwise(text(f"{name}{lasts} ", until.cast(pl.String)))
        )

    def waiting(self, tree: m.Periods, at: At) -> pl.Expr:
        """The periods that are waited for, oldest first."""
        kinds = [kind for kind in tree.gaps if kind.way == "wait"]
        out = []
        for code in reversed(at.sheet.ground.calendar.known_span(tree.span, at.code)):
            there = at.to(code)
            answer = cond(tree.test, there) if tree.test is not None else pl.lit(True)
            here = pl.any_horizontal([gap(kind, there, answer) for kind in kinds])
            out.append(pl.when(here).then(text(code, self.bracketed(self.status(there)))))
        return self.joined(out, self.comma) if out else pl.lit("")
