"""Reading numbers: score, indicators, facts, years, periods, and what they are compared with."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Final

from . import model as m
from .parse_values import Values, spelled
from .refusals import PolicyError
from .words import COMPARISONS, CYCLE_KINDS, READ
from .yaml_nodes import Node

NUMBERS: Final = ("indicator", "periods", "fact", "years")
TESTS: Final = ("each", "none", "some")
FIGURES: Final = ("sum", "mean", "min", "max")
COUNTS: Final = ("count", "share", "run")
HOWS: Final = (*TESTS, *COUNTS, "worth", *FIGURES)
SPAN: Final = ("last", "before", "within", "kind", "after", "gaps", "same")
WINDOWS: Final = ("active", "during", "overlaps", "within", "ahead", "after", "ever", "year of")
FACT: Final = ("kind", "level", "total", "once per", *WINDOWS)
TOTALS: Final = ("count", "days", "longest", "amount", "latest")
GAP_KINDS: Final = ("ungraded", "pending", "absent", "unmeasured")
GAP_WAYS: Final = ("break", "skip", "pass", "previous", "wait")
MOST_SPAN: Final = 120
MOST_SKIPPED: Final = 24


class Numbers(Values):
    """Numbers; a quantifier over periods holds conditions, which the next layer reads."""

    def __init__(self) -> None:
        super().__init__()
        self.peers: dict[str, m.Peers] = {}

    @abstractmethod
    def condition(self, node: Node) -> m.Condition: ...

    def num(self, node: Node) -> m.Number:
        """A number: score, a field of the directory, or {indicator|periods|fact|years: ...}."""
        if isinstance(node.value, str):
            return m.Score() if READ.get(node.value) == "score" else m.Field(self.word(node), node.at)
        if len(node.mapping) != 1:
            raise PolicyError("a_number", node.at)
        key, arg = next(iter(node.mapping.items()))
        if key not in NUMBERS:
            raise PolicyError("no_number", node.keys[key].at, word=node.keys[key].word, valid=NUMBERS)
        if key == "indicator":
            return self.indicator(arg)
        if key == "periods":
            return self.periods(arg)
        return self.fact(arg) if key == "fact" else self.years(arg)

    def indicator(self, node: Node) -> m.Indicator:
        if not isinstance(node.value, dict):
            return m.Indicator((self.word(node),), at=node.at)
        how = self.one_of(node, node.value, ("of", "any of", "each of"))
        names = self.words(node.value[how])
        if how == "of" and len(names) > 1:
            raise PolicyError("one_word", node.value[how].at)
        if how != "of" and len(names) == 1 and spelled(names[0], ("scheme",)):
            names = ("*",)
        return m.Indicator(names, {"of": "one", "any of": "any", "each of": "each"}[how], node.value[how].at)

    def years(self, node: Node, extra: Collection[str] = ()) -> m.Years:
        given = self.fields(node, ("since", "on", *extra), ("since",))
        return m.Years(self.word(given["since"]), self.reckoned_on(given), given["since"].at)

    def reckoned_on(self, given: dict[str, Node]) -> str:
        return self.word(given["on"], ("as of", "cycle end")) if "on" in given else "as of"

    # facts

    def fact(self, node: Node, extra: Collection[str] = ()) -> m.Fact:
        given = self.fields(node, (*FACT, *extra), ("kind",))
        windows = [window for window in WINDOWS if window in given]
        if len(windows) > 1:
            raise PolicyError("at_most_one", node.at, valid=WINDOWS)
        when = windows[0] if windows else "ever"
        return m.Fact(
            self.words(given["kind"]),
            self.words(given["level"]) if "level" in given else (),
            when,
            self._window(when, given[when]) if windows else None,
            self.word(given["total"], TOTALS) if "total" in given else "count",
            self.word(given["once per"], ("note", "level")) if "once per" in given else None,
            node.at,
        )

    def _window(self, when: str, node: Node) -> m.Length | m.Fact | str | None:
        if when in ("within", "ahead"):
            return self.length(node)
        if when == "after":
            return self.latest(node)
        if when == "active":
            return self.word(node, ("now", "cycle end"))
        if when in ("during", "overlaps"):
            return self.word(node, ("cycle", "year"))
        return self.word(node) if when == "year of" else None

    def latest(self, node: Node) -> m.Fact:
        """The fact of `after`: only its latest day matters."""
        return self.fact(self.fields(node, ("fact",), ("fact",))["fact"])

    # periods

    def periods(self, node: Node, extra: Collection[str] = (), hows: Collection[str] = HOWS[len(TESTS) :]) -> m.Periods:
        given = self.fields(node, (*HOWS, *SPAN, *extra))
        how = self.one_of(node, given, hows)
        span, gaps = self._span(given), self._gaps(given)
        if "skip" in dict(gaps).values() and span.last is not None and span.last > MOST_SKIPPED:
            raise PolicyError("skip_span", given["last" if "last" in given else "within"].at)
        found = m.Periods(
            span,
            how,
            test=self.condition(given[how]) if how in TESTS + COUNTS else None,
            number=self.num(given[how]) if how in FIGURES else None,
            worth=tuple(self._worth(part) for part in self.many(given[how])) if how == "worth" else (),
            after=self.latest(given["after"]) if "after" in given else None,
            gaps=gaps,
            same=self.word(given["same"], ("level", "note")) if "same" in given else None,
            at=node.at,
        )
        if found.same and not _may_be_same(found):
            raise PolicyError("same_needs", given["same"].at)
        return found

    def _worth(self, node: Node) -> m.Worth:
        given = self.fields(node, ("this", "value"), ("this", "value"))
        return m.Worth(self.condition(given["this"]), self.number(given["value"]))

    def _span(self, given: dict[str, Node]) -> m.Span:
        before = self.whole(given["before"], MOST_SPAN) if "before" in given else 0
        kind = self.word(given["kind"], CYCLE_KINDS) if "kind" in given else None
        last = self._last(given["last"]) if "last" in given else None
        if "within" not in given:
            return m.Span(last, before, None, kind)
        word = spelled(self.word(given["within"]), ("year", "cycle"))
        length = None if word else self.length(given["within"], ("days", "weeks", "months", "years", "cycles"))
        if length is not None and length.unit == "cycles":
            return m.Span(length.n, before, None, kind)
        return m.Span(last, before, word or length, kind)

    def _last(self, node: Node) -> int | None:
        return None if spelled(self.word(node), ("all",)) else self.whole(node, MOST_SPAN)

    def _gaps(self, given: dict[str, Node]) -> tuple[tuple[str, str], ...]:
        if "gaps" not in given:
            return ()
        node, out = given["gaps"], []
        if not isinstance(node.value, dict):
            raise PolicyError("mapping", node.at, valid=GAP_KINDS)
        for name, way in node.value.items():
            kind = spelled(name, GAP_KINDS)
            if kind is None:
                raise PolicyError("not_one_of", node.keys[name].at, word=name, valid=GAP_KINDS)
            out.append((kind, self.word(way, GAP_WAYS)))
        return tuple(out)

    # comparisons

    def compare(self, node: Node, number: m.Number, rest: Collection[str]) -> m.Compare:
        """The one comparison among the node's keys; the other keys are those of the number."""
        op = self.one_of(node, node.mapping, COMPARISONS)
        self.fields(node, (*rest, op))
        operand = self.operand(node.mapping[op])
        if isinstance(number, m.Periods) and number.how == "share" and operand.constant is None:
            raise PolicyError("share_constant", operand.at)
        return m.Compare(number, op, operand)

    def operand(self, node: Node) -> m.Operand:
        if isinstance(node.value, str):
            word = self.word(node)
            if spelled(word, ("previous",)):
                return m.Operand(before=1, at=node.at)
            return m.Operand(constant=self.number(node), written=word, at=node.at)
        given = self.fields(node, ("before", "median", "mean", "plus", "times"))
        how = self.one_of(node, given, ("before", "median", "mean"))
        return m.Operand(
            before=self.whole(given[how], 60) if how == "before" else None,
            peers=None if how == "before" else (how, self.word(given[how], self.peers)),
            plus=self.number(given["plus"]) if "plus" in given else m.Operand.plus,
            times=self.number(given["times"]) if "times" in given else m.Operand.times,
            at=node.at,
        )


def _may_be_same(found: m.Periods) -> bool:
    """The items of a fact can be followed from cycle to cycle only where each cycle asks for one fact dated in it."""
    test = found.test
    if found.how != "each" or found.gaps or found.after or not isinstance(test, m.Compare):
        return False
    fact = test.number
    plain = isinstance(fact, m.Fact) and (fact.when, fact.arg, fact.total, fact.once_per) == (
        "during",
        "cycle",
        "count",
        None,
    )
    return plain and test.op == "at least" and test.operand.constant == 1
