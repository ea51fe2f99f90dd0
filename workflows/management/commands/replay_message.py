"""`replay_message`: send a dead or a sent message once more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from people.accounts import machine
from workflows import outbox
from workflows.models import OutboxMessage

WRONG_INPUT = 2


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("重发一条已失败或已发送的消息，并记下理由。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help=_("消息编号"))
        parser.add_argument("--reason", required=True, help=_("为何重发"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            message = outbox.replay(options["id"], actor=machine("console"), reason=options["reason"])
        except OutboxMessage.DoesNotExist as error:
            raise CommandError(_("没有编号为 %d 的消息。") % options["id"], returncode=WRONG_INPUT) from error
        except outbox.NotReplayable as error:
            raise CommandError(_("这条消息还在发送中，不能重发。"), returncode=WRONG_INPUT) from error
        self.stdout.write(_("已作为第 %d 号消息重发。") % message.pk)
