"""`backup FILE`: the database and the anchors of the history in one file with its checksums."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.backup import BackupRefused, backup

BAD_INPUT = 2


class Command(BaseCommand):
    help = "把数据库和历史锚点备份到一个文件；运行中也可备份，得到同一时刻的数据。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backup(options["file"])
        except BackupRefused as refused:
            raise CommandError(str(refused), returncode=BAD_INPUT) from None
        size = options["file"].stat().st_size
        self.stdout.write(_("已备份到 %(file)s，%(size)d 字节。") % {"file": options["file"], "size": size})
        self.stdout.write(f"sha256 {manifest['parts']['database.dump']['sha256']}")
