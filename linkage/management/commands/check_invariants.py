"""`check_invariants`: read-only; exit 0, or 1 with what is wrong."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from linkage.invariants import breaches as of_linkage
from workflows.invariants import breaches as of_engine


class Command(BaseCommand):
    help = "核对全部不变式：状态与历史、待办、消息、周期。只读；有问题时以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        broken = [*of_engine(), *of_linkage()]
        for words in broken:
            self.stdout.write(words)
        if broken:
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("全部不变式成立。"))
