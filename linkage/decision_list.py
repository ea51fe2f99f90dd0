"""The register of decisions over all cycles, as its page, its export and the API filter it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.models import Cycle
from linkage import access
from linkage.models import Decision, DecisionStatus, outcome_title
from linkage.models.decisions import RESTRICTION
from people.models import Account, Unit
from workflows import kinds, list_exports
from workflows.list_exports import CHUNK, LONGEST, ListExport, Table

LIST = "decision_register"
FIELDS = ("cycle", "rule", "status", "kind", "unit", "since", "until", "runs")
COUNTED = 10_000  # beyond it the page says "more than"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What of the register is listed. Kept in the address, and used by the export and the API alike."""

    cycle: str = ""
    rule: str = ""
    status: str = ""
    kind: str = ""
    unit: str = ""  # with all below it
    since: str = ""  # decided as known on a day from this one on
    until: str = ""
    runs: str = "live"  # all: also what later runs have replaced
    q: str = ""

    @property
    def narrowed(self) -> bool:
        return self != Filter()


def read_filter(asked: Mapping[str, str]) -> Filter:
    """A value that means nothing filters nothing."""
    said = {name: asked.get(name, "").strip().replace("\x00", "")[:50] for name in (*FIELDS, "q")}
    return Filter(
        cycle=said["cycle"],
        rule=said["rule"],
        status=said["status"] if said["status"] in DecisionStatus.values else "",
        kind=said["kind"] if said["kind"] in dict(outcome_kinds()) else "",
        unit=said["unit"],
        since=_day(said["since"]),
        until=_day(said["until"]),
        runs="all" if said["runs"] == "all" else "live",
        q=said["q"],
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        return ""


def matching(rows: QuerySet[Decision], chosen: Filter) -> QuerySet[Decision]:
    plain = {"cycle__code": chosen.cycle, "rule": chosen.rule, "status": chosen.status}
    rows = rows.filter(**{column: value for column, value in plain.items() if value})
    days = {"run__as_of__gte": chosen.since, "run__as_of__lte": chosen.until}
    rows = rows.filter(**{column: value for column, value in days.items() if value})
    if chosen.kind:
        rows = rows.filter(outcome__startswith=f"{chosen.kind}:")
    if chosen.unit:
        rows = rows.filter(in_unit(chosen.unit))
    if chosen.runs == "live":
        rows = rows.filter(live=True)
    return rows.filter(_named(chosen.q)) if chosen.q else rows


def in_unit(code: str) -> Q:
    """On a unit or its officers, or on anything below it."""
    path = Unit.objects.filter(code=code).values_list("path", flat=True).first() or "-"
    return Q(officer__unit__path__startswith=path) | Q(unit__path__startswith=path)


def _named(text: str) -> Q:
    officer = Q(officer__badge=text) | Q(officer__name__startswith=text)
    return officer | Q(unit__code=text) | Q(unit__name__startswith=text)


def rows_of(account: Account, chosen: Filter) -> QuerySet[Decision]:
    """What the account may see of the filter."""
    found = matching(access.visible(account), chosen)
    return found.select_related("officer__unit", "unit", "cycle", "run", "case")


def counts(account: Account, chosen: Filter) -> dict[str, int]:
    """How many there are in each status, whatever status is chosen."""
    others = Filter(**{**vars(chosen), "status": ""})
    found = matching(access.visible(account), others).order_by()
    by_status = dict(found.values_list("status").annotate(count=Count("pk")).values_list("status", "count"))
    return {status: by_status.get(status, 0) for status in DecisionStatus.values}


def choices(account: Account) -> dict[str, Any]:
    """What the filter offers. Rules are those that decided something the account may see."""
    seen = access.visible(account).order_by()
    return {
        "cycles": Cycle.objects.filter(runs__isnull=False).distinct().order_by("-ends_on", "code"),
        "rules": sorted(seen.values_list("rule", flat=True).distinct()),
        "kinds": outcome_kinds(),
        "statuses": DecisionStatus.choices,
        "units": _units(account),
    }


def outcome_kinds() -> list[tuple[str, str]]:
    """Of what a decision may be: a kind that opens cases for it, or a restriction, which opens none."""
    opening = [(kind.name, str(kind.title)) for kind in kinds.registered() if kind.from_decision]
    return [*opening, (RESTRICTION, _("限制"))]


def _units(account: Account) -> QuerySet[Unit]:
    """The account's own units and those right below them; a longer list nobody reads."""
    own = access.units(account).filter(path__in=account.paths(*access.READERS))
    return Unit.objects.filter(Q(pk__in=own) | Q(parent__in=own)).order_by("path")


def table(account: Account, asked: Mapping[str, str]) -> Table:
    """Every row of the filter, never one page of it."""
    rows = rows_of(account, read_filter(asked))
    head = [
        *(_("考核周期"), _("以何日所知为准"), _("规则"), _("警号或代码"), _("姓名或单位"), _("所在单位")),
        *(_("状态"), _("后果"), _("重点"), _("剂量"), _("理由")),
    ]
    count = rows.order_by()[: LONGEST + 1].count()
    return Table(name=_("认定登记"), head=head, lines=_lines(rows), count=count)


def _lines(rows: QuerySet[Decision]) -> Iterator[list[str]]:
    for decision in rows.order_by("-pk").iterator(chunk_size=CHUNK):
        officer, unit = decision.officer, decision.unit
        yield [
            decision.cycle.code,
            decision.run.as_of.isoformat(),
            decision.rule,
            officer.badge if officer else unit.code if unit else "",
            decision.subject.name,
            officer.unit.name if officer else "",
            str(decision.get_status_display()),
            outcome_title(decision.outcome),
            decision.focus,
            decision.dose,
            decision.words_zh,
        ]


def offer() -> None:
    """Called from the app's `ready`."""
    list_exports.offer(
        ListExport(
            name=LIST,
            title=gettext_lazy("认定登记"),
            fields=FIELDS,
            texts=("q",),
            may=access.may_read,
            table=table,
        )
    )
