"""Reading numbers: score, indicators, years, periods, those made of others, and what they are compared with."""

from abc import abstractmethod
from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Final

from . import model as m
from .parse_facts import MOST_YEARS, Facts
from .parse_gaps import gaps_of
from .parse_values import NUMBER, spelled
from .refusals import PolicyError
from .words import COMPARISONS, CYCLE_KINDS, READ
from .yaml_nodes import Node

TESTS: Final = ("each", "none", "some", "from")
FIGURES: Final = ("sum", "mean", "min", "max", "balance")
COUNTS: Final = ("count", "share", "run")
HOWS: Final = (*TESTS, *COUNTS, "worth", *FIGURES)
SPAN: Final = ("last", "before", "within", "kind", "year of", "after", "gaps", "same", "until", "floor", "cap")
PICKS: Final = ("highest", "lowest", "sum")
OTHERS: Final = ("before", "median", "mean")
MOST_SPAN: Final = 120
MOST_SKIPPED: Final = 24


class Numbers(Facts):
    """Numbers; a quantifier over periods holds conditions, which the next layer reads."""

    def __init__(self) -> None:
        super().__init__()
        self.peers: dict[str, m.Peers] = {}
        self.figures: dict[str, Callable[[Node], m.Number]] = {
            "indicator": self.indicator,
            "periods": self.periods,
            "fact": self.fact,
            "years": self.years,
            "decision": lambda node: m.Decided(self._earlier(node)),
            "add": lambda node: self.reckoned("add", node),
            "multiply": lambda node: self.reckoned("multiply", node),
            "limit": self.limit,
            "table": self.table,
        }

    @abstractmethod
    def condition(self, node: Node) -> m.Condition: ...

    def num(self, node: Node) -> m.Number:
        """A number: score, a constant, a field of the directory, or {indicator|periods|fact|...: ...}."""
        self.spend(node)
        if isinstance(node.value, str):
            return self._plain(node)
        if len(node.mapping) != 1:
            raise PolicyError("a_number", node.at)
        key, arg = next(iter(node.mapping.items()))
        if key not in self.figures:
            raise PolicyError("no_number", node.keys[key].at, word=node.keys[key].word, valid=self.figures)
        return self.figures[key](arg)

    @abstractmethod
    def spend(self, node: Node) -> None: ...

    def _plain(self, node: Node) -> m.Number:
        word = self.word(node)
        if READ.get(word) == "score":
            return m.Score()
        if NUMBER.fullmatch(word.removesuffix("%")):
            return m.Constant(self.number(node))
        return m.Field(word, node.at)

    def _earlier(self, node: Node, extra: Collection[str] = ()) -> m.Decision:
        found = self.decision(node, extra)
        if found.run:
            raise PolicyError("run_decision", node.at)
        return found

    def reckoned(self, how: str, node: Node, extra: Collection[str] = ()) -> m.Reckoned:
        parts = node if isinstance(node.value, list) else self.fields(node, ("of", *extra), ("of",))["of"]
        return m.Reckoned(how, tuple(self.num(part) for part in self.many(parts)))

    def limit(self, node: Node, extra: Collection[str] = ()) -> m.Limit:
        given = self.fields(node, ("of", "floor", "cap", *extra), ("of",))
        low, high = self._between(given)
        if low is None and high is None:
            raise PolicyError("missing", node.at, word="cap")
        return m.Limit(self.num(given["of"]), low, high)

    def _between(self, given: dict[str, Node]) -> tuple[Fraction | None, Fraction | None]:
        low, high = (self.number(given[key]) if key in given else None for key in ("floor", "cap"))
        if low is not None and high is not None and low > high:
            raise PolicyError("floor_cap", given["floor"].at)
        return low, high

    def table(self, node: Node, extra: Collection[str] = ()) -> m.Table:
        given = self.fields(node, ("of", "values", "pick", "otherwise", *extra), ("of", "values"))
        values = self.pairs(given["values"])
        return m.Table(
            self._looked_up(given["of"]),
            tuple((name, self.number(part)) for name, part in values.items()),
            self.word(given["pick"], PICKS) if "pick" in given else "highest",
            self.number(given["otherwise"]) if "otherwise" in given else None,
            node.at,
        )

    def _looked_up(self, node: Node) -> m.Fact | m.Lookup:
        if isinstance(node.value, str):
            return m.Lookup(self.word(node, ("grade",)), at=node.at)
        what = self.one_of(node, self.fields(node, ("fact", "profile", "post")), ("fact", "profile", "post"))
        part = node.mapping[what]
        return self.fact(part) if what == "fact" else m.Lookup(what, self.word(part), part.at)

    def indicator(self, node: Node) -> m.Indicator:
        if not isinstance(node.value, dict):
            self.word(node)
            return m.Indicator(self._indicators(node), at=node.at)
        how = self.one_of(node, node.value, ("of", "any of", "each of"))
        names = self._indicators(node.value[how])
        if how == "of" and len(names) > 1:
            raise PolicyError("one_word", node.value[how].at)
        if how != "of" and len(names) == 1 and spelled(names[0], ("scheme",)):
            names = ("*",)
        return m.Indicator(names, {"of": "one", "any of": "any", "each of": "each"}[how], node.value[how].at)

    def _indicators(self, node: Node) -> tuple[str, ...]:
        names = self.words(node)
        if "*" in names:  # which stands for the scheme in the tree
            raise PolicyError("no_indicator", node.at, word="*")
        return names

    def years(self, node: Node, extra: Collection[str] = ()) -> m.Years:
        given = self.fields(node, ("since", "on", *extra), ("since",))
        return m.Years(self.word(given["since"]), self.reckoned_on(given), given["since"].at)

    def reckoned_on(self, given: dict[str, Node]) -> str:
        return self.word(given["on"], ("as of", "cycle end")) if "on" in given else "as of"

    # periods

    def periods(self, node: Node, extra: Collection[str] = (), hows: Collection[str] = HOWS[len(TESTS) :]) -> m.Periods:
        given = self.fields(node, (*HOWS, *SPAN, *extra))
        how = self._one_how(node, given, hows)
        span, gaps = self._span(given), gaps_of(self, given["gaps"]) if "gaps" in given else ()
        if any(gap.way == "skip" for gap in gaps) and span.last is not None and span.last > MOST_SKIPPED:
            raise PolicyError("skip_span", given["last" if "last" in given else "within"].at)
        low, high = self._between(given)
        found = m.Periods(
            span,
            how,
            test=self.condition(given[how]) if how in TESTS + COUNTS else None,
            number=self.num(given[how]) if how in FIGURES else None,
            worth=tuple(self._worth(part) for part in self.many(given[how])) if how == "worth" else (),
            after=self.latest(given["after"]) if "after" in given else None,
            gaps=gaps,
            same=self.word(given["same"], ("level", "note")) if "same" in given else None,
            until=self.condition(given["until"]) if "until" in given else None,
            low=low,
            high=high,
            at=node.at,
        )
        if found.same and not _may_be_same(found):
            raise PolicyError("same_needs", given["same"].at)
        return found

    def _one_how(self, node: Node, given: dict[str, Node], hows: Collection[str]) -> str:
        """The one word that says how; `until` goes with `from`, and limits with a balance."""
        how = self.one_of(node, given, hows)
        for word, needs in (("until", "from"), ("floor", "balance"), ("cap", "balance")):
            if word in given and how != needs:
                raise PolicyError("goes_with", given[word].at, word=word, known=needs)
        return how

    def _worth(self, node: Node) -> m.Worth:
        given = self.fields(node, ("this", "value"), ("this", "value"))
        return m.Worth(self.condition(given["this"]), self.number(given["value"]))

    def _span(self, given: dict[str, Node]) -> m.Span:
        before = self.whole(given["before"], MOST_SPAN) if "before" in given else 0
        kind = self.word(given["kind"], CYCLE_KINDS) if "kind" in given else None
        last = self._last(given["last"]) if "last" in given else None
        if "year of" in given:
            return self._personal(given, before, kind)
        if "last" in given and "within" in given:
            raise PolicyError("not_together", given["within"].at, word="within", other="last")
        if "within" not in given:
            return m.Span(last, before, None, kind)
        word = spelled(self.word(given["within"]), ("year", "cycle"))
        length = None if word else self.length(given["within"], ("days", "weeks", "months", "years", "cycles"))
        if length is not None and length.unit == "cycles":
            return m.Span(length.n, before, None, kind)
        return m.Span(last, before, word or length, kind)

    def _personal(self, given: dict[str, Node], before: int, kind: str | None) -> m.Span:
        """The cycles of a personal year; `before` counts personal years here."""
        for word in ("last", "within"):
            if word in given:
                raise PolicyError("not_together", given[word].at, word=word, other="year of")
        return m.Span(None, min(before, MOST_YEARS), None, kind, self.word(given["year of"]))

    def _last(self, node: Node) -> int | None:
        return None if spelled(self.word(node), ("all",)) else self.whole(node, MOST_SPAN)

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
        given = self.fields(node, (*OTHERS, *self.figures, "score", "plus", "times"))
        how = self.one_of(node, given, (*OTHERS, *self.figures, "score"))
        number = None
        if how not in OTHERS:
            number = m.Score() if how == "score" else self.figures[how](given[how])
        return m.Operand(
            before=self.whole(given[how], 60) if how == "before" else None,
            peers=(how, self.word(given[how], self.peers)) if how in ("median", "mean") else None,
            number=number,
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
    if not isinstance(fact, m.Fact):
        return False
    plain = m.Fact(fact.kind, fact.level, "during", "cycle")
    return fact == plain and test.op == "at least" and test.operand.constant == 1
