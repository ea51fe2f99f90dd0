"""The handbook `docs/rules/`: its rules and worked tables read from the pages, and the parts that are made of them.

`python -m tests.rules.handbook` writes anew what is made: each page's sentences and English spelling, the list of
words, and the list of pages.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from linkage.rules import Policy, describe, describe_quota, parse
from linkage.rules.parse_values import LENGTH
from linkage.rules.words import KEYS, READ, UNITS_ZH, VALUES
from linkage.rules.yaml_nodes import NAMES_BELOW

from .worked import Row

BOOK: Final = Path(__file__).parents[2] / "docs" / "rules"
START: Final = BOOK / "README.md"
WORDS: Final = BOOK / "words.md"
MADE: Final = re.compile(r"<!-- 由规则生成 -->\n.*?<!-- 生成完 -->\n", re.DOTALL)
LISTED: Final = re.compile(r"<!-- 目录 -->\n.*?<!-- 目录完 -->\n", re.DOTALL)
BLOCK: Final = re.compile(r"```yaml\n(.*?)```\n", re.DOTALL)
TABLE: Final = re.compile(r"\*\*算一算：(\S+)\*\*\n\n((?:\|.*\n)+)")
HEADLINE: Final = re.compile(r"# (\d\d) (.+)\n\n> (.+)\n")
FEW: Final = 8  # a word that stands on more pages is said to stand on all
NAMED: Final = frozenset({"title", "doc", "article", "text", "policy", "version", "clauses"})


def pages() -> list[Path]:
    """The page of each shape, in their order."""
    return sorted(BOOK.glob("[0-9][0-9]-*.md"))


def blocks(path: Path) -> list[str]:
    """The rules a page shows, as written in Chinese."""
    return BLOCK.findall(MADE.sub("", path.read_text("utf-8")))


@cache
def head() -> str:
    """The lines that every rule of the handbook stands below."""
    return blocks(START)[0]


def policy_text(path: Path) -> str:
    return head() + blocks(path)[0]


def tables(path: Path) -> Iterator[tuple[str, list[Row]]]:
    for rule, lines in TABLE.findall(path.read_text("utf-8")):
        yield rule, list(rows(lines))


def rows(lines: str) -> Iterator[Row]:
    names, _rule, *body = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines.splitlines()]
    for cells in body:
        row = {{"谁": "名"}.get(name, name): cell for name, cell in zip(names, cells, strict=True) if cell}
        yield {"考核": row["考核"]} if "考核" in row else row


# what is made of the rules


def refreshed(path: Path) -> str:
    text = path.read_text("utf-8")
    policy = parse(policy_text(path))
    said = "".join(f"> {rule}：{zh}\n>\n> {en}\n\n" for rule, (zh, en) in sentences(policy))
    english = f"<details><summary>English spelling</summary>\n\n```yaml\n{respelled(blocks(path)[0])}```\n\n</details>"
    made = f"<!-- 由规则生成 -->\n读出来：\n\n{said}{english}\n<!-- 生成完 -->\n"
    return MADE.sub(lambda _: made, text)


def sentences(policy: Policy) -> Iterator[tuple[str, tuple[str, str]]]:
    for rule in policy.rules.values():
        yield rule.id, describe(policy, rule)
    for quota in policy.quotas.values():
        yield quota.id, describe_quota(policy, quota)


def respelled(text: str) -> str:
    """A Chinese text in English words, in the same layout; names stay as they are."""
    found: list[tuple[int, int, str]] = []
    _walk(yaml.compose(text, Loader=yaml.SafeLoader), "", False, found)
    for start, end, word in sorted(found, reverse=True):
        text = text[:start] + word + text[end:]
    return text


def _walk(node: yaml.Node | None, parent: str, names: bool, found: list[tuple[int, int, str]]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            word = key.value if names else READ.get(key.value, key.value)
            word = VALUES.get(word, word) if parent in ("grades", "gaps") else word
            if word != key.value:
                found.append((key.start_mark.index, key.end_mark.index, word))
            _walk(value, "" if names else word, word in NAMES_BELOW and not names, found)
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            _walk(part, parent, False, found)
    elif parent not in NAMED and (word := _value(node.value, parent)) != node.value:
        found.append((node.start_mark.index, node.end_mark.index, word))


def _value(word: str, parent: str) -> str:
    length = LENGTH.fullmatch(word)
    if length and length[2] in UNITS_ZH:
        return f"{length[1]} {UNITS_ZH[length[2]]}"
    if parent == "level" or (parent == "kind" and word not in ("年度", "季度", "月度", "自定")):
        return word
    if word in VALUES:
        return VALUES[word]
    return READ[word] if word in ("得分", "级别", "单位") and parent in NUMBER_PLACES else word


NUMBER_PLACES: Final = {"of", "by", "mean", "sum", "min", "max", "highest", "lowest", "same", "for", "per", "add"}


def words_page() -> str:
    """Every word of the language in both spellings, with the pages that use it."""
    used: dict[str, list[str]] = {}
    for path in pages():
        for word in {word.strip() for word in re.findall(r"[\w ]+", respelled(blocks(path)[0]))}:
            used.setdefault(word, []).append(f"[{path.name[:2]}]({path.name})")
    where = {word: " ".join(found) if len(found) <= FEW else "各页" for word, found in used.items()}
    lines = ["# 词表", "", "> Every word of the language in its two spellings, and the pages that use it.", ""]
    lines += ["## 键", "", "| 中文 | English | 见 |", "|---|---|---|"]
    lines += [f"| {'、'.join(zh)} | `{en}` | {where.get(en, '')} |" for en, zh in KEYS.items()]
    lines += ["", "## 值", "", "| 中文 | English | 见 |", "|---|---|---|"]
    lines += [f"| {zh} | `{en}` | {where.get(en, '')} |" for zh, en in VALUES.items()]
    return "\n".join(lines) + "\n"


def listed() -> str:
    """The start page with its list of pages."""
    lines = []
    for path in pages():
        found = HEADLINE.match(path.read_text("utf-8"))
        if found:
            lines.append(f"| [{found[1]}]({path.name}) | {found[2]} | {found[3]} |\n")
    table = "| | 情形 | |\n|---|---|---|\n" + "".join(lines)
    return LISTED.sub(lambda _: f"<!-- 目录 -->\n{table}<!-- 目录完 -->\n", START.read_text("utf-8"))


def write() -> Mapping[Path, str]:
    made = {path: refreshed(path) for path in pages()}
    for path, text in made.items():
        path.write_text(text, "utf-8")
    WORDS.write_text(words_page(), "utf-8")
    START.write_text(listed(), "utf-8")
    return made


if __name__ == "__main__":
    write()
