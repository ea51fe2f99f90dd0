"""The work on a desk as its export shows it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Account
from workflows import clock as clocks
from workflows import desk, exports, kinds, list_exports, standing
from workflows.calendars import Clock
from workflows.list_exports import LONGEST, ListExport, Table
from workflows.models import WorkItem
from workflows.words import item_due


def table(account: Account, asked: Mapping[str, str]) -> Table:
    """Every row of the filter, never one page of it."""
    clock, chosen = clocks.now(), desk.read_filter(account, asked)
    head = [*exports.subject_head(), _("类别"), _("事项"), _("要做的事"), _("状态"), _("期限"), _("说明")]
    lines = (line(item, clock) for item in desk.every(account, chosen, clock=clock))
    count = desk.count(account, chosen, clock=clock, limit=LONGEST + 1)
    return Table(name=_("我的待办"), head=head, lines=lines, count=count)


def line(item: WorkItem, clock: Clock) -> list[str]:
    case, kind = item.case, kinds.find(item.kind)
    duty = kind.duties.get(item.duty) if kind else None
    left = item_due(item, clock)
    return [
        *exports.subject(case),
        str(kind.title) if kind else item.kind,
        case.title,
        str(duty.title) if duty else item.duty,
        standing.state_label(kind, case.state) if kind else case.state,
        left.iso,
        left.words,
    ]


def has_work(account: Account) -> bool:
    return bool(desk.count(account, desk.Filter(), clock=clocks.now(), limit=1)) or bool(
        desk.count(account, desk.Filter(due=desk.PAUSED), clock=clocks.now(), limit=1)
    )


def offer() -> None:
    """Called from the app's `ready`."""
    list_exports.offer(
        ListExport(
            name="desk",
            title=gettext_lazy("我的待办"),
            fields=("kind", "due", "unit", "claim"),
            may=has_work,
            table=table,
        )
    )
