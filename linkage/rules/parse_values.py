"""Reading the small things of a policy: words, numbers, lengths, days, titles; refusing each with its place."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Final

from . import model as m
from .refusals import LONGEST_WORD, PolicyError
from .words import FALSE, READ, TRUE, UNITS_ZH, VALUES
from .yaml_nodes import Node

ENTRIES: Final = 200  # of one list or one table
LENGTH: Final = re.compile(r"(\d{1,5}) ?(days?|weeks?|months?|years?|cycles?|天|日|周|个月|年|期)", re.ASCII)
NUMBER: Final = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)
RATIO: Final = re.compile(r"\d{1,4}/0*[1-9]\d{0,3}", re.ASCII)
WHOLE: Final = re.compile(r"\d{1,6}", re.ASCII)
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST: Final = {"days": 36_525, "weeks": 5_200, "months": 1_200, "years": 100, "cycles": 120}


def spelled(word: str, valid: Iterable[str]) -> str | None:
    """The English spelling of a word if it is one of the valid ones."""
    for known in (word, VALUES.get(word), READ.get(word)):
        if known is not None and known in valid:
            return known
    return None


class Values:
    """What every part of the parser uses; holds the parameters, because a value may be one."""

    def __init__(self) -> None:
        self.params: dict[str, m.Param] = {}

    def fields(self, node: Node, known: Collection[str], need: Collection[str] = ()) -> dict[str, Node]:
        if not isinstance(node.value, dict):
            raise PolicyError("mapping", node.at, valid=known)
        for key, spelling in node.keys.items():
            if key not in known:
                raise PolicyError("not_here", spelling.at, word=spelling.word, valid=known)
        for key in need:
            if key not in node.value:
                raise PolicyError("missing", node.at, word=key)
        return node.value

    def one_of(self, node: Node, given: Mapping[str, object], known: Collection[str]) -> str:
        here = [key for key in known if key in given]
        if len(here) != 1:
            raise PolicyError("exactly_one", node.at, valid=known)
        return here[0]

    def many(self, node: Node) -> list[Node]:
        if not isinstance(node.value, list) or not node.value:
            raise PolicyError("condition_list", node.at)
        if len(node.value) > ENTRIES:
            raise PolicyError("entries", node.at, most=ENTRIES)
        return node.value

    def pairs(self, node: Node) -> dict[str, Node]:
        """Names chosen by the bureau, with what belongs to each."""
        if not node.mapping:
            raise PolicyError("pairs", node.at)
        if len(node.mapping) > ENTRIES:
            raise PolicyError("entries", node.at, most=ENTRIES)
        return node.mapping

    def word(self, node: Node, valid: Collection[str] | None = None) -> str:
        if not isinstance(node.value, str):
            raise PolicyError("one_word", node.at)
        word = self._of_param(node) if node.value.startswith("$") else node.value
        if valid is None:
            return word
        known = spelled(word, valid)
        if known is None:
            raise PolicyError("not_one_of", node.at, word=word, valid=valid)
        return known

    def short(self, node: Node, most: int = LONGEST_WORD) -> str:
        word = self.word(node)
        if len(word) > most:
            raise PolicyError("long_word", node.at, word=word, most=most)
        return word

    def _of_param(self, node: Node) -> str:
        name = node.word[1:]
        if name not in self.params:
            raise PolicyError("no_param", node.at, word=name, valid=self.params)
        return self.params[name].value

    def words(self, node: Node, valid: Collection[str] | None = None) -> tuple[str, ...]:
        if isinstance(node.value, list):
            return tuple(self.word(part, valid) for part in self.many(node))
        return (self.word(node, valid),)

    def number(self, node: Node) -> Fraction:
        return self.figure(node, self.word(node))

    def figure(self, node: Node, word: str) -> Fraction:
        bare = word[:-1].strip() if word.endswith("%") else word
        if NUMBER.fullmatch(bare):
            return Fraction(bare) / (100 if word.endswith("%") else 1)
        if RATIO.fullmatch(word):
            return Fraction(word)
        raise PolicyError("number", node.at)

    def portion(self, node: Node) -> Fraction:
        share = self.number(node)
        if not 0 <= share <= 1:
            raise PolicyError("share", node.at)
        return share

    def whole(self, node: Node, most: int = 999) -> int:
        word = self.word(node)
        if not WHOLE.fullmatch(word) or int(word) > most:
            raise PolicyError("whole", node.at, most=most)
        return int(word)

    def length(self, node: Node, units: Collection[str] = ("days", "weeks", "months", "years")) -> m.Length:
        found = LENGTH.fullmatch(self.word(node))
        if not found:
            raise PolicyError("length", node.at)
        unit = UNITS_ZH.get(found[2]) or found[2].rstrip("s") + "s"
        if int(found[1]) > LONGEST[unit]:
            raise PolicyError("long", node.at)
        if unit not in units:
            raise PolicyError("length_unit", node.at, word=unit)
        return m.Length(int(found[1]), unit)

    def day(self, node: Node) -> dt.date:
        word = self.word(node)
        try:
            return dt.date.fromisoformat(word if DAY.fullmatch(word) else "")
        except ValueError:
            raise PolicyError("day", node.at) from None

    def yes(self, node: Node) -> bool:
        word = self.word(node)
        if word not in TRUE + FALSE:
            raise PolicyError("yes_no", node.at)
        return word in TRUE

    def title(self, node: Node) -> m.Title:
        if not isinstance(node.value, dict):
            return m.Title(self.word(node), self.word(node))
        texts = {language: self.word(text) for language, text in node.value.items() if language in ("zh", "en")}
        if not texts:
            raise PolicyError("missing", node.at, word="zh")
        return m.Title(texts.get("zh") or texts["en"], texts.get("en") or texts["zh"])

    def basis(self, node: Node) -> tuple[m.Basis, ...]:
        parts = self.many(node) if isinstance(node.value, list) else [node]
        return tuple(self._one_basis(part) for part in parts)

    def _one_basis(self, node: Node) -> m.Basis:
        if isinstance(node.value, str):
            return m.Basis(self.word(node))
        given = self.fields(node, ("doc", "article", "text"), ("doc",))
        return m.Basis(**{key: self.word(part) for key, part in given.items()})

    def validity(self, node: Node) -> m.Validity:
        given = self.fields(node, ("from", "until"))
        days = {key: self.day(part) for key, part in given.items()}
        return m.Validity(days.get("from"), days.get("until"))
