"""What would have to be otherwise for one condition to turn: a grade, a figure, a fact, a place in a ranking."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from . import model as m
from .calendar import shift
from .conditions import indicator_names, rank_place, rank_size
from .numbers import NEAR, operand, portion
from .say_numbers import EN, ZH
from .sheet import At, cond, num
from .tell import Tell
from .world import UNIT

FAR: Final = {"result": 0.0, "fact": 2.0, "place": 3.0, "time": 3.0, "profile": 4.0, "unit": 5.0, "decision": 6.0}


@dataclass(frozen=True)
class Change:
    """One thing that would be otherwise, and the cells of the subject's row in which it would show."""

    cells: tuple[tuple[str, Any], ...]
    what: tuple[str, str]  # zh, en: 等次为优秀
    now: tuple[str, str] = ("", "")
    when: tuple[str, str] = ("", "")  # the cycle: 2023年度
    effort: float = 0.0
    of: "tuple[str, str, str] | None" = None  # of which count it is one more: the noun, and the condition in zh and en

    @property
    def columns(self) -> dict[str, Any]:
        return dict(self.cells)

    def said(self, lang: int) -> str:
        now = (f"（现{self.now[ZH]}）", f" (now {self.now[EN]})")[lang] if self.now[lang] else ""
        return f"{self.when[lang]}{self.what[lang]}{now}"


Option = tuple[Change, ...]


class Subject:
    """One row of a sheet, in which conditions are answered, and both languages to say them in."""

    def __init__(self, row: pl.DataFrame, others: pl.DataFrame, tells: tuple[Tell, Tell]) -> None:
        self.row, self.others, self.tells = row, others, tells

    def value(self, expr: pl.Expr) -> Any:
        return self.row.select(expr.alias("value")).item()

    def cycle(self, at: At) -> tuple[str, str]:
        zh, en = (tell.cycle(at) for tell in self.tells)
        return zh, f"in {en} "

    def alike(self, tree: m.Rank, at: At) -> pl.DataFrame:
        """The others of one's own group who have a place."""
        groups = at.sheet.groups(at.sheet.peers(tree.among, tree.at), at.code)
        same = [group == pl.lit(self.value(group)) for group in groups]
        return self.others.filter(at.sheet.graded(at.code), *same)

    def say(self, tree: m.Condition) -> tuple[str, str]:
        zh, en = self.tells
        return zh.say.condition(tree), en.say.condition(tree)

    def number(self, tree: m.Number) -> tuple[str, str]:
        zh, en = self.tells
        return zh.say.number(tree), en.say.number(tree)

    def status(self, at: At) -> tuple[str, str]:
        zh, en = (self.value(tell.status(at)) for tell in self.tells)
        return zh, en


def changes(tree: m.Condition, at: At, want: bool, subject: Subject) -> Iterator[Change]:
    """Each single change that may turn a leaf; none where nothing could (one cannot grow younger)."""
    known = LEAVES.get(type(tree))
    if known:
        yield from known(tree, at, want, subject)


# grades


def _grade(tree: m.Grade, at: At, want: bool, subject: Subject) -> Iterator[Change]:
    scale, now = at.sheet.scale(at.code), subject.value(at.sheet.result(at.code, "grade"))
    shown = (f"为{scale[now]}", scale[now]) if now is not None else subject.status(at)
    places = [scale.index(value) for value in tree.values if value in scale]
    for place, name in enumerate(scale):
        if places and _fits(tree.op, place, places) == want and place != now:
            cells = ((f"grade@{at.code}", place), (f"status@{at.code}", "graded"))
            steps = abs(place - now) if now is not None else 1
            words = f"等次为{name}", f"the grade were {name}"
            yield Change(cells, words, shown, subject.cycle(at), FAR["result"] + steps)


def _fits(op: str, place: int, places: Sequence[int]) -> bool:
    first = places[0]
    known = {"at least": place <= first, "at most": place >= first, "above": place < first, "below": place > first}
    return known.get(op, place in places)


def _status(tree: m.Status, at: At, want: bool, subject: Subject) -> Iterator[Change]:
    for status in ("graded", "ungraded", "pending"):
        if (status in tree.values) == want:
            zh, en = (tell.say.condition(m.Status((status,))) for tell in subject.tells)
            cell = ((f"status@{at.code}", status),)
            yield Change(cell, (zh, en), subject.status(at), subject.cycle(at), FAR["result"] + 1)


# figures


