"""The long jobs around a policy that is not in force yet."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.models import Cycle
from linkage import access, previews
from linkage import backtest as backtests
from linkage.models import Policy
from linkage.refusals import LinkageRefused
from people.models import Account
from people.refusals import Unfit
from workflows import jobs
from workflows.models import Job

PREVIEW, BACKTEST = "preview_policy", "backtest_policy"
Args = Mapping[str, Any]


def may_make(account: Account, args: Args) -> bool:
    """A report speaks of everybody: it is made by HR at the root of the bureau."""
    return access.may_decide(account)


def preview(order: jobs.Order) -> dict[str, Any]:
    policy = Policy.objects.get(pk=order.args["policy"])
    cycle, day = Cycle.objects.get(code=order.args["cycle"]), date.fromisoformat(order.args["as_of"])
    try:
        report = previews.make(policy, cycle, as_of=day, actor=order.actor, job=order.job, tell=order.tell)
    except LinkageRefused as refused:
        raise Unfit(str(refused)) from refused
    return {"report": report.pk}


def backtest(order: jobs.Order) -> dict[str, Any]:
    policy = Policy.objects.get(pk=order.args["policy"])
    try:
        report = backtests.make(policy, actor=order.actor, job=order.job, tell=order.tell)
    except LinkageRefused as refused:
        raise Unfit(str(refused)) from refused
    return {"report": report.pk, "cycles": len(report.content["cycles"])}


def page_of(job: Job) -> str:
    return reverse("linkage:report", args=[job.result["report"]]) if "report" in job.result else ""


def register() -> None:
    """Called from the app's `ready`."""
    jobs.register(
        jobs.JobKind(
            name=PREVIEW,
            title=lambda args: _("预览 %(code)s %(version)s：%(cycle)s，以 %(as_of)s 所知为准") % args,
            may=may_make,
            run=preview,
            link=page_of,
            said=lambda job: _("报告已生成。没有作出任何认定，也没有开立任何事项。"),
            stopped=gettext_lazy("没有生成报告。继续时从头推算。"),
        )
    )
    jobs.register(
        jobs.JobKind(
            name=BACKTEST,
            title=lambda args: _("回测 %(code)s %(version)s：全部周期") % args,
            may=may_make,
            run=backtest,
            link=page_of,
            said=lambda job: _("已回测 %(count)s 个周期。没有作出任何认定。") % {"count": job.result.get("cycles", 0)},
        )
    )
