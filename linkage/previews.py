"""A version of a policy beside the one in force, on one cycle: who enters, leaves and stays, and what it would take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from linkage import evaluation, fairness, fingerprints, foresight, frames, register, rules, sensitivity, wording
from linkage.models import Policy, PolicyReport, ReportKind, ReportRow, outcome_title
from linkage.refusals import NoPolicy, PolicyNotSound
from people.models import Account
from workflows.models import Job
from workflows.progress import Tell, silent

STAGES = 5
SUBJECT = ("rule", "who", "subject")
SAID = ("then_status", "then_outcome", "now_status", "now_outcome")


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What two versions say of one cycle as known on one day. Of the second there may be none."""

    draft: rules.RunResult
    live: rules.RunResult | None

    @property
    def trees(self) -> list[rules.Policy]:
        return [side.plan.policy for side in (self.draft, self.live) if side]

    @property
    def worlds(self) -> list[rules.World]:
        return [side.world for side in (self.draft, self.live) if side]


def version_in_force(policy: Policy, cycle: Cycle) -> Policy | None:
    """The version of the same policy that would decide the cycle."""
    try:
        return register.in_force(cycle.ends_on, policy.code)
    except NoPolicy:
        return None


def sides(policy: Policy, live: Policy | None, cycle: Cycle, as_of: date, *, tell: Tell = silent) -> Sides:
    """Both versions put to the cycle. Raises `PolicyNotSound` where this bureau's data do not know what one names."""
    tell(0, STAGES, _("正在按这一版本认定"))
    draft = put(policy, cycle, as_of)
    tell(1, STAGES, _("正在按施行中的版本认定"))
    return Sides(draft=draft, live=put(live, cycle, as_of) if live else None)


def put(policy: Policy, cycle: Cycle, as_of: date) -> rules.RunResult:
    tree = read(policy)
    try:
        return evaluation.result_of(cycle, tree, as_of=as_of)
    except rules.PolicyError as refused:
        raise PolicyNotSound(f"{policy}: {wording.refused(refused)}") from None


def read(policy: Policy) -> rules.Policy:
    """The tree of a version, a draft's too, which need not be readable yet."""
    try:
        return register.parsed(policy)
    except rules.PolicyError as refused:
        raise PolicyNotSound(f"{policy}: {wording.refused(refused)}") from None


def make(
    policy: Policy, cycle: Cycle, *, as_of: date, actor: Account, job: Job | None = None, tell: Tell = silent
) -> PolicyReport:
    """Look ahead and keep what was seen. A job that is taken up again finds the report it made."""
    if job and (made := PolicyReport.objects.filter(job=job, done_at__isnull=False).first()):
        return made
    live = version_in_force(policy, cycle)
    both = sides(policy, live, cycle, as_of, tell=tell)
    tell(2, STAGES, _("正在比较名单"))
    rows = moves(both.live.decisions if both.live else None, both.draft.decisions)
    tell(3, STAGES, _("正在推算名额、经费和工作量"))
    content = content_of(both, timezone.localdate())
    inputs = inputs_of(policy, live, both.worlds)
    tell(4, STAGES, _("正在保存报告"))
    with transaction.atomic():
        report = PolicyReport.objects.create(
            kind=ReportKind.PREVIEW,
            policy=policy,
            live=live,
            cycle=cycle,
            as_of=as_of,
            made_by=actor,
            made_at=timezone.now(),
            done_at=timezone.now(),
            job=job,
            inputs=inputs,
            content=content,
        )
        keep_rows(report, cycle, rows)
    return report


def inputs_of(policy: Policy, live: Policy | None, worlds: Sequence[rules.World]) -> fingerprints.Prints:
    texts = {"policy": policy.text, "live": live.text if live else ""}
    prints = {name: fingerprints.of_text(text) for name, text in texts.items()}
    return prints | fingerprints.joined(map(fingerprints.of_world, worlds))


