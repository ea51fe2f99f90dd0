"""The linkage run of a cycle: counts, reasons, the difference to the run before, deciding and opening."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from appraisal.models import Cycle
from linkage import (
    access,
    bounded,
    evaluation,
    exports,
    jobs,
    local_values,
    pages,
    queries,
    register,
    rules,
    standing,
    withdrawal,
)
from linkage.forms import DayForm, OpenForm, WithdrawForm
from linkage.models import DecisionStatus
from linkage.refusals import LinkageRefused
from people.http import AuthenticatedRequest
from workflows.jobs import start
from workflows.views.exports import too_long


@require_GET
def runs(request: AuthenticatedRequest) -> HttpResponse:
    """Every cycle with its latest run, newest first."""
    if not access.may_read(request.user):
        raise Http404
    return render(request, "linkage/runs.html", {"cycles": queries.cycles_with_runs()})


@require_GET
def run(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """One cycle's run: what each rule decided, what changed since the run before, what waits to be opened."""
    cycle = access.readable_cycle(request.user, code)
    shown = access.run_asked_for(cycle, request.GET.get("run", ""))
    context = pages.run_page(request.user, cycle, shown)
    return render(request, "linkage/run.html", context)


@require_POST
def evaluate(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Preview a day, which saves nothing, or decide it."""
    cycle = _cycle_to_decide(request, code)
    form = DayForm(request.POST)
    if not form.is_valid():
        context = pages.run_page(request.user, cycle, access.run_asked_for(cycle, ""))
        return render(request, "linkage/run.html", {**context, "day_form": form}, status=422)
    day = form.cleaned_data["as_of"]
    if "preview" not in request.POST:
        return _started(request, jobs.EVALUATE, {"cycle": code, "as_of": day.isoformat()})
    try:
        table = evaluation.preview(cycle, as_of=day)
    except LinkageRefused as refused:
        messages.error(request, str(refused))
        return redirect("linkage:run", code=code)
    return render(request, "linkage/preview.html", pages.preview_page(cycle, table, day))


@require_POST
def open_cases(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Open the ticked decisions, or all that wait, in a job that says how far it is."""
    cycle = _cycle_to_decide(request, code)
    latest = evaluation.latest_run(cycle)
    waiting = list(latest.decisions.to_open().values_list("pk", flat=True)) if latest else []
    form = OpenForm(request.POST, waiting=waiting)
    if latest is None or not form.is_valid():
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("没有等待开立的认定。"))
        return redirect("linkage:run", code=code)
    only = None if form.cleaned_data["everything"] else form.cleaned_data["decisions"]
    return _started(request, jobs.OPEN, {"cycle": code, "run": latest.pk, "only": only})


@require_GET
def decisions(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The names behind a figure, with their reasons."""
    cycle = access.readable_cycle(request.user, code)
    context = pages.decisions_page(request, cycle)
    return render(request, "linkage/decisions.html", context)


@require_http_methods(["GET", "POST"])
def export(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The decisions of the filter as a spreadsheet or CSV: at once, or (POST) by a job, where there are many."""
    cycle = access.readable_cycle(request.user, code)
    if request.method == "POST":
        asked = {name: request.POST[name] for name in ("run", "rule", "status") if request.POST.get(name)}
        form = "csv" if request.POST.get("format") == "csv" else "xlsx"
        access.run_asked_for(cycle, asked.get("run", ""))
        return _started(request, jobs.EXPORT, {"cycle": code, "asked": asked, "format": form})
    found = pages.filtered(request, cycle)
    if not request.GET.get("q") and found.order_by()[: pages.MANY + 1].count() > pages.MANY:
        return too_long(request, reverse("linkage:decisions", args=[code]))
    return exports.decisions(found, cycle, request.GET.get("format", "xlsx"))


@require_GET
def decision(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One decision: its reason, its evidence, the rule in words, and its case."""
    found = access.readable_decision(request.user, pk)
    return render(request, "linkage/decision.html", _decision_context(request, found))


@require_POST
def withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take a decision back that the latest run no longer makes."""
    found = access.readable_decision(request.user, pk)
    if not access.may_decide(request.user):
        raise Http404
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return render(request, "linkage/decision.html", {**_decision_context(request, found), "form": form}, status=422)
    try:
        withdrawal.withdraw(found, actor=request.user, note=form.cleaned_data["note"])
    except LinkageRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已撤回 %(rule)s 的认定。") % {"rule": found.rule})
    return redirect("linkage:decision", pk=pk)


def _started(request: AuthenticatedRequest, kind: str, args: dict[str, Any]) -> HttpResponse:
    job = start(kind, actor=request.user, args=args, path=access.home(request.user))
    return redirect("workflows:job", number=job.pk)


def _cycle_to_decide(request: AuthenticatedRequest, code: str) -> Cycle:
    cycle = access.readable_cycle(request.user, code)
    if not access.may_decide(request.user):
        raise Http404
    return cycle


def _decision_context(request: AuthenticatedRequest, found: Any) -> dict[str, Any]:
    place = bounded.place_of(found.subject, found.cycle.ends_on)
    local = local_values.applied(found.run, place)
    tree = rules.with_local(register.parsed(found.run.policy), {one.name: one.value for one in local})
    return {
        "decision": found,
        "local": local,
        "rule": tree.rules[found.rule],
        "sentence": pages.sentence(tree, found.rule),
        "withdrawable": access.may_decide(request.user)
        and queries.withdrawals(found.cycle).filter(pk=found.pk).exists(),
        "form": WithdrawForm(),
        "held": found.status == DecisionStatus.HELD,
        "standing": standing.of_decision(found),
    }