def _compare(tree: m.Compare, at: At, want: bool, subject: Subject) -> Iterator[Change]:
    number = tree.number
    if isinstance(number, m.Years | m.Served):
        yield from _time(tree, at, want, subject)
        return
    if not isinstance(number, m.Score | m.Indicator | m.Field | m.Fact):
        return  # made of several things: none of them alone is what would have to be otherwise
    threshold = subject.value(operand(number, tree.operand, at))
    if threshold is None:
        return
    now = subject.value(num(number, at))
    target = _target(tree.op, want, float(threshold), _step(number, now, threshold))
    if isinstance(number, m.Fact):
        yield from _fact(tree, number, at, (float(now or 0), target), subject)
    else:
        yield figure(number, at, now, target, subject)


def figure(number: m.Number, at: At, now: float | None, target: float, subject: Subject) -> Change:
    """A score, an indicator or a figure of the directory brought to the target."""
    column = num(number, at).meta.output_name()
    cells: tuple[tuple[str, Any], ...] = ((column, target),)
    if column.endswith(f"@{at.code}"):
        cells += ((f"status@{at.code}", "graded"),)
    (zh, en), to = subject.number(number), plain(target)
    if now is None:
        shown = ("无数据", "no figure") if subject.value(at.sheet.graded(at.code)) else subject.status(at)
        return Change(cells, (f"{zh}为{to}", f"{en} were {to}"), shown, subject.cycle(at), 1.0)
    by, up = plain(abs(target - now)), target > now
    words = f"{zh}{'提高' if up else '降低'}{by}至{to}", f"{en} were {by} {'higher' if up else 'lower'}, at {to}"
    effort = FAR["result"] + abs(target - now) / 10
    return Change(cells, words, (plain(now), plain(now)), subject.cycle(at), effort)


def plain(figure: float) -> str:
    return f"{round(figure, 4):g}"


def _step(number: m.Number, now: Any, threshold: Any) -> float:
    """How finely the figure is kept: one more of what is counted, a tenth or a hundredth of what is measured."""
    if isinstance(number, m.Fact) and number.total in ("count", "days", "longest"):
        return 1.0
    fine = any(figure is not None and abs(figure * 10 - round(figure * 10)) > NEAR for figure in (now, threshold))
    return 0.01 if fine else 0.1


def _target(op: str, want: bool, threshold: float, step: float) -> float:
    """The nearest figure on the right side of the threshold, in whole steps."""
    up = math.ceil(threshold / step - NEAR) * step
    down = math.floor(threshold / step + NEAR) * step
    beyond = (math.floor(threshold / step + NEAR) + 1) * step, (math.ceil(threshold / step - NEAR) - 1) * step
    reach = {"at least": up, "above": beyond[0], "at most": down, "below": beyond[1], "is": threshold}
    leave = {"at least": beyond[1], "above": down, "at most": beyond[0], "below": up, "is": beyond[0]}
    return round((reach if want else leave)[op], 6)


def _fact(tree: m.Compare, fact: m.Fact, at: At, figures: tuple[float, float], subject: Subject) -> Iterator[Change]:
    now, target = figures
    if target < 0 or fact.total not in ("count", "days", "longest", "amount", "latest"):
        return
    (zh, en), by = subject.number(fact), plain(abs(target - now))
    unit = subject.tells[ZH].say.measure(fact)
    more = target > now
    words = f"{zh}{'增加' if more else '减少'}{by}{unit}", f"{en} were {by} {'more' if more else 'fewer'}"
    shown = f"{plain(now)}{unit}", plain(now)
    if subject.tells[ZH].say.is_simply_there(tree):
        words, shown = _there(tree, subject, more=more), ("", "")
    yield Change(((num(fact, at).meta.output_name(), target),), words, shown, effort=FAR["fact"] + abs(target - now))


def _there(tree: m.Compare, subject: Subject, *, more: bool) -> tuple[str, str]:
    """That it is there, or is not: the language has a plain negation of both."""
    if more:
        return subject.say(tree)
    zh, en = subject.say(m.Not(tree))
    return zh.replace("从未有", "没有", 1), en


def _time(tree: m.Compare, at: At, want: bool, subject: Subject) -> Iterator[Change]:
    """Only time that passes: nobody grows younger, or has joined later than he did."""
    number, least = tree.number, tree.operand.constant
    if not isinstance(number, m.Years | m.Served) or least is None or (tree.op in ("at least", "above")) != want:
        return
    day = at.sheet.as_of
    if isinstance(number, m.Years) and number.on == "cycle end":
        day = at.sheet.ground.calendar[at.code].ends_on
    span = math.ceil(least) + (tree.op in ("above", "at most"))
    unit = number.unit if isinstance(number, m.Served) else "years"
    since = shift(day, m.Length(span, unit))
    if isinstance(number, m.Years):
        column = number.since
    else:
        column = at.sheet.posting(at.code, f"{number.what} since").meta.output_name()
    now = plain(subject.value(num(number, at)) or 0)
    (zh, en), measure = subject.number(number), subject.tells[ZH].say.measure(number) or "岁"
    words = f"{zh}达到{span}{measure}", f"{en} had reached {span} {unit}"
    yield Change(((column, since),), words, (f"{now}{measure}", now), effort=FAR["time"] + float(span))


