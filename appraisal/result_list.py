"""The list of a cycle's results as its page and its export show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.access import readable_results
from appraisal.models import Cycle, Result, ResultStatus, SchemeWeight
from appraisal.queries import holding
from people.access import RECORD_READERS
from people.models import Account, Unit
from people.refusals import Unfit
from workflows import clock as clocks
from workflows import list_exports
from workflows.list_exports import LONGEST, ListExport, Table

LIST = "results"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What of the results is listed. Kept in the address, and used by the export."""

    as_of: date
    status: str = ""
    grade: str = ""
    unit: str = ""
    q: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.status or self.grade or self.unit or self.q)


def read_filter(asked: Mapping[str, str]) -> Filter:
    """A value that means nothing filters nothing."""
    said = {name: asked.get(name, "").strip().replace("\0", "") for name in ("status", "grade", "unit", "q")}
    today = clocks.now().day
    return Filter(
        as_of=min(read_day(asked.get("as_of", ""), today), today),
        status=said["status"] if said["status"] in ResultStatus.values else "",
        grade=said["grade"][:20],
        unit=said["unit"][:20],
        q=said["q"][:50],
    )


def read_day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def matching(cycle: Cycle, account: Account, chosen: Filter) -> QuerySet[Result]:
    rows = holding(readable_results(account).filter(cycle=cycle), chosen.as_of)
    if chosen.status:
        rows = rows.filter(status=chosen.status)
    if chosen.grade:
        rows = rows.filter(grade=chosen.grade)
    if chosen.unit:
        path = Unit.objects.filter(code=chosen.unit).values_list("path", flat=True).first() or "-"
        rows = rows.filter(Q(officer__unit__path__startswith=path) | Q(unit__path__startswith=path))
    if chosen.q:
        officer = Q(officer__badge__startswith=chosen.q) | Q(officer__name__contains=chosen.q)
        rows = rows.filter(officer | Q(unit__code=chosen.q) | Q(unit__name__contains=chosen.q))
    return rows.select_related("officer__unit", "unit")


def table(account: Account, asked: Mapping[str, str]) -> Table:
    """Every row of the filter, never one page of it."""
    cycle = Cycle.objects.filter(code=asked.get("cycle", "")).first()
    if cycle is None:
        raise Unfit(_("没有这个考核周期"))
    found = matching(cycle, account, read_filter(asked))
    indicators = list(dict.fromkeys(SchemeWeight.objects.values_list("indicator", flat=True)))
    head = [_("警号或代码"), _("姓名或单位"), _("所在单位"), _("状态"), _("等次"), _("得分"), _("录入日"), *indicators]
    count = found.order_by()[: LONGEST + 1].count()
    return Table(name=f"results-{cycle.code}", head=head, lines=exported(found.order_by("pk"), indicators), count=count)


def exported(found: QuerySet[Result], indicators: Sequence[str]) -> Iterator[list[str]]:
    for row in found.iterator(chunk_size=2_000):
        code, unit = (
            (row.officer.badge, row.officer.unit.name) if row.officer else (row.unit.code if row.unit else "", "")
        )
        yield [
            code,
            row.subject.name if row.subject else "",
            unit,
            str(row.get_status_display()),
            row.grade,
            figure(row.score),
            row.recorded_on.isoformat(),
            *(figure(row.indicators.get(name)) for name in indicators),
        ]


def figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def offer() -> None:
    """Called from the app's `ready`."""
    list_exports.offer(
        ListExport(
            name=LIST,
            title=gettext_lazy("考核结果"),
            fields=("cycle", "as_of", "status", "grade", "unit"),
            texts=("q",),
            may=lambda account: account.holds(*RECORD_READERS),
            table=table,
        )
    )
