"""`route_work`: find the nearest desk of every open work item again."""

from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from people.accounts import machine
from people.models import EVERYWHERE
from workflows import routing


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("按现行授权重新分派全部未办待办。")

    def handle(self, *args: Any, **options: Any) -> None:
        moved = routing.route("", EVERYWHERE, actor=machine("console"))
        self.stdout.write(_("已转交 %d 项。") % len(moved))
