"""`verify_history`: exit 0 when the history is what was written, else 1 with the cases that are not."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from workflows import verification
from workflows.models import Case, TransitionRecord


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("核对办理历史：重算每个事项的哈希链，并与数据库之外的锚点比对。只读。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help=_("输出 JSON"))
        parser.add_argument("--anchors", type=Path, help=_("锚点文件；不写则用本系统的"))
        parser.add_argument("--all", action="store_true", help=_("逐个核对全部锚点，不只最新一个"))

    def handle(self, *args: Any, **options: Any) -> None:
        broken = sorted(map(str, verification.broken_chains()))
        checked, rewritten = self.anchors(options["anchors"] or verification.anchors_file(), every=options["all"])
        told = {
            "cases": Case.objects.count(),
            "records": TransitionRecord.objects.count(),
            "broken": broken,
            "anchors": checked,
            "rewritten": rewritten,
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else self.words(told))
        if broken or rewritten:
            sys.exit(1)

    def anchors(self, file: Path, *, every: bool) -> tuple[int, list[str]]:
        """How many anchors were compared, and what they show."""
        shown = []
        try:
            anchors = verification.read_anchors(file)
        except verification.AnchorBroken as error:
            return 0, [str(error)]
        chosen = anchors if every else anchors[-1:]
        for anchor in chosen:
            try:
                verification.check(anchor)
            except verification.AnchorBroken as error:
                shown.append(str(error))
        return len(chosen), shown

    def words(self, told: dict[str, Any]) -> str:
        lines = [_("断链的事项：%s") % case for case in told["broken"]]
        lines += [_("与锚点不符：%s") % words for words in told["rewritten"]]
        lines.append(
            _("%(cases)d 个事项、%(records)d 条历史，核对锚点 %(anchors)d 个。")
            % {name: told[name] for name in ("cases", "records", "anchors")}
        )
        return "\n".join(lines)
