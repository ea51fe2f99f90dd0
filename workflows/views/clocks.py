"""Stopping the clock of a case, and taking work from a desk's pool: presses on the pages of a case and of the desk."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from people.http import AuthenticatedRequest, posted
from people.models import Account
from people.refusals import Refused
from workflows import access, claims, pausing
from workflows.claims import Claimed
from workflows.models import Case
from workflows.views.steps import chosen_cases

ACTS = ("claim", "release", "assign")


class PauseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=500,
        help_text=gettext_lazy(
            "例如：休假、住院、接受核查、修改提升计划。记入期限变更记录，能看到这件事项的人都能看到。"
        ),
        error_messages={"required": gettext_lazy("请写明理由")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    expected = forms.DateField(
        label=gettext_lazy("预计恢复"),
        required=False,
        help_text=gettext_lazy("只作提示。到这一天不会自动恢复，须由政治处恢复计时。"),
        error_messages={"invalid": gettext_lazy("这不是一个日期，例如 2026-04-01")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class ResumeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("剩余的期限从今天的次日起继续计算。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: AuthenticatedRequest, case_id: UUID) -> HttpResponse:
    case = _keepable(request, case_id)
    form = PauseForm(posted(request))
    if form.is_valid():
        try:
            pausing.pause(case, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已暂停计时。恢复之前不会提醒、升级或到期。"))
            return redirect("workflows:case", case_id)
    return _ask(request, case, form, stop=True)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: AuthenticatedRequest, case_id: UUID) -> HttpResponse:
    case = _keepable(request, case_id)
    form = ResumeForm(posted(request))
    if form.is_valid():
        try:
            pausing.resume(case, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已恢复计时，剩余的期限没有减少。"))
            return redirect("workflows:case", case_id)
    return _ask(request, case, form, stop=False)


def _keepable(request: AuthenticatedRequest, case_id: UUID) -> Case:
    """The case, for those who may stop its clock; to everybody else the page is not there."""
    case = access.get_case(request.user, case_id)
    if pausing.pauser(case, request.user) is None:
        raise Http404
    return case


def _ask(request: AuthenticatedRequest, case: Case, form: forms.Form, *, stop: bool) -> HttpResponse:
    context: dict[str, Any] = {"case": case, "form": form, "stop": stop, "pauses": pausing.pauses(case.pk)}
    return render(request, "workflows/clock.html", context, status=422 if form.is_bound else 200)


@require_POST
def work(request: AuthenticatedRequest, act: str) -> HttpResponse:
    """Claim, release or assign the work of the chosen cases, as far as it lies on a desk of the reader's."""
    if act not in ACTS:
        raise Http404
    cases = chosen_cases(request)
    done = _acted(request, act, Q(case__in=[case.pk for case in cases]))
    _say(request, act, done)
    if "back" in request.POST and len(cases) == 1:
        return redirect("workflows:case", cases[0].pk)
    return redirect("workflows:desk")


def _acted(request: AuthenticatedRequest, act: str, which: Q) -> Claimed:
    if act == "claim":
        return claims.claim(which, actor=request.user)
    if act == "release":
        return claims.release(which, actor=request.user)
    to = Account.objects.filter(username=request.POST.get("to", ""), is_machine=False).first()
    if to is None:
        return Claimed()
    return claims.assign(which, to=to, actor=request.user)


def _say(request: AuthenticatedRequest, act: str, done: Claimed) -> None:
    n = len(done.done)
    words = {
        "claim": ngettext("已认领 %d 件。", "已认领 %d 件。", n),
        "release": ngettext("已放回 %d 件。", "已放回 %d 件。", n),
        "assign": ngettext("已指派 %d 件。", "已指派 %d 件。", n),
    }[act]
    if n:
        messages.success(request, words % n)
    for refusal in dict.fromkeys(done.refused.values()):
        messages.warning(request, refusal)
    if not n and not done.refused:
        messages.warning(request, _("没有可以这样办理的待办。"))
