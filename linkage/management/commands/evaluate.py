"""`evaluate CYCLE --as-of DATE`: decide what the policy in force links to a cycle's results."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from linkage import evaluation, jobs, rules, soundness
from linkage.management.arguments import BAD_INPUT, add_cycle_and_day, cycle_named, day_named
from linkage.management.files import policy_in, refused_at
from linkage.refusals import LinkageRefused
from people.accounts import machine
from workflows.management.background import stoppable, told
from workflows.progress import to_terminal


class Command(BaseCommand):
    help = "按施行中的政策对一个考核周期作出认定；--preview 只预览，不保存。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_cycle_and_day(parser)
        parser.add_argument("--preview", action="store_true", help="只预览，不保存任何内容")
        parser.add_argument("--policy", type=Path, help="与 --preview 一起用：不用库中的政策，改按这个文件预览")
        parser.add_argument("--background", action="store_true", help="交给后台任务，立即返回任务号")
        parser.add_argument("--csv", type=Path, help="把认定写入文件：rule,subject,status,outcome,focus")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["policy"] and (options["background"] or not options["preview"]):
            words = _("--policy 的文件不在库中，只能与 --preview 一起用，不能据以认定。")
            raise CommandError(words, returncode=BAD_INPUT)
        cycle, day = cycle_named(options["cycle"]), day_named(options["as_of"])
        if options["background"]:
            self.stdout.write(told(jobs.EVALUATE, {"cycle": cycle.code, "as_of": day.isoformat()}))
            return
        try:
            table = self._decided(cycle, day, preview=options["preview"], file=options["policy"])
        except LinkageRefused as refused:
            raise CommandError(str(refused), returncode=BAD_INPUT) from None
        if options["csv"]:
            _write(table, options["csv"])
        for line in evaluation.counted(table):
            self.stdout.write(line)

    def _decided(self, cycle: Cycle, day: date, *, preview: bool, file: Path | None) -> evaluation.Table:
        if file:
            return self._tried(cycle, day, file)
        if preview:
            return evaluation.preview(cycle, as_of=day)
        with stoppable(_("已停止，没有保存任何认定。要认定时再次运行同一命令。")):
            run = evaluation.evaluate(cycle, as_of=day, actor=machine("loader"), tell=to_terminal(self.stderr))
        return evaluation.table_of(run)

    def _tried(self, cycle: Cycle, day: date, file: Path) -> evaluation.Table:
        """A file that is not in the database, put to the cycle. What the rules about rules find is said beside it."""
        tree = policy_in(file)
        for finding in soundness.findings(tree):
            self.stderr.write(f"{file}:{finding.line}: {finding.rule}: {finding.text_zh}")
        try:
            return evaluation.preview_of(cycle, tree, as_of=day)
        except rules.PolicyError as refused:
            raise refused_at(file, refused) from None


def _write(table: evaluation.Table, path: Path) -> None:
    """As RFC 4180 has it: lines end in CR LF, what is empty stays empty."""
    try:
        table.with_columns(pl.all().replace({"": None})).write_csv(path, line_terminator="\r\n")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=BAD_INPUT) from None
