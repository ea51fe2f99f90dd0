"""`anchor_history`: add a digest of all chain heads to a file outside the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows import verification


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("在数据库之外记下全部哈希链末端的摘要；上一个锚点不符时拒绝并以 1 退出。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help=_("锚点文件；不写则用本系统的"))

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"] or verification.anchors_file()
        try:
            anchor = verification.anchor_now(timezone.now(), file)
        except verification.AnchorBroken as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("已记下 %(cases)d 个事项的链末端：%(digest)s") % {"cases": anchor.cases, "digest": anchor.digest}
        )
