"""Who waits for a class, and placing them: a dry run first, then for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.access import NotFound, log_looks
from people.http import AuthenticatedRequest
from training import access, actions, queries
from training.models import ClassSession, Course, TrainingCase
from training.page_forms import EnrollForm
from workflows import clock as clocks
from workflows import standing
from workflows.calendars import Clock
from workflows.paging import Cursor, page
from workflows.refusals import Outcome, Unmet

SIZE = 100


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One person of a dry run: placed, or why not."""

    case: TrainingCase
    placed: bool
    why: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def demand(request: AuthenticatedRequest) -> HttpResponse:
    if not request.user.paths(*access.CARERS):
        raise NotFound
    clock = clocks.now()
    waiting, sessions = access.waiting(request.user), access.sessions(request.user)
    course = _course(request)
    context: dict[str, Any] = {"board": queries.board(waiting, sessions, clock), "course": course}
    if course is None:
        return render(request, "training/demand.html", context)
    people, classes = queries.waiting_for(waiting, course), queries.open_classes(sessions.filter(course=course), clock)
    form = EnrollForm(request.POST or None)
    form.fields["session"].queryset = classes  # type: ignore[attr-defined]
    form.fields["cases"].queryset = people  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        session, chosen = form.cleaned_data["session"], list(form.cleaned_data["cases"])
        if request.POST.get("action") == "confirm":
            return _enroll(request, session, chosen, clock)
        context |= _dry_run(request, session, chosen, clock)
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    found = page(people, cursor, keys=("state_since", "id"), descending=False, size=SIZE)
    log_looks(request.user, [case.officer for case in found.rows if case.officer], page="training:demand")
    context |= {"page": found, "classes": list(classes), "form": form}
    return render(request, "training/demand.html", context, status=422 if form.errors else 200)


def _course(request: AuthenticatedRequest) -> Course | None:
    code = request.GET.get("course", "")
    if not code:
        return None
    course = Course.objects.filter(code=code[:20].replace("\x00", ""), active=True).first()
    if course is None:
        raise Http404
    return course


def _dry_run(
    request: AuthenticatedRequest, session: ClassSession, chosen: Sequence[TrainingCase], clock: Clock
) -> dict[str, Any]:
    outcome = actions.try_out(session, [case.pk for case in chosen], actor=request.user, clock=clock)
    answers = [_answer(case, outcome) for case in chosen]
    placed = [answer for answer in answers if answer.placed]
    return {"tried": answers, "placed": placed, "lacking": len(answers) - len(placed), "session": session}


def _answer(case: TrainingCase, outcome: Outcome) -> Answer:
    refusal = outcome.refused.get(case.pk)
    return Answer(case=case, placed=refusal is None, why=standing.refusal_words(refusal) if refusal else "")


def _enroll(
    request: AuthenticatedRequest, session: ClassSession, chosen: Sequence[TrainingCase], clock: Clock
) -> HttpResponse:
    outcome = actions.enroll(session, [case.pk for case in chosen], actor=request.user, clock=clock)
    names = {case.pk: case.officer.name for case in chosen if case.officer}
    for key, refusal in outcome.refused.items():
        said = {"name": names.get(key, ""), "why": standing.refusal_words(refusal)}
        messages.warning(request, _("%(name)s没有排进：%(why)s。") % said)
    if outcome.taken:
        messages.success(request, _("已排定 %d 人。") % len(outcome.taken))
        _send_list(request, session, clock)
    return redirect("training:class", session.pk)


def _send_list(request: AuthenticatedRequest, session: ClassSession, clock: Clock) -> None:
    try:
        listed = actions.issue_list(session, actor=request.user, clock=clock)
    except Unmet as unmet:
        messages.error(request, str(unmet))
    else:
        messages.success(request, _("名册第 %d 版已发给教育训练部门。") % listed.version)
