"""`open_cases CYCLE --as-of DATE`: open what a run decided; run again, it opens nothing."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from linkage import evaluation, jobs, opening, queries
from linkage.management.arguments import BAD_INPUT, add_cycle_and_day, cycle_named, day_named
from linkage.refusals import LinkageRefused
from people.accounts import machine
from workflows.management.background import stoppable, told
from workflows.progress import to_terminal


class Command(BaseCommand):
    help = "开立一个考核周期已认定的事项；已开立的不再开立。暂缓的留在运行页，不开立。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_cycle_and_day(parser)
        parser.add_argument("--background", action="store_true", help="交给后台任务，立即返回任务号")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        cycle, day = cycle_named(options["cycle"]), day_named(options["as_of"])
        actor, tell = machine("loader"), to_terminal(self.stderr)
        try:
            run = evaluation.run_of(cycle, as_of=day)
            with stoppable(_("已停止，没有保存任何认定。要认定时再次运行同一命令。")):
                run = run or evaluation.evaluate(cycle, as_of=day, actor=actor, tell=tell)
            if options["background"]:
                self.stdout.write(told(jobs.OPEN, {"cycle": cycle.code, "run": run.pk, "only": None}))
                return
            with stoppable(_("已停止。已开立的保留；再次运行同一命令，从停下的地方继续，不会重复开立。")):
                opened = opening.open_run(run, actor=actor, tell=tell)
        except LinkageRefused as refused:
            raise CommandError(str(refused), returncode=BAD_INPUT) from None
        if run != evaluation.latest_run(cycle):
            self.stderr.write(_("%(day)s 之后已有更晚的运行，本次不开立任何事项。") % {"day": day})
        totals = queries.totals(opened.cases)
        if options["json"]:
            self.stdout.write(json.dumps(totals, ensure_ascii=False))
        else:
            self._print(totals, run)

    def _print(self, totals: dict[str, Any], run: Any) -> None:
        self.stdout.write(f"{_('类别'):<16}{_('本次开立'):>8}{_('累计'):>8}")
        for kind, count in totals["opened"].items():
            self.stdout.write(f"{kind:<16}{count:>12}{totals['cases'][kind]:>10}")
        for name, words in (("work_items", _("待办")), ("messages", _("消息")), ("history", _("历史"))):
            self.stdout.write(f"{words}: {totals[name]}")
        for proposal in queries.withdrawals(run.cycle):
            self.stdout.write(_("建议撤回：%(proposal)s") % {"proposal": proposal})
