"""A draft to look at in the sample bureau."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage import editing, lifecycle, register
from linkage.management.arguments import BAD_INPUT
from linkage.models import Policy
from people.models import Account

WRITER = "hr"  # of the demonstration's accounts
CHANGES = (("joined_on, at least: 5", "joined_on, at least: 6"), ("share: 3%", "share: 4%"))


class Command(BaseCommand):
    help = "为示例公安局起草一份政策草案：后备提名改为工作满 6 年、名额 4%。再次运行不会改变已有的。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="也在 DATABASE_URL 指定的数据库上起草")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["demo"] or "EMBEDDED" in connection.settings_dict):
            words = _("演示用的草案只写在内置数据库上。确要写在 DATABASE_URL 指定的数据库上，请加 --demo。")
            raise CommandError(words, returncode=BAD_INPUT)
        writer = Account.objects.filter(username=WRITER).first()
        if writer is None:
            raise CommandError(_("没有演示账户。请先运行 demo_accounts。"), returncode=BAD_INPUT)
        year = timezone.localdate().year + 1
        base = register.in_force_or_shipped(timezone.localdate(), actor=writer)
        if Policy.objects.filter(based_on=base).exists():
            return
        text = editing.headed(base.text, version=f"{year}.1")
        for old, new in CHANGES:
            text = text.replace(old, new)
        lifecycle.draft(text, from_day=date(year, 1, 1), actor=writer, note=_("演示"), based_on=base)
