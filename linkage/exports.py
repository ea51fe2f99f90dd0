"""The decisions of a filter as a file: exactly what the list shows, every page of it."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from linkage.models import Decision, Settled
from linkage.standing import Standing
from people.models import Officer
from workflows import exports
from workflows.list_exports import CHUNK, LONGEST, Table


def decisions(found: QuerySet[Decision], cycle: Cycle, form: str) -> HttpResponse:
    """A spreadsheet, or CSV when `form` says so. A cell that looks like a formula is written as text."""
    listed = table(found, cycle)
    return exports.answer("csv" if form == "csv" else "xlsx", listed.name, listed.head, listed.told())


def table(found: QuerySet[Decision], cycle: Cycle) -> Table:
    head = [_("规则"), _("警号或代码"), _("姓名或单位"), _("所在单位"), _("状态"), _("后果"), _("重点"), _("理由")]
    count = found.order_by()[: LONGEST + 1].count()
    return Table(name=f"decisions-{cycle.code}", head=head, lines=_lines(found.order_by("rule", "pk")), count=count)


def _lines(found: QuerySet[Decision]) -> Iterator[list[str]]:
    for decision in found.iterator(chunk_size=CHUNK):
        officer, unit = decision.officer, decision.unit
        yield [
            decision.rule,
            officer.badge if officer else unit.code if unit else "",
            decision.subject.name,
            officer.unit.name if officer else "",
            decision.get_status_display(),
            decision.outcome,
            decision.focus,
            decision.words_zh,
        ]


def standings(officer: Officer, found: Iterable[Standing], form: str) -> HttpResponse:
    """A person's decisions with their reasons, evidence, cases and what became of them."""
    head = [_("周期"), _("以何日所知"), _("规则"), _("后果"), _("状态"), _("理由"), _("依据"), _("事项"), _("后来")]
    return exports.answer("csv" if form == "csv" else "xlsx", f"decisions-{officer.badge}", head, _of_person(found))


def _of_person(found: Iterable[Standing]) -> Iterator[list[str]]:
    for one in found:
        decision = one.decision
        changes = [
            f"{change.get_what_display()}：{change.note}" for change in one.changes if change.settled != Settled.LEFT
        ]
        yield [
            decision.cycle.code,
            decision.run.as_of.isoformat(),
            decision.rule,
            decision.outcome,
            decision.get_status_display(),
            decision.words_zh,
            "；".join(f"{row['content']['zh']}（{row['recorded_on']}）" for row in decision.evidence),
            str(decision.case_id or ""),
            "；".join([*([one.later.get_status_display()] if one.later else []), *changes]),
        ]
