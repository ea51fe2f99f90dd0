"""A plan: the officer's own page, and the same plan as his manager and the others who may see the case read it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.access import NotFound, log_looks
from people.http import AuthenticatedRequest
from training import access, actions, guards, queries
from training.actions import Note
from training.models import TrainingCase
from training.page_forms import CheckInForm
from workflows import clock as clocks
from workflows import standing
from workflows.refusals import Unmet, by_line_manager
from workflows.words import day_words

OFFERED = ("propose", "agree", "decline", "start", "pause", "resume", "reopen", "relapse")


@require_safe
def my_plan(request: AuthenticatedRequest) -> HttpResponse:
    """Mine: what comes next, how long there is, how far I am."""
    if request.user.officer is None:
        raise NotFound
    clock = clocks.now()
    plan = queries.my_plan(request.user.officer, clock)
    context: dict[str, Any] = {"plan": plan, "clock": clock}
    if plan:
        context |= _offers(plan.case, request)
        due = plan.next.due
        context["due_words"] = day_words(due, today=clock.day) if due else ""
        context["left"] = clock.calendar.working_days(clock.day, due) if due else 0
    return render(request, "training/my_plan.html", context)


def _offers(case: TrainingCase, request: AuthenticatedRequest, form: CheckInForm | None = None) -> dict[str, Any]:
    """The steps this reader may take here, and the form of a note if he may write one."""
    steps = [step for step in standing.steps(case, request.user) if step.permitted and step.name in OFFERED]
    notes = case.state in queries.NOTING and actions.may_note(case, request.user)
    return {"steps": steps, "form": form or (CheckInForm(case=case) if notes else None)}


@require_safe
def plan_page(request: AuthenticatedRequest, case_id: UUID) -> HttpResponse:
    case = access.get_plan(request.user, case_id)
    return _plan_page(request, case)


def _plan_page(
    request: AuthenticatedRequest, case: TrainingCase, form: CheckInForm | None = None, *, status: int = 200
) -> HttpResponse:
    if case.officer:
        log_looks(request.user, [case.officer], page="training:plan")
    clock = clocks.now()
    context = {
        "plan": queries.plan(case, clock),
        "clock": clock,
        "manages": by_line_manager(case, request.user),
        **_offers(case, request, form),
    }
    return render(request, "training/plan.html", context, status=status)


@require_http_methods(["POST"])
def add_check_in(request: AuthenticatedRequest, case_id: UUID) -> HttpResponse:
    case = access.get_plan(request.user, case_id)
    if not actions.may_note(case, request.user):
        raise NotFound
    form = CheckInForm(request.POST, case=case)
    if form.is_valid():
        try:
            actions.check_in(case, Note(**form.cleaned_data), actor=request.user)
        except Unmet as unmet:
            form.add_error(None, str(unmet))
        else:
            messages.success(request, _("已提交记录。"))
            return (
                redirect("training:my_plan")
                if guards.by_concerned(case, request.user) and case.officer_id
                else redirect("training:plan", case.pk)
            )
    return _plan_page(request, case, form, status=422)
