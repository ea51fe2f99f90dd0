"""What the pages of the linkage need, put together once per page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appraisal.models import Cycle, CycleState
from linkage import access, evaluation, local_values, queries, register, rules
from linkage.forms import DayForm
from linkage.models import Decision, DecisionStatus, Run
from linkage.rules import Policy as Tree
from people.http import AuthenticatedRequest
from people.models import Account
from workflows import jobs, paging

PER_PAGE = 50
MANY = 5_000  # rows; a longer file is written by a job
MOST_SHOWN = 200  # proposals on the run's page; the list has them all


@dataclass(frozen=True, slots=True)
class Stage:
    """One dot of the run's way, as the stepper draws it."""

    label: str
    standing: str  # done, now, next
    note: str = ""


def run_page(account: Account, cycle: Cycle, run: Run | None) -> dict[str, Any]:
    """Counts per rule and status, the difference to the run before, and what waits for somebody to confirm it."""
    before = queries.previous_run(run) if run else None
    latest = evaluation.latest_run(cycle)
    seen = access.visible(account)
    waiting = queries.waiting_to_open(run).filter(pk__in=seen) if run and run == latest else Decision.objects.none()
    proposals = queries.withdrawals(cycle).filter(pk__in=seen)
    lines = queries.lines_of(run, before) if run else []
    return {
        "cycle": cycle,
        "run": run,
        "local": local_values.applied(run) if run else [],
        "before": before,
        "runs": cycle.runs.order_by("-as_of", "-number"),
        "is_latest": run is not None and run == latest,
        "lines": lines,
        "sums": _sums(lines),
        "stages": stages(cycle, run, waiting.exists() or proposals.exists()),
        "waiting": waiting[:MOST_SHOWN],
        "waiting_count": waiting.count(),
        "proposals": proposals[:MOST_SHOWN],
        "proposal_count": proposals.count(),
        "changes": _changes(account, run, before)[:MOST_SHOWN] if run and before else [],
        "may_decide": access.may_decide(account),
        "final": cycle.state in evaluation.SETTLED,
        "day_form": DayForm(initial={"as_of": timezone.localdate()}),
        "jobs": jobs.open_jobs(account).filter(args__cycle=cycle.code),
    }


def _changes(account: Account, run: Run, before: Run) -> list[queries.Change]:
    """Where two runs part on those on whom the account reads decisions."""
    paths = account.paths(*access.READERS)
    found = queries.differences(run, before)
    return [change for change in found if change.decision.subject_path.startswith(paths)]


def _sums(lines: Sequence[queries.RuleLine]) -> dict[str, int]:
    sums = {status: sum(line.counts[status] for line in lines) for status in DecisionStatus.values}
    return {**sums, "total": sum(line.total for line in lines)}


def stages(cycle: Cycle, run: Run | None, unsettled: bool) -> list[Stage]:
    """From the results to the cases: where this cycle stands."""
    past = list(CycleState.values).index(cycle.state)
    reached = (
        (_("结果入库"), True),
        (_("核对"), past >= CycleState.values.index(CycleState.CHECKED)),
        (_("公示与异议"), past >= CycleState.values.index(CycleState.FINAL)),
        (_("认定"), run is not None),
        (_("开立事项"), run is not None and not unsettled),
    )
    here = next((place for place, (label, done) in enumerate(reached) if not done), len(reached))
    return [
        Stage(label, "done" if place < here else "now" if place == here else "next")
        for place, (label, done) in enumerate(reached)
    ]


def preview_page(cycle: Cycle, table: evaluation.Table, day: date) -> dict[str, Any]:
    """What a day would decide, beside what holds now. Nothing of it is saved."""
    latest = evaluation.latest_run(cycle)
    now = evaluation.table_of(latest) if latest else table.clear()
    keys = ["rule", "subject", "status", "outcome"]
    named = table.select(keys), now.select(keys)
    return {
        "cycle": cycle,
        "day": day,
        "latest": latest,
        "counts": table.group_by("rule", "status", maintain_order=True).len().sort("rule", "status").rows(named=True),
        "plus": named[0].join(named[1], on=keys, how="anti").head(MOST_SHOWN).rows(named=True),
        "minus": named[1].join(named[0], on=keys, how="anti").head(MOST_SHOWN).rows(named=True),
        "total": table.height,
        "may_decide": cycle.state in evaluation.SETTLED,
    }


def filtered(request: AuthenticatedRequest, cycle: Cycle) -> QuerySet[Decision]:
    """The decisions of a run that the address asks for, as far as the reader may see them."""
    return asked_for(request.user, cycle, request.GET)


def asked_for(account: Account, cycle: Cycle, asked: Mapping[str, str]) -> QuerySet[Decision]:
    run = access.run_asked_for(cycle, asked.get("run", ""))
    found = access.visible(account).filter(run=run) if run else Decision.objects.none()
    if rule := asked.get("rule", ""):
        found = found.filter(rule=rule)
    if status := asked.get("status", ""):
        found = found.filter(status=status)
    if text := asked.get("q", "").strip():
        named = Q(officer__name__startswith=text) | Q(officer__badge=text) | Q(unit__name__startswith=text)
        found = found.filter(named | Q(unit__code=text))
    return found.select_related("officer__unit", "unit", "case", "cycle", "run")


def decisions_page(request: AuthenticatedRequest, cycle: Cycle) -> dict[str, Any]:
    """The names behind a figure, a page at a time."""
    run = access.run_asked_for(cycle, request.GET.get("run", ""))
    found = filtered(request, cycle)
    cursor = paging.Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    page = paging.page(found, cursor, keys=("rule", "id"), descending=False, size=PER_PAGE)
    awake = register.awake(register.parsed(run.policy), cycle) if run else []
    return {
        "cycle": cycle,
        "run": run,
        "page": page,
        "total": (total := found.count()),
        "rule": next((rule for rule in awake if rule.id == request.GET.get("rule")), None),
        "rules": awake,
        "statuses": DecisionStatus.choices,
        "chosen": request.GET,
        "many": total > MANY and not request.GET.get("q"),
    }


def language() -> Literal["zh", "en"]:
    """Which half of a bilingual pair the reader asks for."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def sentence(tree: Tree, rule: str) -> str:
    """The whole rule in the reader's language."""
    return rules.describe(tree, tree.rules[rule])[language() == "en"]


def quota_sentence(tree: Tree, quota: rules.Quota) -> str:
    return rules.describe_quota(tree, quota)[language() == "en"]