# places


def _rank(tree: m.Rank, at: At, want: bool, subject: Subject) -> Iterator[Change]:
    """The figure that takes just the place; it is not said, for it would be another's."""
    if not isinstance(tree.of, m.Score | m.Indicator):
        return
    size, place = subject.value(rank_size(tree, at)), subject.value(rank_place(tree, at))
    now = subject.value(num(tree.of, at))
    if place is None or now is None or size < tree.members:
        return
    last = tree.places if tree.places is not None else subject.value(portion(pl.lit(size), m.present(tree.share)))
    last = max(last, 1) if tree.side == "top" else last
    target = _taking(tree, at, last, want, subject)
    if target is None:
        return
    cells = (
        (num(tree.of, at).meta.output_name(), target),
        (rank_place(tree, at).meta.output_name(), last if want else last + 1),
    )
    by = ("" if isinstance(tree.of, m.Score) else f"按{subject.number(tree.of)[ZH]}，"), subject.number(tree.of)[EN]
    side = ("前", "first") if tree.side == "top" else ("后", "last")
    zh = f"{by[ZH]}名次{'在' if want else '不在'}{side[ZH]}{last}名以内"
    en = f"the place by {by[EN]} were {'' if want else 'not '}among the {side[EN]} {last}"
    shown = f"{'倒数' if tree.side == 'bottom' else ''}第{place}，共{size}", f"{place} of {size}"
    yield Change(cells, (zh, en), shown, subject.cycle(at), FAR["place"] + abs(place - last) / 10)


def _taking(tree: m.Rank, at: At, last: int, want: bool, subject: Subject) -> float | None:
    """The figure with which one is just in, or just out. A tie lets in at the top and keeps out at the bottom."""
    found = subject.alike(tree, at).select(others=num(tree.of, at)).drop_nulls()["others"]
    top = tree.side == "top"
    others = sorted(found.to_list(), reverse=top)
    if not 0 < last <= len(others):
        return None
    edge = float(others[last - 1])
    return edge if want == top else round(edge - 0.01, 6)


# the rest


def _field(tree: m.Profile | m.Post, at: At, want: bool, subject: Subject) -> Iterator[Change]:
    sheet, name = at.sheet, tree.name
    if isinstance(tree, m.Post) and (sheet.who != UNIT or name in ("unit", "branch")):
        column = sheet.posting(at.code, f"{name} code" if name in ("unit", "branch") else name)
        kind: pl.DataType = pl.Boolean() if name == "is_leader" else pl.String()
    else:
        column, kind = sheet.directory(name), sheet.ground.fields(sheet.who)[name]
    if kind not in (pl.Boolean, pl.String):
        return
    values: list[Any] = [tree.values[0]] if want else [""]
    if kind == pl.Boolean:
        values = [(tree.values[0] == "yes") == want]
    now = subject.value(column)
    shown = ("", "") if now is None or kind == pl.Boolean else (f"为{now}", str(now))
    words = subject.say(tree if want else m.Not(tree))
    yield Change(((column.meta.output_name(), values[0]),), words, shown, effort=FAR["profile"])


def _told(tree: m.Above | m.Decision, at: At, want: bool, subject: Subject) -> Iterator[Change]:
    """What is decided elsewhere: by the unit's results, or by another rule."""
    far = FAR["unit" if isinstance(tree, m.Above) else "decision"]
    words = subject.say(tree if want else m.Not(tree))
    yield Change(((cond(tree, at).meta.output_name(), want),), words, effort=far)


LEAVES: Final[dict[type, Callable[[Any, At, bool, Subject], Iterator[Change]]]] = {
    m.Grade: _grade,
    m.Status: _status,
    m.Compare: _compare,
    m.Rank: _rank,
    m.Profile: _field,
    m.Post: _field,
    m.Above: _told,
    m.Decision: _told,
}


def one_each(tree: m.Compare, at: At) -> list[m.Compare]:
    """A comparison of several indicators as one comparison each."""
    number = tree.number
    if not isinstance(number, m.Indicator):
        return [tree]
    return [replace(tree, number=m.Indicator((name,), at=number.at)) for name in indicator_names(number, at)]
