"""Reading conditions: the leaves and their combinations, at most so many in a rule."""

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from . import model as m
from .parse_facts import DECISION, FACT
from .parse_numbers import HOWS, SPAN, TESTS, Numbers
from .refusals import PolicyError
from .words import COMPARISONS, FALSE, TRUE
from .yaml_nodes import Node

CONDITIONS: Final = 60
TABLE: Final = ("of", "values", "pick", "otherwise")
STATUSES: Final = ("graded", "ungraded", "pending", "absent")


class Conditions(Numbers):
    """Conditions; `known` maps each keyword that opens one to the method that reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.grades: dict[str, tuple[str, ...]] = {}
        self.tests: dict[str, Node] = {}
        self.known: dict[str, Callable[[Node], m.Condition]] = {
            "all": lambda node: m.All(self._list(node)),
            "any": lambda node: m.AnyOf(self._list(node)),
            "not": lambda node: m.Not(self.condition(node)),
            "test": self._test,
            "met": lambda node: m.Met(self.word(node), at=node.at),
            "grade": self._grade,
            "status": lambda node: m.Status(self.words(node, STATUSES)),
            "score": lambda node: self.compare(node, m.Score(), ()),
            "indicator": self._indicator,
            "rank": self._rank,
            "periods": self._periods,
            "fact": self._fact,
            "profile": lambda node: self._pairs(node, m.Profile),
            "post": self._post,
            "age": self._age,
            "years": lambda node: self.compare(node, self.years(node, COMPARISONS), ("since", "on")),
            "served": self._served,
            "add": lambda node: self.compare(node, self.reckoned("add", node, COMPARISONS), ("of",)),
            "multiply": lambda node: self.compare(node, self.reckoned("multiply", node, COMPARISONS), ("of",)),
            "limit": lambda node: self.compare(node, self.limit(node, COMPARISONS), ("of", "floor", "cap")),
            "table": lambda node: self.compare(node, self.table(node, COMPARISONS), TABLE),
            "unit": lambda node: m.Above("unit", self.condition(node)),
            "parent": lambda node: m.Above("parent", self.condition(node)),
            "decision": self._decision,
            "sequence": self._sequence,
        }

    def spend(self, node: Node) -> None:
        """Conditions and numbers count alike: a rule may hold so many."""
        self.count += 1
        if self.count > CONDITIONS:
            raise PolicyError("conditions", node.at, most=CONDITIONS)

    def condition(self, node: Node) -> m.Condition:
        self.spend(node)
        if isinstance(node.value, list):
            return m.All(self._list(node))
        if len(node.mapping) != 1:
            raise PolicyError("one_condition", node.at)
        key, arg = next(iter(node.mapping.items()))
        if key not in self.known:
            raise PolicyError("no_condition", node.keys[key].at, word=node.keys[key].word, valid=self.known)
        return self.known[key](arg)

    def _list(self, node: Node) -> tuple[m.Condition, ...]:
        return tuple(self.condition(part) for part in self.many(node))

    def _test(self, node: Node) -> m.Condition:
        name = self.word(node)
        if name not in self.tests:
            raise PolicyError("no_test", node.at, word=name, valid=self.tests)
        return self.condition(self.tests[name])

    def _grade(self, node: Node) -> m.Condition:
        scale = [grade for grades in self.grades.values() for grade in grades]
        if not isinstance(node.value, dict):
            return m.Grade("is", self.words(node, scale), node.at)
        given = self.fields(node, COMPARISONS)
        op = self.one_of(node, given, COMPARISONS)
        values = self.words(given[op], scale) if op == "is" else (self.word(given[op], scale),)
        return m.Grade(op, values, given[op].at)

    def _indicator(self, node: Node) -> m.Condition:
        if not isinstance(node.value, dict):
            raise PolicyError("mapping", node.at, valid=("of", *COMPARISONS))
        return self.compare(node, self.indicator(node), ("of", "any of", "each of"))

    def _rank(self, node: Node) -> m.Condition:
        given = self.fields(node, ("top", "bottom", "of", "among", "members"))
        side = self.one_of(node, given, ("top", "bottom"))
        share = self._rank_share(given[side])
        return m.Rank(
            side,
            share,
            None if share is not None else self.whole(given[side]),
            self.num(given["of"]) if "of" in given else m.Score(),
            self.word(given["among"], self.peers) if "among" in given else None,
            self.whole(given["members"]) if "members" in given else 1,
            node.at,
        )

    def _rank_share(self, node: Node) -> Fraction | None:
        word = self.word(node)
        if not word.endswith("%") and "/" not in word:
            return None
        share = self.number(node)
        if not 0 < share < 1:
            raise PolicyError("share", node.at)
        return share

    def _periods(self, node: Node) -> m.Condition:
        if any(how in node.mapping for how in TESTS):
            return self.periods(node, hows=HOWS)
        return self.compare(node, self.periods(node, COMPARISONS), HOWS + SPAN)

    def _fact(self, node: Node) -> m.Condition:
        if any(op in node.mapping for op in COMPARISONS):
            return self.compare(node, self.fact(node, COMPARISONS), FACT)
        return m.Compare(self.fact(node), "at least", m.Operand(constant=Fraction(1), at=node.at))

    def _age(self, node: Node) -> m.Condition:
        given = self.fields(node, ("on", *COMPARISONS))
        return self.compare(node, m.Years("born_on", self.reckoned_on(given), node.at), ("on",))

    def _served(self, node: Node) -> m.Condition:
        given = self.fields(node, ("of", *COMPARISONS), ("of",))
        here = [op for op in COMPARISONS if op in given]
        if len(here) != 1:
            raise PolicyError("comparison", node.at)
        length = self.length(given[here[0]], ("days", "months", "years"))
        served = m.Served(self.word(given["of"], ("unit", "post_type", "leader")), length.unit, node.at)
        return m.Compare(served, here[0], m.Operand(constant=Fraction(length.n), at=given[here[0]].at))

    def _post(self, node: Node) -> m.Condition:
        if isinstance(node.value, dict):
            return self._pairs(node, m.Post)
        return m.Post("post_type", self.words(node), node.at)

    def _pairs(self, node: Node, make: type[m.Profile] | type[m.Post]) -> m.Condition:
        given = self.pairs(node).items()
        parts = [make(key, self._answers(key, part), node.keys[key].at) for key, part in given]
        return parts[0] if len(parts) == 1 else m.All(tuple(parts))

    def _answers(self, field: str, node: Node) -> tuple[str, ...]:
        """是, yes and true are one answer to a question of yes or no."""
        words = self.words(node)
        if field == "is_leader":
            return tuple("yes" if self.yes(part) else "no" for part in _each(node))
        return tuple("yes" if word in TRUE else "no" if word in FALSE else word for word in words)

    def _decision(self, node: Node) -> m.Condition:
        if any(op in node.mapping for op in COMPARISONS):
            return self.compare(node, m.Decided(self._earlier(node, COMPARISONS)), DECISION)
        return self.decision(node)

    def _sequence(self, node: Node) -> m.Condition:
        given = self.fields(node, ("steps", "within", "apart"), ("steps", "within"))
        apart = self.length(given["apart"]) if "apart" in given else None
        return m.Sequence(self._list(given["steps"]), self.length(given["within"]), apart)


def _each(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else [node]
