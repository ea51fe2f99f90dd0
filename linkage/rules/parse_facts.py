"""Reading facts and earlier decisions: what is dated, and which window it must fall into."""

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction
from typing import Final

from . import model as m
from .parse_values import Values
from .refusals import PolicyError
from .words import COMPARISONS
from .yaml_nodes import Node

WINDOWS: Final = ("active", "during", "overlaps", "within", "ahead", "after", "ever", "year of")
FILTERS: Final = ("before", "amount", "lasts", "added", "exempt", "same")
FACT: Final = ("kind", "level", "total", "once per", *WINDOWS, *FILTERS)
TOTALS: Final = ("count", "days", "longest", "amount", "latest")
EXPIRES: Final = ("ever", "within", "during", "after", "year of")  # windows that do not look at ends
DECISION: Final = ("of", "in", "within", "ended")
MOST_YEARS: Final = 20


class Facts(Values):
    def fact(self, node: Node, extra: Collection[str] = ()) -> m.Fact:
        given = self.fields(node, (*FACT, *extra), ("kind",))
        windows = [window for window in WINDOWS if window in given]
        if len(windows) > 1:
            raise PolicyError("at_most_one", node.at, valid=WINDOWS)
        when = windows[0] if windows else "ever"
        self._fits_window(given, when)
        return m.Fact(
            self.words(given["kind"]),
            self.words(given["level"]) if "level" in given else (),
            when,
            self._window(when, given[when]) if windows else None,
            self.word(given["total"], TOTALS) if "total" in given else "count",
            self.word(given["once per"], ("note", "level")) if "once per" in given else None,
            self.whole(given["before"], MOST_YEARS) if "before" in given else 0,
            self._amount(given["amount"]) if "amount" in given else (),
            self._lasts(given["lasts"]) if "lasts" in given else (),
            self.length(given["added"]) if "added" in given else None,
            self._dated(given["exempt"]) if "exempt" in given else None,
            self.word(given["same"], ("cause", "focus")) if "same" in given else None,
            at=node.at,
        )

    def _fits_window(self, given: dict[str, Node], when: str) -> None:
        """`before` counts personal years, `added` needs to know what is in force."""
        for word, windows in (("before", ("year of",)), ("added", ("active", "overlaps"))):
            if word in given and when not in windows:
                raise PolicyError("goes_with", given[word].at, word=word, known=", ".join(windows))

    def _window(self, when: str, node: Node) -> m.Length | m.Fact | m.Decision | str | None:
        if when in ("within", "ahead"):
            return self.length(node)
        if when == "after":
            return self.latest(node)
        if when == "active":
            return self.word(node, ("now", "cycle end"))
        if when in ("during", "overlaps"):
            return self.word(node, ("cycle", "year"))
        return self.word(node) if when == "year of" else None

    def latest(self, node: Node) -> m.Fact | m.Decision:
        """The fact or decision of `after`: only its latest day matters."""
        given = self.fields(node, ("fact", "decision"))
        what = self.one_of(node, given, ("fact", "decision"))
        if what == "fact":
            return self._anchor(given[what])
        found = self.decision(given[what])
        if found.run:
            raise PolicyError("run_decision", given[what].at)
        return found

    def _anchor(self, node: Node) -> m.Fact:
        """A fact that something comes after: the day it began, or with `expired` the day it ended."""
        given, fact = self.fields(node, (*FACT, "expired"), ("kind",)), self.fact(node, ("expired",))
        expired = "expired" in given and self.yes(given["expired"])
        if expired and fact.when not in EXPIRES:
            raise PolicyError("goes_with", given["expired"].at, word="expired", known=", ".join(EXPIRES))
        return replace(fact, expired=expired)

    def _dated(self, node: Node) -> m.Fact:
        return self.fact(self.fields(node, ("fact",), ("fact",))["fact"])

    def _amount(self, node: Node) -> tuple[tuple[str, Fraction], ...]:
        """One or two comparisons: at least 30% and below 50%."""
        given = self.fields(node, COMPARISONS)
        if not given:
            raise PolicyError("comparison", node.at)
        return tuple((op, self.number(given[op])) for op in COMPARISONS if op in given)

    def _lasts(self, node: Node) -> tuple[tuple[str, m.Length], ...]:
        if not isinstance(node.value, dict):
            return (("", self.length(node)),)
        return tuple((level, self.length(part)) for level, part in self.pairs(node).items())

    def decision(self, node: Node, extra: Collection[str] = ()) -> m.Decision:
        given = self.fields(node, (*DECISION, *extra), ("of",))
        if "in" in given:
            self.word(given["in"], ("this run",))
        return m.Decision(
            self.words(given["of"]),
            "in" in given,
            self.length(given["within"]) if "within" in given else None,
            self.words(given["ended"]) if "ended" in given else (),
            given["of"].at,
        )
