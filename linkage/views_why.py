"""Why a rule decided something on somebody, or why not: for HR by cycle and badge, for whoever may see a case by it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from appraisal.models import Cycle
from linkage import access, explaining, register
from linkage.models import Decision, Run
from linkage.rules import Rule
from people.http import AuthenticatedRequest
from workflows.access import get_case

NOWHERE = _("没有这一页，或你没有查看的权限。")


@require_GET
def why(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """One rule, or all that fall on him, with every condition answered; also where nothing was decided."""
    cycle = access.readable_cycle(request.user, code)
    run = access.run_asked_for(cycle, request.GET.get("run", ""))
    context: dict[str, Any] = {"cycle": cycle, "run": run, "rules": awake(cycle, run), "chosen": request.GET}
    if badge := request.GET.get("badge", "").strip():
        subject = access.subject_seen(request.user, badge)
        explained = explaining.explain(cycle, subject, run=run, only=_asked(request, context["rules"]))
        context |= {"subject": subject, "explained": explained}
    return render(request, "linkage/why.html", context)


def _asked(request: AuthenticatedRequest, known: list[Rule]) -> set[str] | None:
    rule = request.GET.get("rule", "")
    if rule and rule not in {one.id for one in known}:
        raise Http404(NOWHERE)
    return {rule} if rule else None


def awake(cycle: Cycle, run: Run | None) -> list[Rule]:
    """The rules of the policy that made the run, or that would decide today."""
    tree = register.parsed(run.policy) if run else register.tree_in_force(cycle.ends_on)
    return register.awake(tree, cycle)


@require_GET
def why_of_case(request: AuthenticatedRequest, pk: UUID) -> HttpResponse:
    """What a case rests on: each decision it carries, as its own run saw it. For all who may see the case."""
    case = get_case(request.user, pk)
    carried = Decision.objects.filter(case=case).select_related("run__policy", "run__cycle", "cycle", "officer", "unit")
    latest = {
        (decision.cycle_id, decision.rule): decision for decision in carried.order_by("run__as_of", "run__number")
    }
    explained = [
        explaining.explain(decision.cycle, decision.subject, run=decision.run, only={decision.rule})
        for decision in latest.values()
    ]
    letters = access.letters(request.user).filter(case=case)
    return render(request, "linkage/why_case.html", {"case": case, "explained": explained, "letters": letters})
