"""A version of a policy put to every past cycle twice: as it was known at the time, and as it is known now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisal.models import Cycle, CycleRecord, CycleState
from linkage import evaluation, fingerprints, previews, register, rules
from linkage.models import Policy, PolicyReport, ReportKind
from linkage.refusals import PolicyNotSound
from people.models import Account
from workflows.calendars import local_day
from workflows.models import Job
from workflows.progress import Tell, silent

# Loaded history has no day on which it was made final: then it counts from when nearly all had their first result.
# The few who got theirs later, a grade held back for one, would move the day by months.
NEARLY_ALL = 0.95
FIRST_KNOWN = """
SELECT percentile_disc(%s) WITHIN GROUP (ORDER BY first)
FROM (SELECT min(recorded_on) AS first FROM appraisal_result WHERE cycle_id = %s GROUP BY officer_id, unit_id) known
"""


@dataclass(frozen=True, kw_only=True)
class Past:
    """A past cycle and its two days. `how` says where the first comes from: run, final, recorded."""

    cycle: Cycle
    then: date
    how: str


def past_cycles(tree: rules.Policy, today: date) -> list[Past]:
    """The settled cycles that wake a rule of the policy and have results, oldest first."""
    settled = Cycle.objects.filter(state__in=evaluation.SETTLED, ends_on__lte=today).order_by("ends_on", "code")
    found = (_past(cycle, today) for cycle in settled if register.awake(tree, cycle))
    return [past for past in found if past]


def _past(cycle: Cycle, today: date) -> Past | None:
    """First what was decided on, then when a person made it final, then when its results came in."""
    run = cycle.runs.order_by("as_of", "number").first()
    if run:
        return Past(cycle=cycle, then=min(run.as_of, today), how="run")
    final = CycleRecord.objects.filter(cycle=cycle, target=CycleState.FINAL, actor__is_machine=False).order_by("pk")
    if record := final.first():
        return Past(cycle=cycle, then=local_day(record.at), how="final")
    with connection.cursor() as cursor:
        cursor.execute(FIRST_KNOWN, [NEARLY_ALL, cycle.pk])
        (day,) = cursor.fetchone()
    return Past(cycle=cycle, then=min(day, today), how="recorded") if day else None


def make(
    policy: Policy,
    *,
    actor: Account,
    as_of: date | None = None,
    job: Job | None = None,
    tell: Tell = silent,
) -> PolicyReport:
    """Test a version on all there was. Each cycle is kept by itself: taken up again, it goes on with the next."""
    today = as_of or timezone.localdate()
    report = PolicyReport.objects.filter(job=job).first() if job else None
    if report is None:
        report = _begin(policy, actor, today, job)
    if report.done_at:
        return report
    if report.inputs["policy"] != fingerprints.of_text(policy.text):
        raise PolicyNotSound(_("草案在回测期间改过，前后不是同一份条文。请重新回测。"))
    cycles = past_cycles(previews.read(policy), report.as_of)
    done = {cycle["code"] for cycle in report.content["cycles"]}
    for number, past in enumerate(cycles):
        if past.cycle.code not in done:
            tell(number, len(cycles), _("正在回测 %(cycle)s") % {"cycle": past.cycle.code})
            _test(report, past)
    tell(len(cycles), len(cycles), _("正在保存报告"))
    report.done_at = timezone.now()
    report.save()
    return report


def _begin(policy: Policy, actor: Account, today: date, job: Job | None) -> PolicyReport:
    return PolicyReport.objects.create(
        kind=ReportKind.BACKTEST,
        policy=policy,
        as_of=today,
        made_by=actor,
        made_at=timezone.now(),
        job=job,
        inputs={"policy": fingerprints.of_text(policy.text)},
        content={"rules": previews.rule_list([previews.read(policy)]), "cycles": []},
    )


@transaction.atomic
def _test(report: PolicyReport, past: Past) -> None:
    then, now = (previews.put(report.policy, past.cycle, day) for day in (past.then, report.as_of))
    previews.keep_rows(report, past.cycle, previews.moves(then.decisions, now.decisions))
    report.inputs[past.cycle.code] = _print([then.world, now.world])
    report.content["cycles"].append(_line(past))
    report.save()


def _line(past: Past) -> dict[str, Any]:
    cycle = past.cycle
    return {"code": cycle.code, "kind": cycle.kind, "then": past.then.isoformat(), "how": past.how}


def _print(worlds: list[rules.World]) -> str:
    prints = fingerprints.joined(map(fingerprints.of_world, worlds))
    return fingerprints.of_text("\n".join(prints.values()))


def changed(report: PolicyReport) -> list[str]:
    """Which cycles, or the policy itself, do not say any more what the report was read from."""
    apart = [] if report.inputs["policy"] == fingerprints.of_text(report.policy.text) else ["policy"]
    return apart or list(_cycles_apart(report))


def _cycles_apart(report: PolicyReport) -> Iterator[str]:
    tree = register.parsed(report.policy)
    for line in report.content["cycles"]:
        cycle = Cycle.objects.get(code=line["code"])
        days = (date.fromisoformat(line["then"]), report.as_of)
        worlds = [evaluation.world_of(cycle, tree, as_of=day) for day in days]
        if _print(worlds) != report.inputs[cycle.code]:
            yield cycle.code
