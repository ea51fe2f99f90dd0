"""`clauses FILE`: for each clause of a file the rules or procedures that express it, or why none does."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linkage import library
from linkage.management.arguments import BAD_INPUT


class Command(BaseCommand):
    help = "逐条列出条款由随附政策库的哪些规则、比例或程序表达；没有的，写明原因。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="条款文件（JSON 列表，每条有 id、document、article、original_text）"
        )
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            clauses = library.read_clauses(options["file"])
        except library.UnreadableClauses as error:
            words = _("%(file)s 读不了。%(error)s") % {"file": options["file"], "error": error}
            raise CommandError(words, returncode=BAD_INPUT) from None
        answers = [library.answer(clause) for clause in clauses]
        if options["json"]:
            self.stdout.write(json.dumps([as_data(answer) for answer in answers], ensure_ascii=False, indent=1))
            return
        for answer in answers:
            self._print(answer)
        said = sum(bool(answer.by) for answer in answers)
        counted = {"all": len(answers), "said": said, "rest": len(answers) - said}
        self.stdout.write(_("共 %(all)s 条：已表达 %(said)s 条，未表达 %(rest)s 条。") % counted)

    def _print(self, answer: library.Answer) -> None:
        clause = answer.clause
        self.stdout.write(" ".join(part for part in (clause.id, clause.document, clause.article) if part))
        for by in answer.by:
            self.stdout.write(f"    {WHAT[by.what]()} {by.file} {by.id} {by.zh if in_chinese() else by.en}")
        why = answer.why_zh if in_chinese() else answer.why_en
        if not answer.by:
            self.stdout.write("    " + _("没有规则或者程序表达") + (f"：{why}" if why else ""))


WHAT = {"rule": lambda: _("规则"), "quota": lambda: _("比例"), "procedure": lambda: _("程序")}


def in_chinese() -> bool:
    return not (get_language() or "zh").startswith("en")


def as_data(answer: library.Answer) -> dict[str, Any]:
    return {
        "id": answer.clause.id,
        "document": answer.clause.document,
        "article": answer.clause.article,
        "expressed": bool(answer.by),
        "by": [
            {"what": by.what, "file": by.file, "id": by.id, "title": {"zh": by.zh, "en": by.en}} for by in answer.by
        ],
        "why": {"zh": answer.why_zh, "en": answer.why_en} if answer.why_zh else None,
    }
