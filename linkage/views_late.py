"""Facts that come late: the difference to what was decided, settled by a person, and the letters that follow."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from appraisal.models import Cycle
from appraisal.remedies import BASIS, remedies
from linkage import access, evaluation, jobs, late, late_steps
from linkage.forms import DayForm
from linkage.forms_late import LateForm
from linkage.models import LateChange
from people.http import AuthenticatedRequest
from people.models import Account
from workflows import clock as clocks
from workflows.calendars import local_day
from workflows.jobs import start

MOST_SHOWN = 200


@require_GET
def late_page(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """What would change, each with its reason, and what was settled before."""
    cycle = _cycle(request, code)
    return render(request, "linkage/late.html", _context(request, cycle))


@require_POST
def reevaluate(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Decide once more as known on a day, in a job. Touches no case."""
    cycle = _cycle(request, code)
    form = DayForm(request.POST)
    if not form.is_valid():
        return render(request, "linkage/late.html", {**_context(request, cycle), "day_form": form}, status=422)
    return _started(request, jobs.REEVALUATE, {"cycle": code, "as_of": form.cleaned_data["as_of"].isoformat()})


@require_POST
def settle(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Carry out what was ticked, in a job, or leave it as it was."""
    cycle = _cycle(request, code)
    run = evaluation.latest_run(cycle)
    form = LateForm(request.POST, known=[one.key for one in late.proposals(cycle)])
    if run is None or not form.is_valid():
        return render(request, "linkage/late.html", {**_context(request, cycle), "form": form}, status=422)
    keys, note = form.cleaned_data["keys"], form.cleaned_data["note"]
    if "leave" in request.POST:
        left = late_steps.leave(run, keys, late_steps.Order(actor=request.user, note=note))
        messages.success(request, _("已记录：%(count)d 项不予变更。") % {"count": len(left)})
        return redirect("linkage:late", code=code)
    args = {"cycle": code, "run": run.pk, "keys": keys, "note": note, "grounds": form.grounds()}
    return _started(request, jobs.SETTLE, args)


@require_GET
def letter(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The letter to the person: the fact, what it rests on, what follows, and what he may do."""
    change = _readable(request.user, pk)
    known = local_day(change.at)
    context = {
        "change": change,
        "decision": change.after or change.before,
        "known": known,
        "remedies": remedies(known, clocks.now().calendar),
        "remedies_basis": BASIS,
    }
    return render(request, "linkage/letter.html", context)


def _readable(account: Account, pk: int) -> LateChange:
    found = access.letters(account).filter(pk=pk)
    change = found.select_related("officer__unit", "unit", "cycle", "before", "after", "case", "actor").first()
    if change is None:
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return change


def _context(request: AuthenticatedRequest, cycle: Cycle) -> dict[str, Any]:
    found = late.proposals(cycle)
    run = evaluation.latest_run(cycle)
    settled = LateChange.objects.filter(cycle=cycle).select_related("officer__unit", "unit", "actor", "before", "after")
    return {
        "cycle": cycle,
        "run": run,
        "proposals": found[:MOST_SHOWN],
        "count": len(found),
        "settled": settled[:MOST_SHOWN],
        "day_form": DayForm(initial={"as_of": timezone.localdate()}),
        "form": LateForm(known=[]),
    }


def _cycle(request: AuthenticatedRequest, code: str) -> Cycle:
    """For who may decide a run for everybody: HR at the root."""
    cycle = access.readable_cycle(request.user, code)
    if not access.may_decide(request.user):
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return cycle


def _started(request: AuthenticatedRequest, kind: str, args: dict[str, Any]) -> HttpResponse:
    job = start(kind, actor=request.user, args=args, path=access.home(request.user))
    return redirect(reverse("workflows:job", args=[job.pk]))
