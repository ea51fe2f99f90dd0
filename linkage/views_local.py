"""Branches set their own values of what a policy leaves to them; each branch's HR desk its own, and no other."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linkage import local_pages, local_values, register, rules
from linkage.forms_policies import LocalForm
from linkage.refusals import LinkageRefused
from people.http import AuthenticatedRequest, posted
from people.models import Unit


@require_GET
def branches(request: AuthenticatedRequest) -> HttpResponse:
    """The branches whose values the reader sets; where it is one, its page at once."""
    found = local_values.branches(request.user)
    if not found:
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    if len(found) == 1:
        return redirect("linkage:local_of", code=found[0].code)
    return render(request, "linkage/local_branches.html", {"lines": local_pages.lines(found)})


@require_http_methods(["GET", "POST"])
def branch(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """One branch: what is left to it, what holds there, and a form to set a value or to see what it would say."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None or not local_values.may_set(request.user, unit):
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    context = local_pages.branch_page(unit)
    form = LocalForm(posted(request), left=context.get("left", []))
    if form.is_valid() and (answer := _answered(request, form, context)):
        return answer
    status = 422 if form.errors else 200
    return render(request, "linkage/local_branch.html", {**context, "form": form}, status=status)


def _answered(request: AuthenticatedRequest, form: LocalForm, context: dict[str, Any]) -> HttpResponse | None:
    """Saved and gone on, or only looked at; nothing where it was refused, the form then says why."""
    asked = local_values.Setting(**form.cleaned_data)
    try:
        if "preview" in request.POST:
            return _previewed(request, form, context, asked)
        row = local_values.set_value(asked, unit=context["unit"], actor=request.user)
    except (LinkageRefused, rules.PolicyError) as refused:
        form.add_error("value" if isinstance(refused, rules.PolicyError) else None, _words(refused))
        return None
    messages.success(request, _("已设定“%(name)s”，%(day)s 起适用。") % {"name": row.name, "day": row.from_day})
    return redirect("linkage:local_of", code=context["unit"].code)


def _words(refused: Exception) -> str:
    return refused.zh if isinstance(refused, rules.PolicyError) else str(refused)


def _previewed(
    request: AuthenticatedRequest, form: LocalForm, context: dict[str, Any], asked: local_values.Setting
) -> HttpResponse:
    tree = register.parsed(context["policy"])
    held = local_values.values_on(tree, asked.from_day).get(context["unit"].pk, {})
    after = {name: value for name, value in {**held, asked.name: asked.value}.items() if value}
    would = {"would": local_pages.reads(tree, after), "asked": asked}
    return render(request, "linkage/local_branch.html", {**context, "form": form, **would})