def content_of(both: Sides, day: date) -> dict[str, Any]:
    """The figures that are not counted from the names: seats, budget and work, each beside the version in force."""
    draft = foresight.opened(both.draft)
    live = foresight.opened(both.live) if both.live else draft.clear()
    expected = foresight.foreseen(pl.concat([draft, live]))
    near, unmeasured = sensitivity.of_run(both.draft)
    return {
        "rules": rule_list(both.trees),
        "read": sum(frame.height for world in both.worlds for frame in world.results.values()),
        "seats": foresight.seats_of(both.draft, both.live),
        "budget": foresight.budget_of(draft, live, expected),
        "doses": foresight.doses_of(both.draft, both.live),
        "work": foresight.work_of(foresight.caused(draft, expected, day), foresight.caused(live, expected, day), day),
        "fairness": fairness.of_run(both.draft),
        "sensitivity": near,
        "unmeasured": unmeasured,
    }


def rule_list(trees: list[rules.Policy]) -> list[dict[str, Any]]:
    """The rules of all the trees, those of the first first, with what a page shows of them."""
    found = {rule.id: rule for tree in reversed(trees) for rule in tree.rules.values()}
    order = dict.fromkeys(rule.id for tree in trees for rule in tree.rules.values())
    return [
        {
            "id": rule,
            "zh": found[rule].title.zh,
            "en": found[rule].title.en,
            "kind": found[rule].outcomes[0].partition(":")[0],
            "outcome": outcome_title(found[rule].outcomes[0]),
            "cycle": found[rule].cycle,
            "new": len(trees) > 1 and rule not in trees[1].rules,
            "gone": rule not in trees[0].rules,
        }
        for rule in order
    ]


def moves(then: pl.DataFrame | None, now: pl.DataFrame) -> pl.DataFrame:
    """Each rule and subject of either side, with what both say of it and what becomes of it."""
    before = _side(now.clear() if then is None else then, "then")
    both = before.join(_side(now, "now"), on=SUBJECT, how="full", coalesce=True)
    was, is_ = pl.col("then_status").eq_missing("open"), pl.col("now_status").eq_missing("open")
    steps = pl.when(was & is_).then(pl.lit("stays")).when(is_).then(pl.lit("enters"))
    move = steps.when(was).then(pl.lit("leaves")).otherwise(pl.lit("other"))
    both = both.with_columns(move=move, focus=pl.coalesce("focus_right", "focus").fill_null(""))
    return both.with_columns(pl.col(SAID).fill_null("")).select(*SUBJECT, "move", *SAID, "focus").sort(SUBJECT)


def _side(decisions: pl.DataFrame, name: str) -> pl.DataFrame:
    return decisions.select(
        *SUBJECT, "focus", pl.col("status").alias(f"{name}_status"), pl.col("outcome").alias(f"{name}_outcome")
    )


def keep_rows(report: PolicyReport, cycle: Cycle, rows: pl.DataFrame) -> None:
    """The names behind the figures."""
    frames.copy_in(
        ReportRow._meta.db_table,
        rows.select(
            "rule",
            "move",
            *SAID,
            "focus",
            report_id=pl.lit(report.pk),
            cycle_id=pl.lit(cycle.pk),
            officer_id=pl.when(who="officer").then("subject"),
            unit_id=pl.when(who="unit").then("subject"),
        ),
    )


def changed(report: PolicyReport) -> list[str]:
    """Which inputs of a preview are not what they were when it was made."""
    if report.cycle is None:
        return []
    live = version_in_force(report.policy, report.cycle)
    versions = [report.policy, *([live] if live else [])]
    trees = map(register.parsed, versions)
    try:
        worlds = [evaluation.world_of(report.cycle, tree, as_of=report.as_of) for tree in trees]
    except rules.PolicyError:  # the text has changed since, or what it names is no longer there
        return ["policy"]
    return fingerprints.apart(report.inputs, inputs_of(report.policy, live, worlds))
