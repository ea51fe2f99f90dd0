"""The long jobs of the linkage: decide a cycle, open what was decided, write the decisions into a file."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal.models import Cycle
from linkage import access, evaluation, exports, late, late_steps, opening, pages
from linkage.models import Run
from linkage.refusals import LinkageRefused
from people.models import Account
from people.refusals import Unfit
from people.roles import Role
from workflows import jobs, list_exports
from workflows.models import Job

EVALUATE, OPEN, EXPORT = "evaluate", "open_cases", "export_decisions"
REEVALUATE, SETTLE = "reevaluate", "settle_late"
Args = Mapping[str, Any]


def may_decide(account: Account, args: Args) -> bool:
    """HR at the root of the bureau, and the machine that loads and opens by the command line."""
    return access.may_decide(account) or account.holds(Role.SYSTEM)


def may_read(account: Account, args: Args) -> bool:
    return access.may_read(account)


def evaluate(order: jobs.Order) -> dict[str, Any]:
    cycle, day = _cycle(order.args), date.fromisoformat(order.args["as_of"])
    try:
        run = evaluation.evaluate(cycle, as_of=day, actor=order.actor, tell=order.tell)
    except LinkageRefused as refused:
        raise Unfit(str(refused)) from refused
    return {"run": run.pk, "decisions": run.decisions.count()}


def open_cases(order: jobs.Order) -> dict[str, Any]:
    run = Run.objects.select_related("policy", "cycle").get(pk=order.args["run"])
    if run != evaluation.latest_run(run.cycle):
        raise Unfit(_("之后已有更晚的运行，本次不开立任何事项。"))
    try:
        opening.open_run(run, actor=order.actor, only=order.args.get("only"), tell=order.tell)
    except LinkageRefused as refused:
        raise Unfit(str(refused)) from refused
    return counts(run, order.job)


def counts(run: Run, job: Job) -> dict[str, int]:
    """What the job has opened, before it was stopped and after it was taken up again."""
    carried = run.decisions.filter(case__opened_at__gte=job.started_at)
    opened = carried.order_by().values("case").distinct().count()
    return {"opened": opened, "joined": carried.count() - opened}


def export(order: jobs.Order) -> dict[str, Any]:
    cycle = _cycle(order.args)
    found = pages.asked_for(order.actor, cycle, order.args["asked"])
    return list_exports.write(order, exports.table(found, cycle))


def _cycle(args: Args) -> Cycle:
    return Cycle.objects.get(code=args["cycle"])


def page_of_run(job: Job) -> str:
    return reverse("linkage:run", args=[job.args["cycle"]])


def said_of_opening(job: Job) -> str:
    count, joined = job.result.get("opened", 0), job.result.get("joined", 0)
    words = ngettext("已开立 %(count)d 件。", "已开立 %(count)d 件。", count) % {"count": count}
    if joined:
        words += _("另有 %(joined)d 条认定并入已开立的培训事项。") % {"joined": joined}
    return words


def said_of_run(job: Job) -> str:
    told = {"day": job.args["as_of"], "count": job.result.get("decisions", 0)}
    return _("已按 %(day)s 所知认定，共 %(count)s 条，尚未开立任何事项。") % told


def reevaluate(order: jobs.Order) -> dict[str, Any]:
    cycle, day = _cycle(order.args), date.fromisoformat(order.args["as_of"])
    try:
        run = late.reevaluate(cycle, as_of=day, actor=order.actor, tell=order.tell)
    except LinkageRefused as refused:
        raise Unfit(str(refused)) from refused
    return {"run": run.pk, "proposals": len(late.proposals(cycle))}


def settle(order: jobs.Order) -> dict[str, Any]:
    """Each for itself: stopped and taken up again, what was done is no longer proposed."""
    run = Run.objects.select_related("policy", "cycle").get(pk=order.args["run"])
    if run != evaluation.latest_run(run.cycle):
        raise Unfit(_("之后已有更晚的运行，请在最近一次的差别中确认。"))
    said = late_steps.Order(actor=order.actor, note=order.args["note"], grounds=order.args["grounds"])
    answer = late_steps.settle(run, order.args["keys"], said, tell=order.tell)
    refused = Counter(words for _proposal, words in answer.refused)  # nobody by name: administrators see jobs, too
    return {"settled": len(answer.settled), "refused": refused}


def page_of_late(job: Job) -> str:
    return reverse("linkage:late", args=[job.args["cycle"]])


def said_of_late(job: Job) -> str:
    told = {"day": job.args["as_of"], "count": job.result.get("proposals", 0)}
    return _("已按 %(day)s 所知重新认定，有 %(count)s 项差别待确认；没有动任何事项。") % told


def said_of_settling(job: Job) -> str:
    words = _("已办理 %(count)s 项，并已写告知书。") % {"count": job.result.get("settled", 0)}
    refused = job.result.get("refused", {})
    told = "；".join(f"{reason}（{count}）" for reason, count in refused.items())
    return words + (_("未办理：") + told if told else "")


def register() -> None:
    """Called from the app's `ready`."""
    jobs.register(
        jobs.JobKind(
            name=EVALUATE,
            title=lambda args: _("认定 %(cycle)s，以 %(as_of)s 所知为准") % args,
            may=may_decide,
            run=evaluate,
            link=page_of_run,
            said=said_of_run,
        )
    )
    jobs.register(
        jobs.JobKind(
            name=OPEN,
            title=lambda args: _("开立事项 %(cycle)s") % args,
            may=may_decide,
            run=open_cases,
            link=page_of_run,
            said=said_of_opening,
        )
    )
    jobs.register(
        jobs.JobKind(
            name=EXPORT,
            title=lambda args: _("导出认定表 %(cycle)s") % args,
            may=may_read,
            run=export,
            stopped=list_exports.STOPPED,
            said=lambda job: _("文件已生成，保留 7 天。"),
        )
    )
    _register_late()


def _register_late() -> None:
    jobs.register(
        jobs.JobKind(
            name=REEVALUATE,
            title=lambda args: _("重新认定 %(cycle)s，以 %(as_of)s 所知为准") % args,
            may=may_decide,
            run=reevaluate,
            link=page_of_late,
            said=said_of_late,
        )
    )
    jobs.register(
        jobs.JobKind(
            name=SETTLE,
            title=lambda args: _("办理后到事实引起的变更 %(cycle)s") % args,
            may=may_decide,
            run=settle,
            link=page_of_late,
            said=said_of_settling,
        )
    )
