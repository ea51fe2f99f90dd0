"""`sweep_deadlines`: the clock's round, now or as at a moment."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from workflows import clock, deadlines
from workflows.calendars import Clock, morning_of

WRONG_INPUT = 2


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("检查到期的待办：提醒、到期自动办理、逾期上报。")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", help=_("以此时刻为准，如 2026-03-31 或 2026-03-31T09:00+08:00"))

    def handle(self, *args: Any, **options: Any) -> None:
        at = _moment(options["now"]) if options["now"] else timezone.now()
        swept = deadlines.sweep(Clock(at=at, calendar=clock.current()))
        self.stdout.write(
            _("提醒 %(reminded)d 项，到期办理 %(expired)d 项，逾期上报 %(escalated)d 项。")
            % {"reminded": swept.reminded, "expired": swept.expired, "escalated": swept.escalated}
        )


def _moment(text: str) -> datetime:
    try:
        if day := parse_date(text):
            return morning_of(day)
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(_("--now “%s” 不是 ISO 日期或时刻。") % text, returncode=WRONG_INPUT)
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
