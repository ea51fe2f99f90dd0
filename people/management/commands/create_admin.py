"""The first account: a system administrator, who gives everybody else theirs."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from people.accounts import machine
from people.actions import grant_role
from people.models import Account
from people.roles import Role

WRONG_INPUT = 2


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("开立一个全局系统管理员账户；其他账户与角色由他在网页上授予。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", help=_("用户名；不写则询问"))
        parser.add_argument("--email", default="", help=_("邮箱，用于找回口令"))
        parser.add_argument("--password-stdin", action="store_true", help=_("从标准输入读取口令，不询问"))

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"] or self.asked(_("用户名："), options)
        account = Account(username=username, email=options["email"])
        if Account.objects.filter(username=username).exists():
            raise CommandError(_("账户“%(name)s”已存在，没有改动。") % {"name": username}, returncode=WRONG_INPUT)
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else self.asked_password()
        account.set_password(password)
        try:
            account.full_clean()
            validate_password(password, account)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages), returncode=WRONG_INPUT) from error
        self.create(account)
        self.stdout.write(_("已开立系统管理员“%(name)s”。") % {"name": username})

    def asked(self, question: str, options: dict[str, Any]) -> str:
        if options["password_stdin"] or not sys.stdin.isatty():
            raise CommandError(_("请用 --username 给出用户名。"), returncode=WRONG_INPUT)
        return input(question)

    def asked_password(self) -> str:
        if not sys.stdin.isatty():
            raise CommandError(_("这里不能询问口令，请用 --password-stdin。"), returncode=WRONG_INPUT)
        password = getpass.getpass(_("口令："))
        if password != getpass.getpass(_("再输入一次：")):
            raise CommandError(_("两次输入的口令不同。"), returncode=WRONG_INPUT)
        return password

    @transaction.atomic
    def create(self, account: Account) -> None:
        account.save()
        grant_role(
            account=account, role=Role.ADMINISTRATOR, unit=None, actor=machine("console"), reason=_("由命令行开立")
        )
