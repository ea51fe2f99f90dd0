"""`deliver_outbox`: send what is due, as the worker does."""

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from workflows import outbox, packing, parcels


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("发送发件箱中到时的消息。失败的稍后再试。")

    def handle(self, *args: Any, **options: Any) -> None:
        done = outbox.deliver_all()
        # What was packed just now need not wait for more to go with it: nobody else is at work.
        parcels.deliver_all(now=timezone.now() + packing.GATHER)
        self.stdout.write(_("已发送 %(sent)d 条，失败 %(failed)d 条。") % {"sent": done.sent, "failed": done.failed})
