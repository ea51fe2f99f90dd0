"""The small parts of telling: figures, cycles and grades as text, over the rows of a sheet."""

from collections.abc import Sequence

import polars as pl

from . import model as m
from .conditions import rank_place, rank_size
from .periods import Period, after
from .phrases import STATUS
from .say import Say
from .say_numbers import ZH
from .sheet import At, ask, cond, num
from .world import UNIT

NOTHING = pl.lit(None, pl.String)


def text(*parts: str | pl.Expr) -> pl.Expr:
    return pl.concat_str([pl.lit(part) if isinstance(part, str) else part for part in parts], ignore_nulls=True)


def shown(figure: pl.Expr) -> pl.Expr:
    """A figure without idle zeros."""
    return figure.cast(pl.Float64).round(4).cast(pl.String).str.replace(r"\.0$", "")


def grade_shown(at: At) -> pl.Expr:
    scale = at.sheet.scale(at.code)
    places = list(range(len(scale)))
    return at.sheet.result(at.code, "grade").replace_strict(places, list(scale), default=None, return_dtype=pl.String)


def fact_column(tree: m.Fact, at: At) -> str:
    return at.sheet.fact(tree, (at.code,)).meta.output_name()


def above_column(tree: m.Above, at: At, lang: int) -> str:
    return f"{cond(tree, at).meta.output_name()} told {lang}"


def decision_column(tree: m.Decision, at: At) -> str:
    return f"{at.sheet.decided(tree).meta.output_name()} by"


class Parts:
    """One language, and the kind of cycle the run is put to."""

    def __init__(self, policy: m.Policy, lang: int, kind: str) -> None:
        self.say = Say(policy, lang, kind)
        self.t, self.lang = self.say.t, lang
        self.comma, self.semicolon = self.t("、", ", "), self.t("；", "; ")

    def joined(self, parts: Sequence[pl.Expr], separator: str | None = None) -> pl.Expr:
        return pl.concat_str(parts, separator=separator or self.semicolon, ignore_nulls=True)

    def bracketed(self, *parts: str | pl.Expr) -> pl.Expr:
        return text(self.t("（", " ("), *parts, self.t("）", ")"))

    def colon(self, items: pl.Expr) -> pl.Expr:
        return pl.when(items != "").then(text(self.t("：", ": "), items))

    def cycle(self, at: At) -> str:
        kind = at.sheet.ground.calendar[at.code].kind
        return self.t(f"{at.code}年度" if kind == "annual" else at.code, at.code)

    def status(self, at: At) -> pl.Expr:
        words = {code: self.say.pick(pair) for code, pair in STATUS.items()}
        status = at.sheet.result(at.code, "status").fill_null("absent")
        return status.replace_strict(list(words), list(words.values()), default=status, return_dtype=pl.String)

    def place(self, tree: m.Rank, at: At) -> pl.Expr:
        """30人中排第2; null for whoever has no place."""
        place, size = rank_place(tree, at), rank_size(tree, at)
        if self.lang == ZH:
            side, unit = "第" if tree.side == "top" else "倒数第", "个" if at.sheet.who == UNIT else "人"
            said = text(shown(size), f"{unit}中排{side}", shown(place))
        else:
            said = text("number ", shown(place), f" from the {tree.side} of ", shown(size))
        return pl.when(place.is_not_null()).then(said)

    def items(self, tree: m.Periods, periods: list[Period], *, hits_only: bool, every_figure: bool = False) -> pl.Expr:
        """The cycles, oldest first, each with its figure or the reason there is none."""
        out = []
        for period in reversed(periods):
            if period.at is None:
                continue
            shows = period.looked & period.hit if hits_only else period.looked
            out.append(pl.when(shows).then(self.item(tree, period.at, every_figure=every_figure)))
        return self.joined(out, self.comma) if out else pl.lit("")

    def item(self, tree: m.Periods, at: At, *, every_figure: bool) -> pl.Expr:
        """2024（78.5）; the one grade that is asked for need not be repeated."""
        asked = tree.asked
        idle = isinstance(asked, m.Grade) and asked.op == "is" and len(asked.values) == 1 and not every_figure
        figure = NOTHING if idle else self.figure(asked, at)
        detail = figure
        if at.code in at.sheet.results:  # where only facts are looked at, results are not loaded
            detail = pl.when(at.sheet.graded(at.code)).then(figure).otherwise(self.status(at))
        if tree.after and every_figure:
            reset = pl.when(~after(tree, at)).then(pl.lit(self.t("，起算之前", ", before the reset")))
            detail = pl.concat_str([detail, reset], ignore_nulls=True)
        return text(at.code, pl.when(detail != "").then(self.bracketed(detail)))

    def figure(self, tree: m.Condition, at: At) -> pl.Expr:
        """A few figures for one cycle; null where the condition has none."""
        if isinstance(tree, m.Grade):
            return grade_shown(at)
        if isinstance(tree, m.Rank):
            return self.place(tree, at)
        if isinstance(tree, m.Compare):
            several = isinstance(tree.number, m.Indicator) and tree.number.how != "one"
            return NOTHING if several else shown(num(tree.number, at))
        if isinstance(tree, m.All | m.AnyOf):
            figures = [pl.when(ask(part, at)).then(self.figure(part, at)) for part in tree.parts]
            joined = self.joined(figures, self.t("，", ", "))
            return pl.when(joined != "").then(joined)
        return self.figure(tree.part, at) if isinstance(tree, m.Met) else NOTHING
