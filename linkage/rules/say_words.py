"""The words sentences are put together from, in one language: joins, names, lengths, figures."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from fractions import Fraction

from . import model as m
from .phrases import CYCLE, OPS, UNITS, Pair

ZH, EN = 0, 1


def plain(figure: Fraction | None) -> str:
    return "" if figure is None else f"{float(figure):g}"


def portion_said(share: Fraction) -> str:
    """3/100 is said 3%, a third 1/3."""
    return f"{float(share * 100):g}%" if (share * 1000).denominator == 1 else f"{share.numerator}/{share.denominator}"


class SayWords:
    def __init__(self, policy: m.Policy, lang: int, kind: str) -> None:
        self.policy, self.lang, self.kind = policy, lang, kind
        self.placed = False  # whether what is said is put to each of several cycles

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
