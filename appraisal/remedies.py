"""The ways open to an officer beside an objection, as the law names them. Information; the product decides none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from workflows.calendars import Calendar, Deadline

BASIS = "公务员法第九十五条，公务员申诉规定（2022）"
TO_ASK = Deadline(number=30, unit="days", rolls=True)


@dataclass(frozen=True, kw_only=True)
class Remedy:
    title: str
    words: str
    until: date | None = None


def remedies(known: date, calendar: Calendar) -> Sequence[Remedy]:
    """From the day he knew of the result: 30 days to ask, 30 to answer; 15 to appeal, 60 and at most 30 more."""
    last = calendar.due(known, TO_ASK).day
    return [
        Remedy(
            title=_("申请复核"),
            words=_("自知道之日起 30 日内向原处理机关提出；机关 30 日内作出复核决定。"),
            until=last,
        ),
        Remedy(
            title=_("提出申诉"),
            words=_("收到复核决定后 15 日内提出，或不经复核、自知道之日起 30 日内直接提出。"),
            until=last,
        ),
        Remedy(title=_("申诉决定"), words=_("受理机关 60 日内作出；情况复杂的可以延长，不超过 30 日。")),
    ]
