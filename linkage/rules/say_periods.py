"""Saying the quantifier over cycles, in Chinese or English: which cycles, what resets the count, how gaps are taken."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from . import model as m
from .phrases import COUNTS, FIELDS, FIGURES, GAPS, STATUS
from .say_facts import SayFacts
from .say_words import EN, ZH, plain, portion_said


class SayPeriods(SayFacts):
    @abstractmethod
    def number(self, tree: m.Number) -> str: ...

    @abstractmethod
    def nested(self, tree: m.Condition) -> str: ...

    def span(self, span: m.Span) -> str:
        noun = self.noun(span.kind)
        if span.year_of:
            return self.own_year(span, noun)
        if span.within is not None:
            return self.inside(span.within, noun)
        if span.last is None:
            return self.t(f"历年各{noun}", f"all {noun}s so far")
        many = "" if span.last == 1 else "s"
        if not span.before:
            last = "last" if span.last == 1 else f"last {span.last}"
            return self.t(f"最近{span.last}个{noun}", f"the {last} {noun}{many}")
        first = span.before + 1
        to = "个" if span.last == 1 else f"至第{span.before + span.last}个"
        before = f"the {noun}" if span.last == 1 else f"the {span.last} {noun}s ending"
        return self.t(f"往前第{first}{to}{noun}", f"{before} {span.before} before")

    def inside(self, within: m.Length | str, noun: str) -> str:
        if isinstance(within, m.Length):
            length = self.length(within)
            return self.t(f"最近{length}内各{noun}", f"the {noun}s of the last {length}")
        if within == "year":
            return self.t(f"本自然年内各{noun}", f"the {noun}s of this calendar year")
        if self.placed:
            here = self.noun()
            return self.t(f"该{here}内各{noun}", f"the {noun}s inside that {here}")
        return self.t(f"本期内各{noun}", f"the {noun}s inside this cycle")

    def own_year(self, span: m.Span, noun: str) -> str:
        day = self.named(str(span.year_of), FIELDS)
        ago = self.t(f"前第{span.before}年", f", {span.before} before") if span.before else ""
        return self.t(
            f"本人年度（自{day}起算）{ago}内各{noun}", f"the {noun}s of the personal year from the {day}{ago}"
        )

    def gap(self, gap: m.Gap) -> str:
        """补录（迟于期末90天）视为符合."""
        kind, detail = self.pick(STATUS[gap.kind]), ""
        if gap.late:
            late = self.length(gap.late)
            detail = self.t(f"（期末后{late}以外补录）", f" (recorded later than {late} after its end)")
        if gap.share is not None:
            without = self.t("，扣除", ", without ") + self.bare_fact(gap.without) if gap.without else ""
            share = portion_said(gap.share)
            detail = self.t(f"（在岗不满{share}{without}）", f" (less than {share} served{without})")
        return self.t("", " ").join((kind + detail, self.pick(GAPS[gap.way])))

    def conditions_of_counting(self, tree: m.Periods) -> str:
        """What resets the count and how gaps are taken, in brackets."""
        parts = []
        if tree.after:
            latest = self.latest(tree.after)
            parts.append(self.t(f"只计{latest}结束的", f"counting only those ending {latest}"))
        parts += [self.gap(gap) for gap in tree.gaps]
        if not parts:
            return ""
        return self.t(f"（{'，'.join(parts)}）", f" ({', '.join(parts)})")

    @contextmanager
    def placed_in(self, span: m.Span) -> Iterator[None]:
        """What is said now is put to each of these cycles."""
        before = self.kind, self.placed
        self.kind, self.placed = span.kind or self.kind, True
        yield
        self.kind, self.placed = before

    def put_to_each(self, tree: m.Periods, asked: m.Condition | None = None) -> str:
        """The condition put to each cycle, in brackets where it is made of several."""
        with self.placed_in(tree.span):
            return self.nested(asked or tree.asked)

    def taken_of_each(self, tree: m.Periods) -> str:
        with self.placed_in(tree.span):
            return self.number(tree.summed)

    def periods(self, tree: m.Periods) -> str:
        span, tail = self.span(tree.span), self.conditions_of_counting(tree)
        if tree.how == "worth":
            return self.worth(tree, span, tail)
        return (self.of_figures(tree, span) if tree.test is None else self.of_hits(tree, span)) + tail

    def of_figures(self, tree: m.Periods, span: str) -> str:
        if tree.how == "balance":
            return self.balance(tree, span)
        figure, number = FIGURES[tree.how], self.taken_of_each(tree)
        return self.t(f"{span}{number}的{figure[ZH]}", f"the {figure[EN]} of {number} over {span}")

    def of_hits(self, tree: m.Periods, span: str) -> str:
        inner = self.put_to_each(tree)
        if tree.how == "each":
            same = self.t("，且为同一事项", ", on the same item") if tree.same else ""
            return self.t(f"{span}每期均{inner}", f"in each of {span} {inner}") + same
        if tree.how == "from":
            return self.state(tree, span, inner)
        if tree.how in ("none", "some"):
            how = {"none": ("没有一期", "in none of"), "some": ("至少有一期", "in some of")}[tree.how]
            return self.t(f"{span}{how[ZH]}{inner}", f"{how[EN]} {span} {inner}")
        name = COUNTS[tree.how]
        return self.t(f"{span}中{inner}的{name[ZH]}", f"{name[EN]} of {span} where {inner}")

    def balance(self, tree: m.Periods, span: str) -> str:
        number = self.taken_of_each(tree)
        low = self.t(f"，不低于{plain(tree.low)}", f", not below {plain(tree.low)}") if tree.low is not None else ""
        high = self.t(f"，不高于{plain(tree.high)}", f", not above {plain(tree.high)}") if tree.high is not None else ""
        return self.t(
            f"{span}{number}逐期结转{low}{high}的结余", f"the balance of {number} carried over {span}{low}{high}"
        )

    def state(self, tree: m.Periods, span: str, begins: str) -> str:
        """A state that one condition begins and another ends."""
        if tree.until is None:
            return self.t(f"{span}中自{begins}起", f"in {span}, from when {begins}")
        ends = self.put_to_each(tree, tree.until)
        return self.t(f"{span}中自{begins}起，至{ends}止", f"in {span}, from when {begins} until {ends}")

    def worth(self, tree: m.Periods, span: str, tail: str) -> str:
        zh = "；".join(f"{self.put_to_each(tree, part.this)}的每期计{plain(part.value)}" for part in tree.worth)
        en = "; ".join(f"{plain(part.value)} where {self.put_to_each(tree, part.this)}" for part in tree.worth)
        return self.t(f"{span}折算年期{tail}（{zh}；其余不计）", f"the credit of {span}{tail} ({en}; nothing else)")
