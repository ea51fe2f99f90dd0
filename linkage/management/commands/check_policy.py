"""`check_policy FILE`: read a policy, find what is wrong with it, and say each of its rules in words."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from linkage import outcomes, rules, soundness
from linkage.management.arguments import BAD_INPUT
from linkage.rules.yaml_nodes import SIZE

NOT_SOUND = 1


class Command(BaseCommand):
    help = "读一个政策文件，指出错误和须留意之处，并用中英文逐条说出规则；不写数据库。有错误时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="政策文件（YAML）")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        found = examined(text_of(options["file"]))
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            for line in printed(options["file"], found):
                self.stdout.write(line)
        if not found["sound"]:
            sys.exit(NOT_SOUND)


def text_of(path: Path) -> str:
    """The file's text; of one too long only what is needed to refuse it."""
    try:
        with path.open("rb") as file:
            return file.read(SIZE + 1).decode("utf-8-sig", "strict" if path.stat().st_size <= SIZE else "replace")
    except UnicodeDecodeError as error:
        words = _("%(file)s 不是 UTF-8 编码（第 %(n)s 字节）") % {"file": path, "n": error.start + 1}
        raise CommandError(words, returncode=BAD_INPUT) from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=BAD_INPUT) from None


def examined(text: str) -> dict[str, Any]:
    """All there is to say about a policy's text, as plain data."""
    try:
        policy = rules.parse(text)
    except rules.PolicyError as error:
        return {"sound": False, "findings": [refusal(error)], "rules": []}
    findings = [
        {"level": f.level, "rule": f.rule, "line": f.line, "column": f.column, "zh": f.text_zh, "en": f.text_en}
        for f in soundness.findings(policy)
    ]
    findings += list(unknown_outcomes(policy))
    return {
        "sound": all(finding["level"] != "error" for finding in findings),
        "policy": policy.id,
        "version": policy.version,
        "title": {"zh": policy.title.zh, "en": policy.title.en},
        "findings": sorted(findings, key=lambda finding: finding["line"]),
        "rules": list(sentences(policy)),
    }


def refusal(error: rules.PolicyError) -> dict[str, Any]:
    place = {"line": error.line, "column": error.column}
    return {
        "level": "error",
        "rule": "",
        **place,
        "zh": error.zh,
        "en": error.en,
        "code": error.code,
        "near": error.near,
    }


def unknown_outcomes(policy: rules.Policy) -> Iterator[dict[str, Any]]:
    """A rule whose outcome no kind can carry: it would be decided, and no case could be opened."""
    for rule in policy.rules.values():
        for outcome in rule.outcomes:
            if (words := outcomes.refused(outcome)) and not outcomes.nearest(outcome):
                place = {"line": rule.at.line, "column": rule.at.column}
                en = f"no case can be opened for the outcome {outcome}"
                yield {"level": "warning", "rule": rule.id, **place, "zh": words, "en": en}


def sentences(policy: rules.Policy) -> Iterator[dict[str, Any]]:
    said = [(part, rules.describe(policy, part)) for part in policy.rules.values()]
    said += [(part, rules.describe_quota(policy, part)) for part in policy.quotas.values()]  # type: ignore[misc]
    for part, (zh, en) in said:
        title = {"zh": part.title.zh, "en": part.title.en}
        yield {"id": part.id, "line": part.at.line, "title": title, "zh": zh, "en": en, "clauses": list(part.clauses)}


def printed(path: Path, found: dict[str, Any]) -> Iterator[str]:
    if "policy" in found:
        yield _("%(file)s：政策“%(title)s”，版本 %(version)s，%(count)s 条") % {
            "file": path,
            "title": found["title"]["zh"],
            "version": found["version"],
            "count": len(found["rules"]),
        }
    for finding in found["findings"]:
        level = _("错误") if finding["level"] == "error" else _("留意")
        place = _("第 %(line)s 行第 %(column)s 列") % finding
        rule = f"{finding['rule']}：" if finding["rule"] else ""
        yield f"{level} {place} {rule}{finding['zh']}"
        yield f"    {finding['en']}"
    for rule in found["rules"]:
        yield f"{rule['id']}《{rule['title']['zh']}》"
        yield f"    {rule['zh']}"
        yield f"    {rule['en']}"
    yield _("可以提交。") if found["sound"] else _("有错误，须改正后再提交。")
