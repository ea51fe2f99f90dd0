"""`check_flows`: exit 1 when cases are in a state, or of a kind, that the code no longer has."""

import sys
from typing import Any

from django.core.management import BaseCommand
from django.utils.translation import gettext as _

from workflows import flows


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("找出状态已不存在的事项；有则以 1 退出。只读。")

    def handle(self, *args: Any, **options: Any) -> None:
        lost = list(flows.lost_cases())
        for case, kind, state in lost:
            self.stdout.write(
                _("事项 %(case)s（%(kind)s）：状态 %(state)s 已不存在") % {"case": case, "kind": kind, "state": state}
            )
        if lost:
            sys.exit(1)
        self.stdout.write(_("每个事项的状态都存在。"))
