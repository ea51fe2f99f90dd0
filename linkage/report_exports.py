"""The names of a report as a file: exactly those of the filter."""

from collections.abc import Mapping

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage import access, report_pages
from linkage.models import ReportRow
from people.models import Account
from workflows import list_exports
from workflows.list_exports import CHUNK, LONGEST, ListExport, Table

LIST = "report_names"


def table(account: Account, asked: Mapping[str, str]) -> Table:
    """Every name of the filter that the account may see."""
    number = asked.get("report", "")
    if not number.isdecimal() or len(number) > 18:
        raise Http404
    report = access.readable_report(account, int(number))
    found = report_pages.asked_for(account, report, asked)
    then, now = report_pages.sides(report)
    head = [_("考核周期"), _("规则"), _("警号或代码"), _("姓名或单位"), _("所在单位"), _("变化"), then, now, _("重点")]
    count = found.order_by()[: LONGEST + 1].count()
    rows = found.order_by("cycle__ends_on", "rule", "pk").iterator(chunk_size=CHUNK)
    return Table(name=_("报告名单"), head=head, lines=map(line, rows), count=count)


def line(row: ReportRow) -> list[str]:
    officer, unit = row.officer, row.unit
    return [
        row.cycle.code,
        row.rule,
        officer.badge if officer else unit.code if unit else "",
        row.subject.name,
        officer.unit.name if officer else "",
        str(row.get_move_display()),
        row.then_label,
        row.now_label,
        row.focus,
    ]


def offer() -> None:
    """Called from the app's `ready`."""
    list_exports.offer(
        ListExport(
            name=LIST,
            title=gettext_lazy("报告名单"),
            fields=("report", *report_pages.ASKED),
            texts=("q",),
            may=access.may_read,
            table=table,
        )
    )
