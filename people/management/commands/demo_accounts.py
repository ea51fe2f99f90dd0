"""Accounts for trying the sample bureau: one for each role, and the head of every unit."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from people import demo
from people.models import Account, Unit
from people.roles import Role

WRONG_INPUT = 2


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("为示例公安局开立演示账户：每种角色一个，另有每个单位的负责人。再次运行不会改变已有账户。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help=_("也在 DATABASE_URL 指定的数据库上开立"))

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["demo"] or "EMBEDDED" in connection.settings_dict):
            raise CommandError(
                _("演示账户只开立在内置数据库上。确要在 DATABASE_URL 指定的数据库上开立，请加 --demo。"),
                returncode=WRONG_INPUT,
            )
        players = demo.cast()
        if not players:
            raise CommandError(
                _("没有找到示例公安局的民警。请先运行 load_bureau samples/haizhou。"), returncode=WRONG_INPUT
            )
        demo.open_accounts(players)
        if options["verbosity"]:
            self.tell([player for player in players if player.shown])

    def tell(self, players: list[demo.Player]) -> None:
        names = {account.username: account.shown_name for account in Account.objects.select_related("officer")}
        units = dict(Unit.objects.values_list("code", "name"))
        officers = dict(Account.objects.filter(officer__isnull=False).values_list("username", "officer__unit__name"))
        self.stdout.write(_("演示账户（口令均为 %(password)s）：") % {"password": demo.PASSWORD})
        for player in players:
            where = units.get(player.unit) or officers.get(player.username) or _("全局")
            role = str(Role(player.role).label)
            self.stdout.write(f"  {player.username:<18}{role}  {names[player.username]}，{where}")
