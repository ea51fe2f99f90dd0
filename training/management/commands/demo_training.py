"""Classes for trying the sample bureau."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from training import demo

WRONG_INPUT = 2


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("为示例公安局开设今后几周的培训班。再次运行不会改变已有的班。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help=_("也在 DATABASE_URL 指定的数据库上开设"))

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["demo"] or "EMBEDDED" in connection.settings_dict):
            raise CommandError(
                _("演示用的培训班只开在内置数据库上。确要在 DATABASE_URL 指定的数据库上开设，请加 --demo。"),
                returncode=WRONG_INPUT,
            )
        unit = demo.office()
        if unit is None:
            raise CommandError(
                _("没有找到示例公安局的教育训练部门。请先运行 load_bureau samples/haizhou。"), returncode=WRONG_INPUT
            )
        count = demo.hold_classes(unit, timezone.localdate())
        self.stdout.write(_("已开设 %d 个培训班。") % count)
