"""Finding a full-width sign where YAML wants a half-width one: `某局-11：` for `某局-11:`."""

import re
from typing import Final

from .refusals import Place

HALVES: Final = {"：": ":", "，": ",", "｛": "{", "｝": "}", "［": "[", "］": "]"}
LINES: Final = 3  # YAML notices on a line after
LEFT_OUT: Final = re.compile(r"\"[^\"]*\"|'[^']*'|(?:^|(?<=\s))#.*")
VALUE: Final = re.compile(r"^[\s-]*[^:{\[]+:\s+(?=[^\s{\[｛［])")  # a key and its plain text, which may hold any sign
KEY: Final = re.compile(r"^[\s-]*[^\s:：，,{}\[\]｛｝]+(：)")
IN_FLOW: Final = re.compile(r"[：，｛｝［］]")


def full_width(text: str, place: Place) -> tuple[Place, str] | None:
    """The sign that is to blame, on the line YAML stumbled over or one of those before it."""
    lines = text.split("\n")
    last = min(place.line, len(lines))
    for number in range(last, max(0, last - LINES), -1):
        if found := _sign(lines[number - 1]):
            return Place(number, found.start(found.re.groups) + 1), found[found.re.groups]
    return None


def _sign(line: str) -> re.Match[str] | None:
    bare = LEFT_OUT.sub(lambda part: " " * len(part[0]), line)
    if VALUE.match(bare):
        return None
    if found := KEY.match(bare):
        return found
    opened = re.search(r"[{\[｛［]", bare)
    return IN_FLOW.search(bare, opened.start()) if opened else None
