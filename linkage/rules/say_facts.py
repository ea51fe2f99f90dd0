"""Saying facts and earlier decisions, in Chinese or English: what, since when, which of them count."""

from fractions import Fraction

from . import model as m
from .phrases import FACTS, FIELDS, LASTS, OPS, OUTCOMES, Pair
from .say_words import EN, ZH, SayWords, plain, portion_said


class SayFacts(SayWords):
    def lasts(self, fact: m.Fact) -> str:
        """What goes between a fact in force and its end."""
        return self.pick(LASTS.get(fact.kind[0], ("至", " to")) if len(fact.kind) == 1 else ("至", " to"))

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
        bare, window = self.bare_fact(fact) + once + self.which(fact), self.window(fact)
        return self.t(f"{window}{bare}", f"{bare} {window}")

    def which(self, fact: m.Fact) -> str:
        """Which of them count, in brackets."""
        parts = [self.amounts(fact)] if fact.amount else []
        if fact.lasts:
            parts.append(self.t("期限", "lasting ") + self.terms(fact))
        if fact.added:
            parts.append(
                self.t(f"期限相加，最长{self.length(fact.added)}", f"terms added up to {self.length(fact.added)}")
            )
        if fact.exempt:
            excused = self.fact(fact.exempt)
            parts.append(self.t(f"同一事由{excused}的不计", f"but for those with the cause of {excused}"))
        if fact.same:
            same = {"cause": ("与本次认定同一事由", "with the cause of this decision")}
            parts.append(self.pick(same.get(fact.same, ("与本次重点相同", "with the focus of this decision"))))
        return self.t(f"（{'，'.join(parts)}）", f" ({', '.join(parts)})") if parts else ""

    def amounts(self, fact: m.Fact) -> str:
        zh = "且".join(f"{OPS[op][ZH]}{self.share_or_figure(figure)}" for op, figure in fact.amount)
        en = " and ".join(f"{OPS[op][EN]} {self.share_or_figure(figure)}".strip() for op, figure in fact.amount)
        return self.t(f"每次数额{zh}", f"each of {en}")

    def share_or_figure(self, figure: Fraction) -> str:
        """A figure between 0 and 1 is said as a share."""
        return portion_said(figure) if 0 < figure < 1 else plain(figure)

    def terms(self, fact: m.Fact) -> str:
        return self.t("、", ", ").join(
            f"{level}{self.t('', ' ') if level else ''}{self.length(length)}" for level, length in fact.lasts
        )

    def personal_year(self, since: str, before: int) -> str:
        day = self.named(since, FIELDS)
        if not before:
            return self.t(f"本人年度（自{day}起算）内有", f"within the personal year from the {day}")
        years = "year" if before == 1 else "years"
        return self.t(
            f"本人年度（自{day}起算）前第{before}年内有",
            f"within the personal year from the {day}, {before} {years} before",
        )

    def latest(self, anchor: m.Fact | m.Decision) -> str:
        """After which day something counts: that of the latest fact or decision, or the day the fact ended."""
        if isinstance(anchor, m.Fact) and anchor.expired:
            bare = self.bare_fact(anchor) + self.which(anchor)
            return self.t(f"最近一次{bare}期满之后", f"after the latest {bare} has ended")
        bare = self.bare_fact(anchor) if isinstance(anchor, m.Fact) else self.decision_of(anchor)
        return self.t(f"最近一次{bare}之日后", f"after the day of the latest {bare}")

    def decision_of(self, decision: m.Decision) -> str:
        return self.t(f"{self.outcomes(decision)}的认定", f"decision of {self.outcomes(decision)}")

    def outcomes(self, decision: m.Decision) -> str:
        return self.either(tuple(word.split(":")[-1] for word in decision.of), OUTCOMES)

    def window(self, fact: m.Fact) -> str:
        arg = fact.arg
        if isinstance(arg, m.Length):
            length = self.length(arg)
            if fact.when == "within":
                return self.t(f"评定日前{length}内有", f"within {length} before the day of evaluation")
            return self.t(f"今后{length}内将有", f"due within {length}")
        if isinstance(arg, m.Fact | m.Decision):
            return self.latest(arg) + self.t("有", "")
        if fact.when == "year of":
            return self.personal_year(str(arg), fact.before)
        if arg == "cycle" and self.placed:
            return self.in_that_cycle(fact.when)
        return self.pick(WINDOWS[fact.when, arg])

    def in_that_cycle(self, when: str) -> str:
        """Inside a quantifier the cycle meant is each of those looked at, not the one judged."""
        noun = self.noun()
        if when == "during":
            return self.t(f"该{noun}内发生", f"within that {noun}")
        return self.t(f"跨及该{noun}的", f"overlapping that {noun}")

    def there_is(self, fact: m.Fact) -> str:
        """As a condition: 本期内发生投诉, 有跨及本期的处分."""
        have = "有" if fact.when == "overlaps" else ""
        return self.t(have + self.fact(fact), f"there is {self.fact(fact)}")

    def there_is_no(self, fact: m.Fact) -> str:
        said, window = self.fact(fact), self.window(fact)
        if self.lang == EN:
            return f"there is no {said}"
        what = said.removeprefix(window)
        if fact.when in ("ever", "overlaps"):
            return f"从未有{what}" if fact.when == "ever" else f"没有{said}"
        for has, has_not in (("内发生", "内未发生"), ("日有生效", "日没有生效"), ("内将有", "内没有")):
            if has in window:
                return window.replace(has, has_not) + what
        return window.removesuffix("有") + "没有" + what


WINDOWS: dict[tuple[str, str | None], Pair] = {
    ("ever", None): ("曾有", "on record"),
    ("active", "now"): ("评定日有生效中的", "in force on the day of evaluation"),
    ("active", "cycle end"): ("周期末日有生效中的", "in force at the cycle's end"),
    ("during", "cycle"): ("本期内发生", "within the cycle"),
    ("during", "year"): ("本年内发生", "within this calendar year"),
    ("overlaps", "cycle"): ("跨及本期的", "overlapping the cycle"),
    ("overlaps", "year"): ("跨及本年的", "overlapping this calendar year"),
}
