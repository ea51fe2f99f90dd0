"""The shipped library: which rules, procedures and checks express a clause of a regulation, and why none does."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from linkage import rules

SHIPPED: Final = Path(__file__).parent / "policies"
CLAUSES: Final = SHIPPED / "clauses.json"
MOST_BYTES: Final = 5_000_000
MOST_CLAUSES: Final = 20_000
FIELDS: Final = {"document": "document", "article": "article", "text": "original_text"}


class UnreadableClauses(ValueError):
    """A file of clauses that cannot be read; names the place and the reason."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}：{reason}")
        self.place, self.reason = place, reason


@dataclass(frozen=True, kw_only=True)
class Clause:
    id: str
    document: str
    article: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A rule or quota of the library, or a procedure the product keeps, that expresses a clause."""

    what: str  # rule, quota, procedure
    file: str
    id: str
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is known of one clause; `why` is said where nothing expresses it, or only a part of it."""

    clause: Clause
    by: tuple[Expression, ...]
    why_zh: str = ""
    why_en: str = ""


def files() -> list[Path]:
    """The policies of the library: the reference pack and a file per document or group of documents."""
    return [SHIPPED / "reference.yaml", *sorted((SHIPPED / "library").glob("*.yaml"))]


@cache
def shipped() -> Mapping[str, rules.Policy]:
    """Every shipped policy by its file's name, read once."""
    return {path.relative_to(SHIPPED).as_posix(): rules.parse(path.read_text("utf-8")) for path in files()}


@cache
def kept_data(name: str) -> Mapping[str, Any]:
    """`procedures` and `unsaid`: data about clauses that no rule expresses."""
    return yaml.safe_load((SHIPPED / f"{name}.yaml").read_text("utf-8")) or {}


@cache
def expressions() -> Mapping[str, tuple[Expression, ...]]:
    """By clause, all that expresses it."""
    found: dict[str, list[Expression]] = {}
    for clause, expression in (*_rules(), *_procedures()):
        found.setdefault(clause, []).append(expression)
    return {clause: tuple(parts) for clause, parts in found.items()}


def _rules() -> Iterator[tuple[str, Expression]]:
    for file, policy in shipped().items():
        for what, parts in (("rule", policy.rules.values()), ("quota", policy.quotas.values())):
            for part in parts:
                title = part.title
                for clause in part.clauses:
                    yield clause, Expression(what=what, file=file, id=part.id, zh=title.zh, en=title.en)


def _procedures() -> Iterator[tuple[str, Expression]]:
    for clause, entries in kept_data("procedures").items():
        for number, entry in enumerate(entries, 1):
            name = f"{clause}/{number}"
            yield (
                clause,
                Expression(what="procedure", file="procedures.yaml", id=name, zh=entry["zh"], en=entry["en"]),
            )


def answer(clause: Clause) -> Answer:
    why = kept_data("unsaid").get(clause.id, {})
    return Answer(
        clause=clause,
        by=expressions().get(clause.id, ()),
        why_zh=why.get("zh", ""),
        why_en=why.get("en", ""),
    )


def read_clauses(path: Path) -> list[Clause]:
    """The clauses of a JSON file: a list of objects, each with an `id` of its own."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableClauses(str(path), error.strerror or str(error)) from None
    if len(raw) > MOST_BYTES:
        raise UnreadableClauses(str(path), _("文件不得超过 %(most)s 字节") % {"most": MOST_BYTES})
    content = _json(raw)
    if not isinstance(content, list):
        raise UnreadableClauses(_("第 1 行"), _("此处应为条款的列表，即 [{…}, {…}]"))
    if len(content) > MOST_CLAUSES:
        raise UnreadableClauses(str(path), _("条款不得超过 %(most)s 条") % {"most": MOST_CLAUSES})
    seen: set[str] = set()
    return [_clause(part, number, seen) for number, part in enumerate(content, 1)]


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableClauses(_("第 %(n)s 字节") % {"n": error.start + 1}, _("文件不是 UTF-8 编码")) from None
    except json.JSONDecodeError as error:
        place = _("第 %(line)s 行第 %(column)s 列") % {"line": error.lineno, "column": error.colno}
        raise UnreadableClauses(place, _("JSON 写法有误：%(problem)s") % {"problem": error.msg}) from None
    except RecursionError:
        raise UnreadableClauses(_("第 1 行"), _("嵌套过深")) from None


def _clause(part: Any, number: int, seen: set[str]) -> Clause:
    place = _("第 %(n)s 条") % {"n": number}
    if not isinstance(part, dict):
        raise UnreadableClauses(place, _("此处应为一个条款，即 {…}"))
    for key in ("id", *FIELDS.values()):
        if not isinstance(part.get(key, ""), str):
            raise UnreadableClauses(place, _("“%(key)s”应为文字") % {"key": key})
    name = part.get("id", "").strip()
    if not name:
        raise UnreadableClauses(place, _("缺少“id”"))
    if name in seen:
        raise UnreadableClauses(place, _("“%(id)s”出现两次") % {"id": name})
    seen.add(name)
    return Clause(id=name, **{own: part.get(key, "") for own, key in FIELDS.items()})
