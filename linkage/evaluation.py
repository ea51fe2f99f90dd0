"""Putting the policy in force to a cycle, as known on a day, and keeping what it decided."""

import hashlib
from collections.abc import Iterator
from datetime import date

import polars as pl
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from appraisal.models import Cycle, CycleState
from linkage import frames, local_values, register, rules, wording
from linkage.models import Decision, Policy, Run
from linkage.refusals import CycleNotFinal, PolicyNotSound
from people.models import Account
from workflows.progress import Tell, silent

Table = pl.DataFrame
COLUMNS = ("rule", "subject", "status", "outcome", "focus")  # of the table people read: subject is a badge or code
SETTLED = (CycleState.FINAL, CycleState.LINKED)


def latest_run(cycle: Cycle) -> Run | None:
    return cycle.runs.select_related("policy", "cycle").order_by("-as_of", "-number").first()


def run_of(cycle: Cycle, *, as_of: date) -> Run | None:
    """The last run made of that day."""
    return cycle.runs.select_related("policy", "cycle").filter(as_of=as_of).order_by("-number").first()


def preview(cycle: Cycle, *, as_of: date, policy: Policy | None = None) -> Table:
    """What would be decided, on any cycle whatever its state. Saves nothing, a shipped policy included."""
    tree = register.parsed(policy) if policy else register.tree_in_force(cycle.ends_on)
    return _named(_answered(cycle, tree, as_of))


def preview_of(cycle: Cycle, tree: rules.Policy, *, as_of: date) -> Table:
    """The same of a tree that need not be in the database."""
    return _named(result_of(cycle, tree, as_of=as_of))


def result_of(cycle: Cycle, tree: rules.Policy, *, as_of: date) -> rules.RunResult:
    """All that a tree says of a cycle as known on a day, with what it was read from. Saves nothing."""
    return _decided(cycle, tree, as_of)


@transaction.atomic
def evaluate(
    cycle: Cycle,
    *,
    as_of: date,
    actor: Account,
    evidence: bool = True,
    tell: Tell = silent,
    policy: Policy | None = None,
) -> Run:
    """Decide, and keep the run. A day decided before is kept again only when it now says something else.

    By the policy in force at the cycle's end, or by the one given: a decision is bound to the version that made it.
    Raises `CycleNotFinal`, `NoPolicy` and `PolicyNotSound`. `evidence` leaves out words and evidence rows where only
    speed is measured.
    """
    tell(0, 3, _("正在读取结果、事实与政策"))
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.state not in SETTLED:
        words = _("考核周期 %(code)s 为“%(state)s”，尚未定案，只能预览。")
        raise CycleNotFinal(words % {"code": cycle.code, "state": CycleState(cycle.state).label})
    policy = policy or register.in_force_or_shipped(cycle.ends_on, actor=actor)
    found = _answered(cycle, register.parsed(policy), as_of)
    tell(1, 3, _("已作出 %(count)d 条认定，正在与上次比较") % {"count": found.decisions.height})
    digest = _digest(policy, found.decisions)
    before = run_of(cycle, as_of=as_of)
    if before and before.digest == digest:
        return before
    run = Run.objects.create(
        cycle=cycle,
        policy=policy,
        as_of=as_of,
        number=before.number + 1 if before else 1,
        digest=digest,
        made_at=timezone.now(),
        made_by=actor,
    )
    tell(2, 3, _("正在写入认定、理由与依据"))
    _keep(run, found, evidence=evidence)
    return run


def world_of(cycle: Cycle, tree: rules.Policy, *, as_of: date) -> rules.World:
    """What the tree would read of the cycle, and nothing decided."""
    ground = frames.ground()
    return frames.world(rules.make_plan(tree, ground, cycle.code, as_of).needs, ground, as_of)


def _decided(cycle: Cycle, tree: rules.Policy, as_of: date) -> rules.RunResult:
    ground = frames.ground()
    local = local_values.values_on(tree, cycle.ends_on)
    plan = rules.make_plan(tree, ground, cycle.code, as_of, local)
    return rules.run(plan, frames.world(plan.needs, ground, as_of))


def _answered(cycle: Cycle, tree: rules.Policy, as_of: date) -> rules.RunResult:
    """The same, of a version in force: what it asks in vain of these data is the policy's fault, and said in words."""
    try:
        return _decided(cycle, tree, as_of)
    except rules.PolicyError as error:
        raise PolicyNotSound(f"{tree.id} {tree.version}: {wording.refused(error)}") from None


def _digest(policy: Policy, decisions: Table) -> str:
    return hashlib.sha256(f"{policy.pk}\n{decisions.write_csv()}".encode()).hexdigest()


