"""Two versions of a policy compared in words: what was added, removed, changed, with the changed parts marked."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Literal

from linkage.rules import Policy, describe, describe_quota
from linkage.rules.describe import Paragraph
from linkage.rules.named import Reading, read
from linkage.rules.say_numbers import EN, ZH

Lang = Literal["zh", "en"]
TOKEN = re.compile(r"\d+(?:\.\d+)?%?|[A-Za-z]+|\s+|.", re.DOTALL)
RENAMED = ("rule", "quota")  # of other parts an equal value may be chance
MOST_COMPARED = 4_000_000  # tokens of both multiplied: two sentences of two thousand; anybody may send a file
ISLAND = 2  # tokens alike between two changed ones that are easier read as changed, too


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One part of the policy that differs. `how`: added, removed, changed, renamed, or `detail`: it reads the same."""

    part: str  # title, grades, peers, param, test, gate, rule, quota
    name: str
    title: str
    how: str
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    name_before: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a policy, said in words; `tree` decides whether two are the same."""

    title: str
    words: str
    tree: Any = field(repr=False)


def compare(before: str, after: str, lang: Lang) -> list[Difference]:
    """The differences between two texts, part by part in the order of the file. Raises `PolicyError`."""
    old, new = read(before), read(after)
    return list(chain.from_iterable(_differences(part, say(old, lang), say(new, lang)) for part, say in SAYING.items()))


def sentences(tree: Policy, lang: Lang) -> dict[str, Part]:
    """Every rule and quota of a tree in words."""
    found = Reading(tree=tree, tests={}, gates={})
    return {**_rules(found, lang), **_quotas(found, lang)}


def _differences(part: str, old: Mapping[str, Part], new: Mapping[str, Part]) -> Iterator[Difference]:
    renamed = _renamed(old, new) if part in RENAMED else {}
    for name, there in new.items():
        if name in old:
            yield from _changed(part, name, old[name], there)
        elif name in renamed:
            known = old[renamed[name]]
            yield Difference(part=part, name=name, title=there.title, how="renamed", name_before=renamed[name])
            yield from _changed(part, name, replace(known, tree=there.tree), there)
        else:
            yield Difference(part=part, name=name, title=there.title, how="added", after=(Piece(there.words),))
    for name in [name for name in old if name not in new and name not in renamed.values()]:
        gone = old[name]
        yield Difference(part=part, name=name, title=gone.title, how="removed", before=(Piece(gone.words),))


def _renamed(old: Mapping[str, Part], new: Mapping[str, Part]) -> dict[str, str]:
    """New names of what is otherwise the same, with the old one."""
    gone = {name: part for name, part in old.items() if name not in new}
    found: dict[str, str] = {}
    for name, there in new.items():
        same = [was for was, part in gone.items() if part.words == there.words and was not in found.values()]
        if name not in old and same:
            found[name] = same[0]
    return found


def _changed(part: str, name: str, old: Part, new: Part) -> Iterator[Difference]:
    if (old.words, old.title, old.tree) == (new.words, new.title, new.tree):
        return
    said = old.words != new.words or old.title != new.title
    before, after = marked(_titled(old, new), _titled(new, old))
    how = "changed" if said else "detail"
    yield Difference(part=part, name=name, title=new.title, how=how, before=before, after=after)


def _titled(part: Part, other: Part) -> str:
    """The title belongs to the sentence where it is what changed."""
    return part.words if part.title == other.title else f"《{part.title}》{part.words}"


def marked(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both sentences cut into what they share and what they do not."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if len(old) * len(new) > MOST_COMPARED:
        return (Piece(before, changed=True),), (Piece(after, changed=True),)
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    there, here = [False] * len(old), [False] * len(new)
    ends = (0, 0)
    for block in blocks:
        edge = (block.a == 0 and block.b == 0) or (
            block.a + block.size == len(old) and block.b + block.size == len(new)
        )
        if block.size >= ISLAND or edge:
            _mark(there, ends[0], block.a)
            _mark(here, ends[1], block.b)
            ends = (block.a + block.size, block.b + block.size)
    _mark(there, ends[0], len(old))
    _mark(here, ends[1], len(new))
    return _pieces(old, there), _pieces(new, here)


def _mark(flags: list[bool], start: int, stop: int) -> None:
    flags[start:stop] = [True] * (stop - start)


def _pieces(tokens: Sequence[str], flags: Sequence[bool]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for token, flag in zip(tokens, flags, strict=True):
        if pieces and pieces[-1].changed == flag:
            pieces[-1] = Piece(pieces[-1].text + token, flag)
        else:
            pieces.append(Piece(token, flag))
    return tuple(pieces)


# The parts, each said in words ------------------------------------------------------------------------------------
def _half(lang: Lang) -> int:
    return ZH if lang == "zh" else EN


def _title(title: Any, lang: Lang) -> str:
    return str(getattr(title, lang))


def _heading(found: Reading, lang: Lang) -> dict[str, Part]:
    title = found.tree.title
    return {found.tree.id: Part("", _title(title, lang), title)}


def _grades(found: Reading, lang: Lang) -> dict[str, Part]:
    return {name: Part("", " > ".join(scale), scale) for name, scale in found.tree.grades.items()}


def _peers(found: Reading, lang: Lang) -> dict[str, Part]:
    say = Paragraph(_untitled(found.tree), _half(lang), "any")
    return {
        name: Part(_title(peers.title, lang) if peers.title else "", say.peers(name, peers.subject), peers)
        for name, peers in found.tree.peers.items()
    }


def _untitled(tree: Policy) -> Policy:
    """Peer groups are said by what they share, not by the name the policy gives them."""
    return replace(tree, peers={name: replace(peers, title=None) for name, peers in tree.peers.items()})


def _params(found: Reading, lang: Lang) -> dict[str, Part]:
    return {name: Part("", _param(param, lang), param) for name, param in found.tree.params.items()}


def _param(param: Any, lang: Lang) -> str:
    words = [str(param.value)]
    if param.local:
        between = f" {param.low or '…'} – {param.high or '…'}" if param.low or param.high else ""
        words.append({"zh": f"分局可调整{between}", "en": f"a branch may change it{between}"}[lang])
    if param.text:
        words.append(param.text)
    return {"zh": "；", "en": "; "}[lang].join(words)


def _tests(found: Reading, lang: Lang) -> dict[str, Part]:
    say = Paragraph(found.tree, _half(lang), "any")
    return {name: Part("", say.condition(tree), tree) for name, tree in found.tests.items()}


def _gates(found: Reading, lang: Lang) -> dict[str, Part]:
    say = Paragraph(found.tree, _half(lang), "any")
    gap = {"zh": "", "en": " "}[lang]
    return {name: Part("", gap.join(map(say.gate, gates)), gates) for name, gates in found.gates.items()}


def _rules(found: Reading, lang: Lang) -> dict[str, Part]:
    return {
        name: Part(_title(rule.title, lang), _with_clauses(describe(found.tree, rule)[_half(lang)], rule, lang), rule)
        for name, rule in found.tree.rules.items()
    }


def _quotas(found: Reading, lang: Lang) -> dict[str, Part]:
    return {
        name: Part(
            _title(quota.title, lang), _with_clauses(describe_quota(found.tree, quota)[_half(lang)], quota, lang), quota
        )
        for name, quota in found.tree.quotas.items()
    }


def _with_clauses(sentence: str, rule: Any, lang: Lang) -> str:
    """The sentence with what it leaves out, the clauses it rests on."""
    if not rule.clauses:
        return sentence
    return {
        "zh": f"{sentence}条款：{'、'.join(rule.clauses)}。",
        "en": f"{sentence} Clauses: {', '.join(rule.clauses)}.",
    }[lang]


SAYING: Mapping[str, Callable[[Reading, Lang], Mapping[str, Part]]] = {
    "title": _heading,
    "grades": _grades,
    "peers": _peers,
    "param": _params,
    "test": _tests,
    "gate": _gates,
    "rule": _rules,
    "quota": _quotas,
}
