"""The words that may stand at a place of an unfinished policy text, for the editor."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .grammar import GRAMMAR, Either, Kind, Part, Scalar, Several
from .schema import spellings
from .whereabouts import Whereabouts, keys_below, whereabouts
from .words import KEYS, READ, VALUES

CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
LIST: Final = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True)
class Completion:
    """One word that may stand here; `other` is its other spelling, empty for names."""

    word: str
    kind: str  # key, value, name
    other: str = ""


def completions(text: str, line: int, column: int) -> list[Completion]:
    """Keywords, values and names valid at the cursor, in the spelling of the text; line and column count from 1."""
    where = whereabouts(text, line, column)
    lang = _language(text, where)
    found = [
        completion
        for kind in _kinds(["file"], where.path)
        for completion in (_values(kind, text, lang) if where.at_value else _keys(kind, text, lang))
    ]
    if not where.at_value:
        found = [one for one in found if one.kind == "key"] + [one for one in found if one.kind != "key"]
    there = list(dict.fromkeys(found))
    return [one for one in there if one.word.startswith(where.prefix)] or [
        one for one in there if where.prefix.lower() in one.word.lower()
    ]


def _language(text: str, where: Whereabouts) -> int:
    """0 Chinese, 1 English: of the word begun, or else of the keywords before it."""
    if where.prefix:
        return 0 if CHINESE.search(where.prefix) else 1
    keys = [word for word in re.findall(r"([^\s{,:][^\s{,:]*):", text) if word in READ]
    return 0 if sum(word not in KEYS for word in keys) * 2 > len(keys) else 1


def _kinds(kinds: list[Kind], path: tuple[str, ...]) -> list[Kind]:
    """What stands below these keys."""
    for key in path:
        kinds = [below for kind in kinds for below in _below(kind, key)]
    return [flat for kind in kinds for flat in _flat(kind)]


def _flat(kind: Kind, seen: frozenset[str] = frozenset()) -> Iterator[Scalar | Part]:
    """A reference, a choice or a list, taken apart; a list of itself adds nothing."""
    if isinstance(kind, str):
        if kind not in seen:
            yield from _flat(GRAMMAR[kind], seen | {kind})
    elif isinstance(kind, Either):
        for part in kind.of:
            yield from _flat(part, seen)
    elif isinstance(kind, Several):
        yield from _flat(kind.of, seen)
    else:
        yield kind


def _below(kind: Kind, key: str) -> Iterator[Kind]:
    for flat in _flat(kind):
        if isinstance(flat, Part):
            if key in flat.keys:
                yield flat.keys[key]
            elif flat.named is not None:
                yield flat.named


def _keys(kind: Kind, text: str, lang: int) -> Iterator[Completion]:
    """Where a key is due: keywords, and in lists also words and names."""
    if isinstance(kind, Part):
        for word in (*kind.keys, *kind.names):
            yield _spelled(word, "key", lang)
    else:
        yield from _values(kind, text, lang)


def _values(kind: Kind, text: str, lang: int) -> Iterator[Completion]:
    if not isinstance(kind, Scalar):
        return
    for word in kind.words:
        yield _spelled(word, "value", lang)
    if kind.form == "yes":
        yield from (Completion("是", "value", "yes"), Completion("否", "value", "no"))
    for name in _names(text, kind.names) if kind.names else ():
        yield Completion(name, "name")
    if not kind.names and kind.form in ("number", "share", "whole", "length"):
        for name in keys_below(text, "params"):
            yield Completion(f"${name}", "name")


def _names(text: str, part: str) -> Iterator[str]:
    if part != "grades":
        yield from keys_below(text, part)
        return
    here = re.search(r"(?:^|\n)(?:grades|等次表)\s*:(.*?)(?=\n\S|$)", text, re.DOTALL)
    for words in LIST.findall(here[1]) if here else ():
        yield from dict.fromkeys(word.strip() for word in words.split(",") if word.strip())


def _spelled(word: str, kind: str, lang: int) -> Completion:
    _, *chinese = spellings(word)
    if kind == "value":
        chinese = [zh for zh, en in VALUES.items() if en == word] or chinese
    if not chinese:
        return Completion(word, kind)
    return Completion(chinese[0], kind, word) if lang == 0 else Completion(word, kind, chinese[0])
