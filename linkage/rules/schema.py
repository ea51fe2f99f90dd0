"""The published JSON Schema of policy files, in both spellings, made from the grammar.

A policy that validates may still be refused by the parser, which also knows names, bounds and what goes with what.
"""

import json
from pathlib import Path
from typing import Any, Final

from .grammar import GRAMMAR, Either, Kind, Part, Scalar, Several
from .words import FALSE, KEYS, TRUE, VALUES

FILE: Final = Path(__file__).parents[1] / "policies" / "policy.schema.json"
PARAM: Final = {"type": "string", "pattern": r"^\$"}
NUMBER: Final = r"^(-?\d{1,9}(\.\d{1,6})?%?|\d{1,4}/\d{1,4})$"
FORMS: Final[dict[str, list[dict[str, Any]]]] = {
    "any": [{"type": ["string", "number", "boolean"]}],
    "number": [{"type": "number"}, {"type": "string", "pattern": NUMBER}, PARAM],
    "share": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": NUMBER}, PARAM],
    "whole": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d{1,6}$"}, PARAM],
    "length": [
        {"type": "string", "pattern": r"^\d{1,5} ?(days?|weeks?|months?|years?|cycles?|天|日|周|个月|年|期)$"},
        PARAM,
    ],
    "day": [{"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}, PARAM],
    "yes": [{"type": "boolean"}, {"enum": [*TRUE, *FALSE]}],
}


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12."""
    written = Written()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Trilink policy / 政策",
        "$ref": "#/$defs/file",
        "$defs": {name: written.schema(kind) for name, kind in GRAMMAR.items()} | written.parts,
    }


def text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def spellings(word: str) -> list[str]:
    """A keyword or word of value in English and Chinese."""
    chinese = [*KEYS.get(word, ()), *(zh for zh, en in VALUES.items() if en == word)]
    return [word, *dict.fromkeys(chinese)]


class Written:
    """Writes kinds; a mapping that stands in several places is written once, and referred to."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[str, Any]] = {}

    def schema(self, kind: Kind) -> dict[str, Any]:
        if isinstance(kind, str):
            return {"$ref": f"#/$defs/{kind}"}
        if isinstance(kind, Scalar):
            return _scalar(kind)
        if isinstance(kind, Several):
            return {"type": "array", "minItems": 1, "items": self.schema(kind.of)}
        if isinstance(kind, Either):
            return {"anyOf": [self.schema(part) for part in kind.of]}
        return self._once(kind)

    def _once(self, part: Part) -> dict[str, Any]:
        found = self._named(part, part.named) if part.named is not None else self._keyed(part)
        name = next((name for name, known in self.parts.items() if known == found), f"part-{len(self.parts) + 1}")
        self.parts[name] = found
        return {"$ref": f"#/$defs/{name}"}

    def _named(self, part: Part, of: Kind) -> dict[str, Any]:
        """Names of the bureau's own, or some words only."""
        inner = self.schema(of)
        if not part.names:
            return {"type": "object", "minProperties": 1, "additionalProperties": inner}
        names = {spelling: inner for name in part.names for spelling in spellings(name)}
        return {"type": "object", "properties": names, "additionalProperties": False}

    def _keyed(self, part: Part) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        for key, kind in part.keys.items():
            inner = self.schema(kind)
            properties |= dict.fromkeys([key, *KEYS[key]], inner)
        out: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        if part.one_of == (tuple(part.keys),):
            return {**out, "minProperties": 1, "maxProperties": 1}
        needed = [_some(key) for key in part.need]
        needed += [_exactly(keys) for keys in part.one_of]
        return {**out, "allOf": needed} if needed else out


def _scalar(kind: Scalar) -> dict[str, Any]:
    if not kind.words:
        return {"anyOf": FORMS[kind.form]}
    words = [spelling for word in kind.words for spelling in spellings(word)]
    return {"anyOf": [{"enum": list(dict.fromkeys(words))}, PARAM]}


def _some(key: str) -> dict[str, Any]:
    return {"anyOf": [{"required": [spelling]} for spelling in [key, *KEYS[key]]]}


def _exactly(keys: tuple[str, ...]) -> dict[str, Any]:
    return {"oneOf": [{"required": [spelling]} for key in keys for spelling in [key, *KEYS[key]]]}
