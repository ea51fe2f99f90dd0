"""`reevaluate CYCLE --as-of DATE`: what later results and facts make of what was decided. Changes no case."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from linkage import jobs, late
from linkage.management.arguments import BAD_INPUT, add_cycle_and_day, cycle_named, day_named
from linkage.refusals import LinkageRefused
from people.accounts import machine
from workflows.management.background import told
from workflows.progress import to_terminal


class Command(BaseCommand):
    help = "以某日所知重新认定一个周期，列出与已作认定的差别；由人在页面确认后才办理。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_cycle_and_day(parser)
        parser.add_argument("--background", action="store_true", help="交给后台任务，立即返回任务号")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        cycle, day = cycle_named(options["cycle"]), day_named(options["as_of"])
        if options["background"]:
            self.stdout.write(told(jobs.REEVALUATE, {"cycle": cycle.code, "as_of": day.isoformat()}))
            return
        try:
            run = late.reevaluate(cycle, as_of=day, actor=machine("loader"), tell=to_terminal(self.stderr))
        except LinkageRefused as refused:
            raise CommandError(str(refused), returncode=BAD_INPUT) from None
        found = late.proposals(cycle)
        if options["json"]:
            self.stdout.write(json.dumps(late.as_data(run, found), ensure_ascii=False))
            return
        for proposal in found:
            self.stdout.write(late.line(proposal))
        self.stdout.write(_("共 %(count)d 项差别，须由人确认。") % {"count": len(found)})
