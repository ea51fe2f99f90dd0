"""`restore FILE`: put a backup in the place of what is there."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.backup import BackupRefused, restore
from config.env import home
from config.management.commands.up import only_one

BAD_INPUT = 2


class Command(BaseCommand):
    help = "从备份文件恢复：先停止全部程序。校验和不符、数据库不空、备份比程序新，都不恢复。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="取代现有全部数据")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with only_one(home()):  # not while Trilink runs here, nor may it be started meanwhile
                manifest = restore(options["file"], replace=options["replace"])
        except BackupRefused as refused:
            raise CommandError(str(refused), returncode=BAD_INPUT) from None
        self.stdout.write(_("已恢复 %(stamp)s 的备份。") % {"stamp": manifest["made_at"]})
        self.stdout.write(_("接着运行：migrate、check_invariants、verify_history。"))
