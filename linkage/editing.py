"""What the editor of policies needs: a text read aloud as it is written, words to complete, texts to begin from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.utils.translation import gettext as _

from linkage import comparing, register, rules, soundness
from linkage.models import Policy
from linkage.rules.whereabouts import whereabouts

Lang = Literal["zh", "en"]
HEADER = {"policy": r"policy|政策", "version": r"version|版本"}
WORD = re.compile(r"\A[\w.-]+\Z")
MOST_WORDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something said about a place of the text."""

    level: str  # error, warning
    line: int
    column: int
    words: str
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One rule or quota beside its lines, with what differs from the version it was drafted from marked."""

    name: str
    title: str
    line: int
    pieces: tuple[comparing.Piece, ...]
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as the editor shows it: where it is wrong, and what its rules say."""

    marks: tuple[Mark, ...] = ()
    said: tuple[Said, ...] = ()
    readable: bool = True

    @property
    def errors(self) -> int:
        return sum(mark.level == "error" for mark in self.marks)


def reading(text: str, lang: Lang, base: rules.Policy | None = None) -> Reading:
    """Read a text aloud. One that cannot be read says where it stopped being readable."""
    try:
        tree = rules.parse(text)
    except rules.PolicyError as error:
        words = error.en if lang == "en" else error.zh
        return Reading(marks=(Mark(level="error", line=error.line, column=error.column, words=words),), readable=False)
    marks = tuple(
        Mark(
            level=found.level,
            line=found.line,
            column=found.column,
            words=getattr(found, f"text_{lang}"),
            rule=found.rule,
        )
        for found in soundness.findings(tree)
    )
    return Reading(marks=marks, said=tuple(_said(tree, base, lang)))


def _said(tree: rules.Policy, base: rules.Policy | None, lang: Lang) -> Iterator[Said]:
    before = dict(_sentences(base, lang)) if base else {}
    places: dict[str, rules.Rule | rules.Quota] = {**tree.rules, **tree.quotas}
    for name, sentence in _sentences(tree, lang):
        known = before.get(name)
        pieces = (comparing.Piece(sentence),) if known in (None, sentence) else comparing.marked(known, sentence)[1]
        place = places[name]
        title = getattr(place.title, lang)
        fresh = base is not None and known is None
        yield Said(name=name, title=title, line=place.at.line, pieces=pieces, fresh=fresh)


def _sentences(tree: rules.Policy, lang: Lang) -> Iterator[tuple[str, str]]:
    half = lang == "en"
    for rule in tree.rules.values():
        yield rule.id, rules.describe(tree, rule)[half]
    for quota in tree.quotas.values():
        yield quota.id, rules.describe_quota(tree, quota)[half]


def base_of(policy: Policy) -> rules.Policy | None:
    """The tree of the version a draft was made from, where it can be read."""
    if policy.based_on is None:
        return None
    try:
        return register.parsed(policy.based_on)
    except rules.PolicyError:
        return None


# Texts to begin from ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Shipped:
    """A policy that comes with the product as a file."""

    key: str
    title_zh: str
    title_en: str
    code: str
    rules: int
    text: str


@cache
def shipped() -> Mapping[str, Shipped]:
    """The files of the library; what cannot be read there is no offer."""
    found = {}
    for path in sorted(register.SHIPPED.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        try:
            tree = rules.parse(text)
        except rules.PolicyError:
            continue
        key = path.relative_to(register.SHIPPED).with_suffix("").as_posix()
        found[key] = Shipped(key, tree.title.zh, tree.title.en, tree.id, len(tree.rules), text)
    return found


def headed(text: str, *, version: str, code: str = "") -> str:
    """The text under another version, and under another name where one is given."""
    text = _with_header(text, "version", version)
    return _with_header(text, "policy", code) if code else text


def _with_header(text: str, key: str, value: str) -> str:
    line = re.compile(rf"^({HEADER[key]})(\s*:\s*)(.*?)(\s+#.*)?$", re.MULTILINE)
    if line.search(text):
        return line.sub(lambda found: f"{found[1]}{found[2]}{value}{found[4] or ''}", text, count=1)
    first = re.compile(rf"^({HEADER['policy']})\s*:.*$", re.MULTILINE)
    return first.sub(lambda found: f"{found[0]}\n{key}: {value}", text, count=1)


def next_version(version: str, taken: set[str]) -> str:
    """2026.1 is followed by 2026.2, or by the first after it that is free."""
    stem, number, tail = re.fullmatch(r"(.*?)(\d*)(\D*)", version).groups()  # type: ignore[union-attr]
    if not number:
        stem, number, tail = f"{version}.", "1", ""
    count = int(number)
    while f"{stem}{count}{tail}" in {*taken, version}:
        count += 1
    return f"{stem}{count}{tail}"


# Words to complete ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Word:
    word: str
    note: str


def completions(text: str, line: int, column: int) -> tuple[int, list[Word]]:
    """The words that may stand at a place, and the column where the one being written begins; both count from 1."""
    begun = whereabouts(text, line, column).prefix
    notes = {"name": _("本文所起的名称")}
    found = rules.completions(text, line, column)[:MOST_WORDS]
    return column - len(begun), [Word(one.word, one.other or notes.get(one.kind, "")) for one in found]
