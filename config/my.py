"""An officer's own page, put together from the linkages' parts: his results, why, what did not happen, his plan."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from appraisal.models import CycleState
from appraisal.pages import mine
from linkage import parts
from people.http import AuthenticatedRequest
from people.models import Officer
from training.queries import my_plan


@require_GET
def results(request: AuthenticatedRequest) -> HttpResponse:
    """What became of one of his cycles: the result, the decisions on it with their reasons, and his rights."""
    officer = _own(request)
    context = mine(officer, request.GET.get("cycle", ""))
    result = context["mine"].result
    decisions = parts.on(officer).filter(cycle=result.cycle) if result else []
    plan = my_plan(officer, context["clock"])
    return render(request, "my/results.html", {**context, "decisions": decisions, "plan": plan})


@require_GET
def why_not(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Every rule on a settled cycle, whether it reached him or not: its conditions, its evidence, what was missing."""
    officer = _own(request)
    settled = officer.results.filter(cycle__code=code, cycle__state__in=(CycleState.FINAL, CycleState.LINKED))
    result = settled.select_related("cycle").first()
    if result is None:
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    explained = parts.explained(officer, result.cycle)
    return render(request, "my/why_not.html", {"cycle": result.cycle, "explained": explained})


@require_GET
def decisions(request: AuthenticatedRequest) -> HttpResponse:
    return redirect("linkage:person", badge=_own(request).badge)


@require_GET
def plan(request: AuthenticatedRequest) -> HttpResponse:
    _own(request)
    return redirect("training:my_plan")


def _own(request: AuthenticatedRequest) -> Officer:
    if request.user.officer is None:
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return request.user.officer


app_name = "my"
urlpatterns = [
    path("", results, name="results"),
    path("plan/", plan, name="plan"),
    path("decisions/", decisions, name="decisions"),
    path("why-not/<str:code>/", why_not, name="why_not"),
]
