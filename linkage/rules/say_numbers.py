"""Saying numbers, facts, spans and what they are compared with, in Chinese or English, from the tree that decides."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from fractions import Fraction

from . import model as m
from .phrases import (
    COUNTED,
    COUNTS,
    CYCLE,
    FACT_UNITS,
    FACTS,
    FIELDS,
    FIGURES,
    GAPS,
    LASTS,
    OPS,
    SAME,
    STATUS,
    TOTALS,
    UNITS,
    Pair,
)

ZH, EN = 0, 1
MEASURE = {"count": "期", "run": "期", "worth": "期"}


def plain(figure: Fraction | None) -> str:
    return "" if figure is None else f"{float(figure):g}"


def portion_said(share: Fraction) -> str:
    """3/100 is said 3%, a third 1/3."""
    return f"{float(share * 100):g}%" if (share * 1000).denominator == 1 else f"{share.numerator}/{share.denominator}"


class SayNumbers:
    def __init__(self, policy: m.Policy, lang: int, kind: str) -> None:
        self.policy, self.lang, self.kind = policy, lang, kind

    def t(self, zh: str, en: str) -> str:
        return zh if self.lang == ZH else en

    def pick(self, pair: Pair) -> str:
        return pair[self.lang]

    def named(self, word: str, names: Mapping[str, Pair]) -> str:
        return names.get(word, (word, word))[self.lang]

    def join(self, words: Iterable[str], names: Mapping[str, Pair] | None = None) -> str:
        return self.t("、", ", ").join(self.named(word, names or {}) for word in words)

    def either(self, words: tuple[str, ...], names: Mapping[str, Pair] | None = None) -> str:
        *first, last = (self.named(word, names or {}) for word in words)
        return self.join(first) + (self.t("或", " or ") if first else "") + last

    @abstractmethod
    def condition(self, tree: m.Condition) -> str: ...

    def length(self, length: m.Length) -> str:
        unit = UNITS[length.unit][self.lang]
        return self.t(f"{length.n}{unit}", f"{length.n} {unit if length.n != 1 else unit.removesuffix('s')}")

    def noun(self, kind: str | None = None) -> str:
        return CYCLE[kind or self.kind][self.lang]

    def is_(self, op: str) -> str:
        return f"is {OPS[op][EN]}".strip()

    # numbers

    def number(self, tree: m.Number) -> str:
        if isinstance(tree, m.Score):
            return self.t("得分", "the score")
        if isinstance(tree, m.Indicator):
            return self.indicator(tree)
        if isinstance(tree, m.Years):
            return self.years(tree)
        if isinstance(tree, m.Fact):
            return self.t(
                f"{self.fact(tree)}的{TOTALS[tree.total][ZH]}", f"the {TOTALS[tree.total][EN]} of {self.fact(tree)}"
            )
        if isinstance(tree, m.Field):
            return self.named(tree.name, FIELDS)
        return self.periods(tree) if isinstance(tree, m.Periods) else self.served(tree)

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
        what = from_when.get(tree.what, ("任现负责人", "as leader"))
        return self.t(f"{what[ZH]}任职", f"service {what[EN]}")

    def measure(self, tree: m.Number) -> str:
        """The Chinese measure word of a count."""
        if isinstance(tree, m.Fact):
            return FACT_UNITS.get(tree.total, "")
        if isinstance(tree, m.Periods):
            return MEASURE.get(tree.how, "")
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
        return self.t(
            f"{OPS[tree.op][ZH]}{self.operand(tree.operand)}", f"{self.is_(tree.op)} {self.operand(tree.operand)}"
        )

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

    def lasts(self, fact: m.Fact) -> str:
        """What goes between a fact in force and its end."""
        return self.pick(LASTS.get(fact.kind[0], ("至", " to")) if len(fact.kind) == 1 else ("至", " to"))

    # periods

    def span(self, span: m.Span) -> str:
        noun = self.noun(span.kind)
        if span.within == "year":
            return self.t(f"本自然年内各{noun}", f"the {noun}s of this calendar year")
        if span.within == "cycle":
            return self.t(f"本期内各{noun}", f"the {noun}s inside this cycle")
        if isinstance(span.within, m.Length):
            length = self.length(span.within)
            return self.t(f"最近{length}内各{noun}", f"the {noun}s of the last {length}")
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

    def conditions_of_counting(self, tree: m.Periods) -> str:
        """What resets the count and how gaps are taken, in brackets."""
        parts = []
        if tree.after:
            fact = self.bare_fact(tree.after)
            parts.append(self.t(f"只计最近一次{fact}之后结束的", f"counting only those ending after the latest {fact}"))
        parts += [self.t("", " ").join((self.pick(STATUS[kind]), self.pick(GAPS[way]))) for kind, way in tree.gaps]
        if not parts:
            return ""
        return self.t(f"（{'，'.join(parts)}）", f" ({', '.join(parts)})")

    def periods(self, tree: m.Periods) -> str:
        span, tail = self.span(tree.span), self.conditions_of_counting(tree)
        if tree.number is not None:
            figure = FIGURES[tree.how]
            number = self.number(tree.number)
            return self.t(f"{span}{number}的{figure[ZH]}", f"the {figure[EN]} of {number} over {span}") + tail
        if tree.how == "worth":
            return self.worth(tree, span, tail)
        inner = self.condition(tree.asked)
        if tree.how == "each":
            same = self.t("，且为同一事项", ", on the same item") if tree.same else ""
            return self.t(f"{span}每期均{inner}", f"in each of {span} {inner}") + same + tail
        if tree.how in ("none", "some"):
            how = {"none": ("没有一期", "in none of"), "some": ("至少有一期", "in some of")}[tree.how]
            return self.t(f"{span}{how[ZH]}{inner}", f"{how[EN]} {span} {inner}") + tail
        name = COUNTS[tree.how]
        return self.t(f"{span}中{inner}的{name[ZH]}", f"{name[EN]} of {span} where {inner}") + tail

    def worth(self, tree: m.Periods, span: str, tail: str) -> str:
        zh = "；".join(f"{self.condition(part.this)}的每期计{plain(part.value)}" for part in tree.worth)
        en = "; ".join(f"{plain(part.value)} where {self.condition(part.this)}" for part in tree.worth)
        return self.t(f"{span}折算年期{tail}（{zh}；其余不计）", f"the credit of {span}{tail} ({en}; nothing else)")

    # facts

    def bare_fact(self, fact: m.Fact) -> str:
        names = self.either(fact.kind, FACTS)
        if not fact.level:
            return names
        level = self.join(fact.level)
        return self.t(f"{names}（{level}）", f"{names} ({level})")

    def fact(self, fact: m.Fact) -> str:
        """As a noun: 评定日前12个月内有投诉, complaint within 12 months before the day of evaluation."""
        note = self.t("同一事由", "cause") if fact.once_per == "note" else self.t("同一级别", "level")
        once = self.t(f"（{note}只计一次）", f" (once per {note})") if fact.once_per else ""
        bare, window = self.bare_fact(fact) + once, self.window(fact)
        return self.t(f"{window}{bare}", f"{bare} {window}")

    def window(self, fact: m.Fact) -> str:
        arg = fact.arg
        if isinstance(arg, m.Length):
            length = self.length(arg)
            if fact.when == "within":
                return self.t(f"评定日前{length}内有", f"within {length} before the day of evaluation")
            return self.t(f"今后{length}内将有", f"due within {length}")
        if isinstance(arg, m.Fact):
            return self.t(f"最近一次{self.bare_fact(arg)}之后有", f"after the latest {self.bare_fact(arg)}")
        if fact.when == "year of":
            since = self.named(str(arg), FIELDS)
            return self.t(f"本人年度（自{since}起算）内有", f"within the personal year from the {since}")
        return self.pick(WINDOWS[fact.when, arg])


WINDOWS: dict[tuple[str, str | None], Pair] = {
    ("ever", None): ("曾有", "on record"),
    ("active", "now"): ("评定日有生效中的", "in force on the day of evaluation"),
    ("active", "cycle end"): ("周期末日有生效中的", "in force at the cycle's end"),
    ("during", "cycle"): ("本期内发生", "within the cycle"),
    ("during", "year"): ("本年内发生", "within this calendar year"),
    ("overlaps", "cycle"): ("跨及本期的", "overlapping the cycle"),
    ("overlaps", "year"): ("跨及本年的", "overlapping this calendar year"),
}
