"""Taking a step: on one case from its page, or on many chosen from a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget, trigger_client_event

from people.http import AuthenticatedRequest
from people.models import Account
from workflows import access, actions, kinds, standing
from workflows.capacity import in_turn
from workflows.forms import StepForm
from workflows.kinds import Kind, Step
from workflows.models import Case
from workflows.refusals import Outcome, Reason
from workflows.standing import StepView
from workflows.taking import STATUS, form_for
from workflows.views.cases import case_context


def key_of(text: Any) -> UUID:
    """The key that makes a repeated press harmless. A form without one is a new press."""
    try:
        return UUID(str(text))
    except ValueError:
        return uuid4()


def number_of(text: Any) -> int | None:
    return int(text) if str(text).isdecimal() else None


# One case --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: AuthenticatedRequest, case_id: UUID, name: str) -> HttpResponse:
    """The page (or dialog) of a step, and taking it."""
    case = access.get_case(request.user, case_id)
    kind = kinds.get(case.kind)
    step = kinds.steps(kind).get(name)
    if step is None:
        raise Http404
    view = standing.view(kind, case, name, step, request.user)
    data = request.POST if request.method == "POST" else None
    form = form_for(kind, name)(data, cases=[case], actor=request.user, harm=bool(view and view.harm))
    if data is None:
        return ask(request, case, view, form)
    if not form.is_valid():
        return ask(request, case, view, form, status=422)
    outcome = advance([case], step, request, form)
    if refusal := outcome.refused.get(case.pk):
        form.add_error(None, standing.refusal_words(refusal))
        fresh = access.get_case(request.user, case_id)
        return ask(request, fresh, view, form, status=STATUS[refusal.reason])
    return taken(request, case_id, label=str(kinds.label(step)))


def advance(cases: Sequence[Case], step: Step, request: AuthenticatedRequest, form: StepForm) -> Outcome:
    """Take the step on what the reader saw: a case somebody else moved meanwhile is refused."""
    versions = {case.pk: number_of(request.POST.get(f"seen-{case.pk}")) for case in cases}
    key = key_of(request.POST.get("request_key"))

    def take(group: Sequence[Case], actor: Account) -> Outcome:
        return actions.advance(
            [case.pk for case in group],
            step,
            actor=actor,
            note=form.cleaned_data["note"],
            inputs=form.inputs(),
            seen={key: version for key, version in versions.items() if version is not None},
            request_key=key,
        )

    return in_turn(standing.named(cases, step, request.user), request.user, take)


def ask(
    request: AuthenticatedRequest, case: Case, view: StepView | None, form: StepForm, *, status: int = 200
) -> HttpResponse:
    """The step's questions, with who will be told; in a dialog where the page can open one."""
    context = {
        "case": case,
        "kind": kinds.get(case.kind),
        "step": view,
        "form": form,
        "request_key": key_of(form.data.get("request_key")),
        "seen": number_of(form.data.get(f"seen-{case.pk}")) or case.version,
        "after": [standing.state_label(kinds.get(case.kind), target) for target in view.targets] if view else [],
    }
    if not request.htmx:
        return render(request, "workflows/step.html", context, status=status)
    answer = render(request, "workflows/step.html#step-dialog", context, status=status)
    return reswap(retarget(answer, "#step-dialog"), "innerHTML")


def taken(request: AuthenticatedRequest, case_id: UUID, *, label: str) -> HttpResponse:
    """Back to the case: its parts anew for htmx, else the whole page. Some steps put it out of the actor's sight."""
    messages.success(request, _("已办理：%s。") % label)
    try:
        case = access.get_case(request.user, case_id)
    except access.CaseNotFound:
        return HttpResponseClientRedirect("/") if request.htmx else redirect("workflows:desk")
    if not request.htmx:
        return redirect("workflows:case", case_id)
    answer = render(request, "workflows/case_answer.html", case_context(request, case))
    return trigger_client_event(answer, "step-taken")


# Many cases ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A step that some of the chosen cases can take."""

    kind: Kind
    step: StepView
    able: int


