"""`check_invariants`: read-only; exit 0, or 1 with what is wrong."""

import sys
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from linkage.invariants import breaches as of_linkage
from workflows.invariants import breaches as of_engine


class Command(BaseCommand):
    help = "核对全部不变式：状态与历史、待办、消息、周期。只读；有问题时以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")  # whatever a check might try
            for words in chain(of_engine(), of_linkage()):
                self.stdout.write(words)
                broken += 1
        if broken:
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("全部不变式成立。"))
