"""Arguments the commands of the linkage share: a cycle that exists and a day that is one."""

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from appraisal.models import Cycle

BAD_INPUT = 2


def add_cycle_and_day(parser: ArgumentParser) -> None:
    parser.add_argument("cycle", help="考核周期代码，例如 2025、2025Q4、2025-12")
    parser.add_argument("--as-of", required=True, help="以该日所知为准，YYYY-MM-DD")


def cycle_named(code: str) -> Cycle:
    found = Cycle.objects.filter(code=code).first()
    if found is None:
        known = "、".join(Cycle.objects.order_by("code").values_list("code", flat=True)[:50])
        words = _("没有考核周期“%(code)s”。已有：%(known)s") % {"code": code, "known": known or _("无")}
        raise CommandError(words, returncode=BAD_INPUT)
    return found


def day_named(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        words = _("--as-of“%(text)s”不是日期，应写作 YYYY-MM-DD，例如 2026-03-31") % {"text": text}
        raise CommandError(words, returncode=BAD_INPUT) from None