@dataclass(frozen=True, kw_only=True)
class Refused:
    case: Case | None
    words: str


LIMIT = 500  # cases in one press; more are taken by the API or in several presses


@require_POST
def take_step_for_many(request: AuthenticatedRequest) -> HttpResponse:
    """Choose the step, fill its form once, read what happened to each case."""
    chosen = chosen_cases(request)
    kind = kinds.find(request.POST.get("kind", ""))
    name = request.POST.get("step", "")
    step = kinds.steps(kind).get(name) if kind else None
    if kind is None or step is None:
        offer = {"cases": chosen, "choices": choices(chosen, request.user)}
        return render(request, "workflows/bulk_choose.html", offer)
    cases = [case for case in chosen if case.kind == kind.name]
    views = [view for case in cases if (view := standing.view(kind, case, name, step, request.user))]
    harm = any(view.harm for view in views)
    sent = request.POST if "confirm" in request.POST else None
    form = form_for(kind, name)(sent, cases=cases, actor=request.user, harm=harm)
    context: dict[str, Any] = {
        "cases": cases,
        "kind": kind,
        "step": views[0] if views else None,
        "name": name,
        "label": kinds.label(step),
        "form": form,
        "request_key": key_of(request.POST.get("request_key")),
        "barred": barred(cases, views, kind, name, step, request.user),
    }
    if sent is None or not form.is_valid():
        return render(request, "workflows/bulk_step.html", context, status=200 if sent is None else 422)
    outcome = advance(cases, step, request, form)
    return render(request, "workflows/bulk_result.html", context | result(cases, outcome))


def chosen_cases(request: AuthenticatedRequest) -> list[Case]:
    """The chosen cases that the account may see, as instances of their kinds. The others are as good as not there."""
    ids = {key for text in request.POST.getlist("case")[:LIMIT] if (key := _uuid(text))}
    visible = list(access.visible(request.user).filter(pk__in=ids))
    found: list[Case] = []
    for name in {case.kind for case in visible}:
        kind = kinds.get(name)
        rows = kind.model._default_manager.filter(pk__in=[case.pk for case in visible if case.kind == name])
        found += rows.select_related("officer__unit", "unit")
    return sorted(found, key=lambda case: (case.kind, case.pk.int))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def choices(cases: Sequence[Case], account: Account) -> list[Choice]:
    """The steps of the chosen cases with how many of them can take each, most first."""
    found: dict[tuple[str, str], tuple[StepView, int]] = {}
    for case in cases:
        for step in standing.steps(case, account):
            if step.permitted:
                view, able = found.get((case.kind, step.name), (step, 0))
                found[case.kind, step.name] = (view, able + step.open)
    known = [Choice(kind=kinds.get(kind), step=step, able=able) for (kind, _name), (step, able) in found.items()]
    return sorted(known, key=lambda choice: (choice.step.harm, -choice.able))


def barred(
    cases: Sequence[Case], views: Sequence[StepView], kind: Kind, name: str, step: Step, account: Account
) -> list[Refused]:
    """Which of the cases will be refused as things stand, and why: said before the press."""
    found = []
    for case in cases:
        view = standing.view(kind, case, name, step, account)
        if view is None:
            found.append(Refused(case=case, words=str(Reason.NOT_POSSIBLE.label)))
        elif not view.open:
            found.append(Refused(case=case, words=view.why))
    return found


def result(cases: Sequence[Case], outcome: Outcome) -> dict[str, Any]:
    by_id = {case.pk: case for case in cases}
    done = [*outcome.taken, *outcome.repeated]
    refused = [
        Refused(case=by_id.get(key), words=standing.refusal_words(refusal)) for key, refusal in outcome.refused.items()
    ]
    return {
        "done": [by_id[key] for key in done if key in by_id],
        "refused": refused,
        "said": said(len(done), len(refused)),
    }


def said(done: int, refused: int) -> str:
    words = ngettext("已办理 %d 件", "已办理 %d 件", done) % done
    if not refused:
        return words + _("。")
    return _("%(done)s，%(refused)d 件被拒，原因如下。") % {"done": words, "refused": refused}
