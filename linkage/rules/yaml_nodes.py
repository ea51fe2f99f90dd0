"""Safe reading of YAML: text nodes with their places, bounded before any tree is built.

Scalars stay text until a keyword says what they are, so `no`, `on`, `1e3` and `2024-01-01` mean nothing by themselves.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from .full_width import HALVES, full_width
from .refusals import LONGEST_WORD, Place, PolicyError, yaml_in_chinese
from .words import READ

SIZE: Final = 512_000
DEPTH: Final = 16
EVENTS: Final = 20_000
HALF_A_CHARACTER: Final = re.compile("[\ud800-\udfff]")  # of a pair that stands for one

# libyaml where the wheel brings it, eight times as fast; both read the same events.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Below these keys stand names chosen by the bureau, not words of the language.
NAMES_BELOW: Final = frozenset(
    {
        "title",
        "peers",
        "params",
        "tests",
        "gates",
        "rules",
        "quotas",
        "grades",
        "profile",
        "post",
        "gaps",
        "rungs",
        "values",
        "lasts",
    }
)


@dataclass(frozen=True)
class Node:
    """A YAML node with its place; `keys` holds the place and spelling of each key of a mapping."""

    value: "str | list[Node] | dict[str, Node]"
    at: Place
    keys: "dict[str, Node]" = field(default_factory=dict)

    @property
    def mapping(self) -> "dict[str, Node]":
        return self.value if isinstance(self.value, dict) else {}

    @property
    def word(self) -> str:
        return self.value if isinstance(self.value, str) else ""


def load(text: str) -> Node:
    if len(text.encode("utf-8", "surrogatepass")) > SIZE:
        raise PolicyError("size", Place(1, 1), most=SIZE)
    half = HALF_A_CHARACTER.search(text)
    if half:
        raise PolicyError("character", _place_of_offset(text, half.start()))
    try:
        _bound(yaml.parse(text, Loader=LOADER))
        root = yaml.compose(text, Loader=LOADER)
    except yaml.reader.ReaderError as error:
        raise PolicyError("character", _place_of_offset(text, int(error.position))) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = _place(mark) if mark else Place(1, 1)
        raise _refusal(text, place, error.problem or error.context or "not YAML") from None
    if root is None:
        raise PolicyError("empty", Place(1, 1))
    return _plain(root, names=False)


def _refusal(text: str, place: Place, problem: str) -> PolicyError:
    """A full-width sign in the place of a half-width one is what most often goes wrong in Chinese text."""
    if wide := full_width(text, place):
        return PolicyError("full_width", wide[0], word=wide[1], half=HALVES[wide[1]])
    return PolicyError("yaml", place, problem=problem, problem_zh=yaml_in_chinese(problem))


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def _place_of_offset(text: str, offset: int) -> Place:
    before = text[:offset]
    return Place(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def _bound(events: Iterator[yaml.Event]) -> None:
    """Refuse references and anything too deep or too long while it is still a stream."""
    depth = 0
    for n, event in enumerate(events, 1):
        tagged = getattr(event, "tag", None) and not _implicit(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or tagged:
            raise PolicyError("alias", _place(event.start_mark))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH or n > EVENTS:
            raise PolicyError("too_deep", _place(event.start_mark), depth=DEPTH, events=EVENTS)


def _implicit(event: yaml.Event) -> bool:
    implicit = getattr(event, "implicit", True)
    return any(implicit) if isinstance(implicit, tuple) else bool(implicit)


def _plain(node: yaml.Node, *, names: bool) -> Node:
    at = _place(node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        return Node(str(node.value), at)
    if isinstance(node, yaml.SequenceNode):
        return Node([_plain(part, names=False) for part in node.value], at)
    out: dict[str, Node] = {}
    keys: dict[str, Node] = {}
    for key_node, value in node.value:
        key, spelled = _key(key_node, names=names)
        if key in out:
            raise PolicyError("twice", spelled.at, word=spelled.word)
        keys[key] = spelled
        out[key] = _plain(value, names=key in NAMES_BELOW and not names)
    return Node(out, at, keys)


def _key(node: yaml.Node, *, names: bool) -> tuple[str, Node]:
    at = _place(node.start_mark)
    if not isinstance(node, yaml.ScalarNode):
        raise PolicyError("key_is_word", at)
    word = str(node.value)
    if len(word) > LONGEST_WORD:
        raise PolicyError("long_word", at, word=word, most=LONGEST_WORD)
    key = word if names else READ.get(word)
    if key is None and word.partition("：")[0] in READ:
        raise PolicyError("full_width", Place(at.line, at.column + word.index("：")), word="：", half=":")
    if key is None:
        raise PolicyError("no_word", at, word=word, valid=_offered(word))
    return key, Node(word, at)


def _offered(word: str) -> list[str]:
    return [known for known in READ if known.isascii() == word.isascii()]