def _keep(run: Run, found: rules.RunResult, *, evidence: bool) -> None:
    """Write the run's decisions. Those of the cycle's latest run are live and carry on the cases of the run before."""
    live = latest_run(run.cycle) == run
    decided = _with_words(found, evidence=evidence)
    before = frames.table(LIVE, [run.cycle_id], HELD) if live else pl.DataFrame(schema=HELD)
    if before.height:
        _demote(before, decided)
    decided = decided.join(before.select(*KEY, "case_id", "attempt"), on=KEY, how="left", maintain_order="left")
    taken_back = frames.table(TAKEN_BACK, [run.cycle_id], TRIES) if live else pl.DataFrame(schema=TRIES)
    decided = decided.join(taken_back, on=KEY, how="left", maintain_order="left")
    frames.copy_in(
        Decision._meta.db_table,
        decided.select(
            "rule",
            "status",
            "outcome",
            "focus",
            "dose",
            "words_zh",
            "words_en",
            "evidence",
            "case_id",
            run_id=pl.lit(run.pk),
            cycle_id=pl.lit(run.cycle_id),
            officer_id=pl.when(who="officer").then("subject"),
            unit_id=pl.when(who="unit").then("subject"),
            live=pl.lit(live),
            attempt=pl.max_horizontal("attempt", "next_attempt").fill_null(1),
        ),
    )


def _with_words(found: rules.RunResult, *, evidence: bool) -> Table:
    if not evidence:
        empty = {"words_zh": pl.lit(""), "words_en": pl.lit(""), "evidence": pl.lit("[]")}
        return found.decisions.with_columns(**empty)
    return wording.with_words(found)


KEY = ("rule", "who", "subject")
HELD = {
    "id": pl.Int64(),
    "rule": pl.String(),
    "who": pl.String(),
    "subject": pl.Int64(),
    "case_id": pl.String(),
    "attempt": pl.Int64(),
    "goes_on": pl.Boolean(),
}
# What was withdrawn carries no case on: decided again, it opens one of its own.
LIVE = """
SELECT d.id, d.rule, CASE WHEN d.officer_id IS NULL THEN 'unit' ELSE 'officer' END, COALESCE(d.officer_id, d.unit_id),
       CASE WHEN d.status <> 'withdrawn' THEN d.case_id END, d.attempt + (d.status = 'withdrawn')::int,
       w.id IS NOT NULL AND w.closed_at IS NULL
FROM linkage_decision d LEFT JOIN workflows_case w ON w.id = d.case_id
WHERE d.live AND d.cycle_id = %s
"""
TRIES = {"rule": pl.String(), "who": pl.String(), "subject": pl.Int64(), "next_attempt": pl.Int64()}
# Also what was withdrawn long ago, and not decided by the runs since: its case has ended, and is not meant again.
TAKEN_BACK = """
SELECT d.rule, CASE WHEN d.officer_id IS NULL THEN 'unit' ELSE 'officer' END, COALESCE(d.officer_id, d.unit_id),
       max(d.attempt) + 1
FROM linkage_decisionrecord r JOIN linkage_decision d ON d.id = r.decision_id
WHERE r.status = 'withdrawn' AND d.cycle_id = %s
GROUP BY 1, 2, 3
"""


def _demote(before: Table, decided: Table) -> None:
    """What the new run says takes the place of what was said before; a case that goes on keeps its decision live."""
    again = before.join(decided, on=KEY, how="semi")["id"]
    ended = before.filter(~pl.col("goes_on"))["id"]
    Decision.objects.filter(pk__in={*again, *ended}).update(live=False)


def table_of(run: Run) -> Table:
    """A kept run as the table people read."""
    found = run.decisions.values_list("rule", _code(), "status", "outcome", "focus")
    return pl.DataFrame(list(found), schema=dict.fromkeys(COLUMNS, pl.String), orient="row").sort(COLUMNS)


def _code() -> Coalesce:
    return Coalesce("officer__badge", "unit__code")


def _named(found: rules.RunResult) -> Table:
    """The run's decisions with badges and unit codes in the place of keys."""
    codes = pl.concat(
        [
            found.world.officers.select("subject", code="badge", who=pl.lit("officer")),
            found.world.units.select("subject", code="code", who=pl.lit("unit")),
        ]
    )
    named = found.decisions.join(codes, on=["subject", "who"], how="left")
    return named.select("rule", "code", "status", "outcome", "focus").rename({"code": "subject"}).sort(COLUMNS)


def counted(table: Table) -> Iterator[str]:
    """A line per rule and status, and the sum."""
    for rule, status, count in table.group_by("rule", "status").len().sort("rule", "status").iter_rows():
        yield f"{rule:<8}{status:<12}{count:>8}"
    yield f"{'':<20}{table.height:>8}"
