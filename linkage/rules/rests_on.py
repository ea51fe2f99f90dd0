"""Which figures and facts a tree looks at where it holds: one item per thing, each with the rows it is true of."""

from dataclasses import dataclass, field

import polars as pl

from . import model as m
from .conditions import dated, indicator_names, one_indicator, rank_place, rank_size
from .made import field_of
from .periods import hit, looked_at
from .prepare import fact_key
from .say_numbers import EN, ZH
from .sheet import NO, YES, At, FactKey, ask, num
from .tell import Tell
from .tell_parts import decision_column, grade_shown, shown, text


@dataclass(frozen=True)
class Item:
    """One thing looked at: where it stands (source and ref), how it reads, its figure, and in which rows it counts."""

    source: str  # result, rank, profile, posting, decision
    ref: str
    zh: pl.Expr
    en: pl.Expr
    figure: pl.Expr
    holds: pl.Expr
    code: str = ""  # the cycle whose row says so


@dataclass
class Grounds:
    """Collects the items and facts of a tree; the same thing looked at twice is one item."""

    zh: Tell
    en: Tell
    near: list[m.Above]  # those put to the unit in the cycle judged, of which figures can be told
    items: dict[tuple[str, str, str], Item] = field(default_factory=dict)
    facts: dict[FactKey, pl.Expr] = field(default_factory=dict)

    def add(self, name: str, item: Item) -> None:
        key = (item.source, item.ref, name)
        known = self.items.get(key)
        holds = item.holds if known is None else known.holds | item.holds
        self.items[key] = Item(item.source, item.ref, item.zh, item.en, item.figure, holds, item.code)

    # conditions

    def condition(self, tree: m.Condition, at: At, holds: pl.Expr = YES, *, negated: bool = False) -> None:
        """What the condition looks at; under `not` everything it looked at counts."""
        if isinstance(tree, m.All):
            for part in tree.parts:
                self.condition(part, at, holds, negated=negated)
        elif isinstance(tree, m.AnyOf):
            for part in tree.parts:
                self.condition(part, at, holds if negated else holds & ask(part, at), negated=negated)
        elif isinstance(tree, m.Not | m.Met):
            self.condition(tree.part, at, holds, negated=negated or isinstance(tree, m.Not))
        elif isinstance(tree, m.Periods):
            self.periods(tree, at, holds, negated=negated)
        elif isinstance(tree, m.Compare):
            self.compare(tree, at, holds)
        else:
            self.leaf(tree, at, holds)

    def leaf(self, tree: m.Condition, at: At, holds: pl.Expr) -> None:
        if isinstance(tree, m.Grade):
            self.result("grade", at, holds, ("等次", "grade "), grade_shown(at))
        elif isinstance(tree, m.Status):
            self.status(at, holds)
        elif isinstance(tree, m.Rank):
            self.rank(tree, at, holds)
        elif isinstance(tree, m.Sequence):
            self.sequence(tree, at, holds)
        else:
            self.said(tree, at, holds)

    def sequence(self, tree: m.Sequence, at: At, holds: pl.Expr) -> None:
        """Every cycle that would do for one of the steps, and every such fact."""
        *earlier, last = tree.steps
        for step in filter(dated, tree.steps):
            key = at.sheet.fact_key(m.present(dated(step)), (at.code,))
            self.facts[key] = self.facts.get(key, NO) | holds
        if not dated(last):
            self.condition(last, at, holds & ask(last, at))
        for code in at.sheet.ground.calendar.known_span(m.Span(within=tree.within), at.code):
            for step in earlier:
                if not dated(step):
                    self.condition(step, at.to(code), holds & ask(step, at.to(code)))

    def said(self, tree: m.Condition, at: At, holds: pl.Expr) -> None:
        source, ref = _source(tree, at)
        if isinstance(tree, m.Above) and tree not in self.near:
            zh, en = pl.lit(self.zh.say.condition(tree)), pl.lit(self.en.say.condition(tree))
            self.add(str(tree), Item(source, ref, zh, en, pl.lit(""), holds))
            return
        figure = pl.col(decision_column(tree, at)) if isinstance(tree, m.Decision) and tree.run else pl.lit("")
        self.add(str(tree), Item(source, ref, self.zh.told(tree, at), self.en.told(tree, at), figure, holds))

    def result(self, name: str, at: At, holds: pl.Expr, words: tuple[str, str], figure: pl.Expr) -> None:
        zh = text(f"{self.zh.cycle(at)}{words[ZH]}", figure)
        en = text(f"{at.code} {words[EN]}", figure)
        self.add(name, Item("result", at.code, zh, en, figure, holds & at.sheet.graded(at.code), at.code))

    def status(self, at: At, holds: pl.Expr) -> None:
        zh, en = self.zh.status(at), self.en.status(at)
        item = Item("result", at.code, text(f"{self.zh.cycle(at)}", zh), text(f"{at.code} ", en), zh, holds, at.code)
        self.add("status", item)

    def rank(self, tree: m.Rank, at: At, holds: pl.Expr) -> None:
        figure = text(shown(rank_place(tree, at)), "/", shown(rank_size(tree, at)))
        zh, en = text(f"{at.code} ", self.zh.told(tree, at)), text(f"{at.code} ", self.en.told(tree, at))
        self.add(str(tree), Item("rank", at.code, zh, en, figure, holds & at.sheet.graded(at.code), at.code))

    # numbers

    def compare(self, tree: m.Compare, at: At, holds: pl.Expr) -> None:
        number = tree.number
        if isinstance(number, m.Indicator):
            for name in indicator_names(number, at):
                met = one_indicator(tree, name, at).fill_null(False)
                self.number(m.Indicator((name,)), at, holds & met)
        else:
            self.number(number, at, holds)
        earlier = at.back(tree.operand.before) if tree.operand.before else None
        if tree.operand.number is not None:
            self.number(tree.operand.number, at, holds)
        if earlier and not isinstance(number, m.Indicator):
            self.number(number, earlier, holds)

    def number(self, tree: m.Number, at: At, holds: pl.Expr) -> None:
        if isinstance(tree, m.Score):
            self.result("score", at, holds, ("得分", "score "), shown(num(tree, at)))
        elif isinstance(tree, m.Indicator):
            name = tree.names[0]
            self.result(name, at, holds, (f"“{name}”", f"'{name}' "), shown(num(tree, at)))
        elif isinstance(tree, m.Fact):
            key = fact_key(tree, at)
            self.facts[key] = self.facts.get(key, NO) | holds
        elif isinstance(tree, m.Periods):
            self.periods(tree, at, holds)
        elif isinstance(tree, m.Field | m.Years | m.Served):
            self.of_person(tree, at, holds)
        else:
            self.made(tree, at, holds)

    def made(self, tree: m.Constant | m.Reckoned | m.Limit | m.Table | m.Decided, at: At, holds: pl.Expr) -> None:
        """What a number made of others is made of."""
        for part in tree.parts if isinstance(tree, m.Reckoned) else (tree.of,) if isinstance(tree, m.Limit) else ():
            self.number(part, at, holds)
        if isinstance(tree, m.Table):
            self.table(tree, at, holds)
        elif isinstance(tree, m.Decided):
            figure, ref = shown(num(tree, at)), ",".join(tree.decision.of)
            self.add(
                str(tree), Item("decision", ref, self.zh.number(tree, at), self.en.number(tree, at), figure, holds)
            )

    def table(self, tree: m.Table, at: At, holds: pl.Expr) -> None:
        if isinstance(tree.of, m.Fact):
            key = fact_key(tree.of, at)
            self.facts[key] = self.facts.get(key, NO) | holds
        elif tree.of.what == "grade":
            self.result("grade", at, holds, ("等次", "grade "), grade_shown(at))
        else:
            source = "posting" if tree.of.what == "post" else "profile"
            zh, en = self.zh.number(tree, at), self.en.number(tree, at)
            self.add(str(tree), Item(source, tree.of.name, zh, en, field_of(tree.of, at).cast(pl.String), holds))

    def of_person(self, tree: m.Years | m.Served | m.Field, at: At, holds: pl.Expr) -> None:
        served = isinstance(tree, m.Served)
        ref = tree.what if isinstance(tree, m.Served) else tree.since if isinstance(tree, m.Years) else tree.name
        figure = shown(num(tree, at))
        zh, en = self.zh.number(tree, at), self.en.number(tree, at)
        self.add(str(tree), Item("posting" if served else "profile", ref, zh, en, figure, holds))

    def periods(self, tree: m.Periods, at: At, holds: pl.Expr, *, negated: bool = False) -> None:
        """Every hit; where none may be or a figure is made, every cycle looked at."""
        for period in looked_at(tree, tree.test, at):
            if period.at is None:
                continue
            counts = holds & period.looked
            if tree.number is not None:
                self.number(tree.number, period.at, counts)
            elif tree.how == "worth":
                for worth in tree.worth:
                    self.condition(worth.this, period.at, counts & hit(tree, worth.this, period.at))
            else:
                every = negated or tree.how == "none"
                self.condition(tree.asked, period.at, counts if every else counts & period.hit, negated=every)


def _source(tree: m.Condition, at: At) -> tuple[str, str]:
    """Where it stands: in the directory, a posting, the unit's results, or the decisions."""
    if isinstance(tree, m.Profile | m.Post):
        return "posting" if isinstance(tree, m.Post) else "profile", tree.name
    if isinstance(tree, m.Decision):
        return "decision", ",".join(tree.of)
    return "result", at.code
