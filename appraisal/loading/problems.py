"""What is wrong with a file, line by line, in words for the person who has to mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _

SHOWN = 12  # allowed words that are listed; of more only the nearest is named
CUT = 40  # characters shown of what was written


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong: where (line 0: the file as a whole), and what would be right."""

    file: str
    line: int
    column: str
    wrong: str
    expected: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where += _(" 第 %(line)s 行") % {"line": self.line}
        if self.column:
            where += _("“%(column)s”列") % {"column": self.column}
        said = f"{where}：{self.wrong}。{self.expected}".rstrip("。")
        return said if said.endswith("？") else f"{said}。"


class Problems:
    """All that was found. One line may have several."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()

    def __bool__(self) -> bool:
        return bool(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def add(self, file: str, wrong: str, *, line: int = 0, column: str = "", expected: str = "") -> None:
        self._found.add(Problem(file, line, column, wrong, expected))

    def sorted(self) -> Sequence[Problem]:
        return sorted(self._found)


def written(value: str) -> str:
    """What somebody wrote, quoted; a whole paragraph is cut, and what cannot be printed is shown as an escape."""
    short = value if len(value) <= CUT else value[:CUT] + "…"
    return _("写的是“%(value)s”") % {"value": "".join(c if c.isprintable() else repr(c)[1:-1] for c in short)}


def one_of(allowed: Iterable[str], value: str = "") -> str:
    """Which words are right: all of them when they are few, and the one that was probably meant."""
    words = list(allowed)
    near = get_close_matches(value[:CUT], words, n=1, cutoff=0.5) if value else []
    said = []
    if len(words) <= SHOWN:
        said.append(_("应为：%(words)s") % {"words": "、".join(words)})
    if near:
        said.append(_("是不是“%(word)s”？") % {"word": near[0]})
    return "；".join(said)
