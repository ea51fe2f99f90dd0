"""Load a bureau's folder of CSV files, all or nothing."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal import jobs
from appraisal.loading.folder import BadFolder, load_folder
from appraisal.loading.saving import Merged
from workflows.management.background import stoppable, told
from workflows.progress import to_terminal

COLUMNS = ("rows", "added", "changed", "unchanged")


class Command(BaseCommand):
    help = str(gettext_lazy("导入一个单位的 CSV 文件夹：全部导入，或有错时一行也不导入"))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--background", action="store_true", help="交给后台任务，立即返回任务号")

    def handle(self, *, folder: Path, json: bool, background: bool, **options: Any) -> None:
        if background:
            self.stdout.write(told(jobs.LOAD, {"folder": str(folder.resolve())}))
            return
        try:
            with stoppable(_("已停止，没有导入任何一行。要导入时再次运行同一命令。")):
                merged = load_folder(folder, tell=to_terminal(self.stderr))
        except BadFolder as bad:
            for problem in bad.problems:
                self.stderr.write(str(problem))
            raise CommandError(self._refusal(len(bad.problems)), returncode=2) from None
        self.stdout.write(as_json(merged) if json else as_table(merged))

    @staticmethod
    def _refusal(count: int) -> str:
        return _("共 %(count)s 处错误。没有导入任何一行。") % {"count": count}


def as_json(merged: list[Merged]) -> str:
    return json.dumps({one.name: one.figures() for one in merged})


def as_table(merged: list[Merged]) -> str:
    head = (f"{'':10}", *(f"{column:>10}" for column in COLUMNS))
    rows = [(f"{m.name:10}", *(f"{m.figures()[column]:>10}" for column in COLUMNS)) for m in merged]
    return "\n".join("".join(row) for row in (head, *rows))
