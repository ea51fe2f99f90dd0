"""`load_calendar FILE`: take over a published list of holidays, and count the open deadlines again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from people.accounts import machine
from workflows import calendar_file, clock
from workflows.calendars import local_day
from workflows.models import ItemChange

WRONG_INPUT = 2


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("载入节假日与调休安排（CSV，可含各单位的地方安排），重算未办待办的期限。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moved = calendar_file.load(options["file"], actor=machine("console"), clock=clock.now())
        except calendar_file.BadFile as error:
            raise CommandError("\n".join([*error.problems, _("没有保存任何内容。")]), returncode=WRONG_INPUT) from error
        for change in moved:
            self.stdout.write(self.line(change))
        self.stdout.write(_("已载入，%d 项期限改变。") % len(moved))

    def line(self, change: ItemChange) -> str:
        return _("待办 %(item)s（事项 %(case)s）：%(old)s 改为 %(new)s") % {
            "item": change.item_id,
            "case": change.item.case_id,
            "old": local_day(change.due_from),
            "new": local_day(change.due_to),
        }
