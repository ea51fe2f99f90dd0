"""The policies: where each version stands, what its rules say in words, the steps of its life, and its file."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linkage import access, comparing, lifecycle, pages, policy_pages, rules
from linkage.forms_policies import CompareForm, StepForm
from linkage.models import Policy, PolicyState
from linkage.refusals import LinkageRefused
from people.http import AuthenticatedRequest, posted

YAML = "application/yaml; charset=utf-8"
TAKE: dict[str, Callable[..., Policy]] = {
    "check": lifecycle.check,
    "approve": lifecycle.approve,
    "publish": lifecycle.publish,
    "send-back": lifecycle.send_back,
    "discard": lifecycle.discard,
    "retire": lifecycle.retire,
}


@require_GET
def policies(request: AuthenticatedRequest) -> HttpResponse:
    """Every version. Policies are public within the bureau: whoever is judged by a rule may read it."""
    return render(request, "linkage/policies.html", policy_pages.list_page(request.user, request.GET))


@require_GET
def policy(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """One version: its rules in the order of the file, each as a sentence from the tree that decides."""
    found = access.readable_policy(request.user, pk)
    return render(request, "linkage/policy.html", policy_pages.policy_page(found, request.user))


@require_GET
def file(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The text of a version as a YAML file."""
    found = access.readable_policy(request.user, pk)
    answer = HttpResponse(found.text, content_type=YAML)
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(found)}"'
    return answer


def _file_name(found: Policy) -> str:
    """A name that any system can keep: codes and versions may be Chinese."""
    name = f"{found.code}-{found.version}"
    return f"{''.join(sign if sign.isascii() and sign.isalnum() else '-' for sign in name).strip('-') or 'policy'}.yaml"


@require_http_methods(["GET", "POST"])
def compare(request: AuthenticatedRequest) -> HttpResponse:
    """Two versions in words, or a version and a file that is not in the database. Nothing is saved."""
    versions = list(access.visible_policies(request.user).exclude(state=PolicyState.DISCARDED))
    asked = posted(request) or ({name: request.GET.get(name, "") for name in ("old", "new")} if request.GET else None)
    form = CompareForm(asked, request.FILES or None, versions=versions)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= _compared(form, {str(version.pk): version for version in versions})
    status = 422 if form.errors else 200
    return render(request, "linkage/policy_compare.html", context, status=status)


def _compared(form: CompareForm, versions: dict[str, Policy]) -> dict[str, Any]:
    old, new = versions[form.cleaned_data["old"]], versions.get(form.cleaned_data["new"])
    text = form.cleaned_data["file"] or (new.text if new else "")
    name = new.version if new and not form.cleaned_data["file"] else _("文件")
    try:
        found = comparing.compare(old.text, text, pages.language())
    except rules.PolicyError as error:
        told = {"line": error.line, "words": error.en if pages.language() == "en" else error.zh}
        form.add_error(None, _("条文不能读取：第 %(line)s 行，%(words)s。") % told)
        return {}
    return {"compared": True, "old": old, "new_name": name, "differences": found}


@require_POST
def step(request: AuthenticatedRequest, pk: int, step: str) -> HttpResponse:
    """Take one step of a version, or say why it was not taken."""
    found = access.readable_policy(request.user, pk)
    if step not in TAKE or not access.may_see_drafts(request.user):
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    form: StepForm = policy_pages.STEPS[step][1](request.POST, policy=found, auto_id=f"{step}-%s")
    if not form.is_valid():
        return _again(request, found, step, form)
    try:
        done = TAKE[step](found, actor=request.user, **_given(form))
    except LinkageRefused as refused:
        form.add_error(None, str(refused))
        return _again(request, found, step, form, status=409)
    label = policy_pages.standing(done).label
    messages.success(request, _("政策 %(policy)s：%(standing)s。") % {"policy": done, "standing": label})
    return redirect("linkage:policy", pk=pk)


def _given(form: StepForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name in form.fields}


def _again(
    request: AuthenticatedRequest, found: Policy, step: str, form: StepForm, *, status: int = 422
) -> HttpResponse:
    """The page with what was asked for still in the form, and above it what was wrong."""
    context = policy_pages.policy_page(found, request.user, {step: form})
    shown = any(offer.name == step for offer in context["offers"])
    if not shown:  # the step has gone meanwhile: its form is not there to show the reason
        messages.error(request, " ".join(map(str, form.non_field_errors())) or _("没有办理。"))
    return render(request, "linkage/policy.html", {**context, "refused": form if shown else None}, status=status)
