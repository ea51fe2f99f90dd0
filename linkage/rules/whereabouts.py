"""Where a place in an unfinished policy text is: the keys that lead there, and whether a key or a value stands there.

A text that is being written is not YAML yet; this reads just enough of it, by its lines, indents and brackets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .words import READ

WORD: Final = r"""[^\s#,{}\[\]:'"][^#,{}\[\]:'"\n]*?"""
TOKENS: Final = re.compile(
    rf"""(?P<open>[{{\[])|(?P<close>[}}\]])|(?P<comma>,)|(?P<comment>(?:(?<=\s)|^)\#.*)|(?P<quoted>'[^']*'?|"[^"]*"?)"""
    rf"""|(?P<key>{WORD})\s*:(?=\s|$)|(?P<word>{WORD})(?=\s*(?:[#,{{}}\[\]]|$))|(?P<other>\S)""",
)
DASHES: Final = re.compile(r"\s*(?:- +|-$)*")


@dataclass
class Frame:
    """An open mapping or list: of a bracket, or of the lines with one indent."""

    indent: int  # -1: of a bracket
    key: str = ""


@dataclass(frozen=True)
class Whereabouts:
    path: tuple[str, ...]  # keywords in English; names as they stand
    prefix: str  # what is written of the word already
    at_value: bool  # after a key and its colon


@dataclass
class Reader:
    frames: list[Frame] = field(default_factory=list)
    value: bool = False
    last: str = ""  # the word last read, where nothing follows it yet
    read: list[tuple[str, ...]] = field(default_factory=list)  # the way to every key read so far

    def lines(self, lines: list[str]) -> "Reader":
        for line in lines:
            self._line(line)
        return self

    def _line(self, line: str) -> None:
        start = 0
        if not any(frame.indent < 0 for frame in self.frames):
            start = m.end() if (m := DASHES.match(line)) else 0
            if line.strip():
                self.indented(len(line.expandtabs()) - len(line.expandtabs().lstrip()), start)
            self.value = False
        self.last = ""
        for token in TOKENS.finditer(line, start):
            self._token(str(token.lastgroup), token[token.lastgroup or 0])

    def indented(self, dash: int, indent: int) -> None:
        """What is indented as much or more has ended; a dash ends only what stands further in."""
        while self.frames and self.frames[-1].indent >= (dash + 1 if dash < indent else indent):
            self.frames.pop()
        self.frames.append(Frame(indent))

    def _token(self, kind: str, word: str) -> None:
        self.last = ""
        if kind == "open":
            self.frames.append(Frame(-1))
            self.value = False
        elif kind == "close" and self.frames and self.frames[-1].indent < 0:
            self.frames.pop()
            self.value = False
        elif kind == "key" and self.frames:
            self.frames[-1].key = word.strip()
            self.read.append(tuple(self.path))
            self.value = True
        elif kind == "comma" and self.frames:
            self.frames[-1].key = ""
            self.value = False
        elif kind in ("word", "other", "quoted"):
            self.last = word

    @property
    def path(self) -> list[str]:
        return [frame.key for frame in self.frames if frame.key]


def whereabouts(text: str, line: int, column: int) -> Whereabouts:
    """Both count from 1; the column is that of the cursor, before which the text is read."""
    lines = text.splitlines() or [""]
    here = (lines[line - 1] if line <= len(lines) else "")[: column - 1]
    reader = Reader().lines(lines[: line - 1])
    if not here.strip("- ") and not any(frame.indent < 0 for frame in reader.frames):
        reader.indented(len(here) - len(here.lstrip()), len(here))
        reader.value, reader.last = False, ""
    else:
        reader.lines([here])
    prefix = reader.last if here and not here[-1].isspace() else ""
    return Whereabouts(tuple(_english(reader.path)), prefix, reader.value)


def keys_below(text: str, part: str) -> Iterator[str]:
    """The names defined right below a part of the file, whatever state the text is in."""
    ways = Reader().lines(text.splitlines()).read
    names = (way[1] for way in ways if len(way) == len((part, "name")) and READ.get(way[0]) == part)
    yield from dict.fromkeys(names)


def _english(path: list[str]) -> list[str]:
    return [READ.get(word, word) for word in path]
