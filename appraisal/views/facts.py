"""The facts about an officer or a unit: recording one, ending or withdrawing one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from appraisal.access import get_subject, not_found
from appraisal.actions import record_fact
from appraisal.actions.facts import FactSaid, recorders
from appraisal.actions.results import path_of
from appraisal.forms import FactChangeForm, FactForm
from appraisal.models import Fact, FactKind
from appraisal.queries import facts_active, facts_known
from appraisal.views.said import said
from people.access import RECORD_READERS
from people.http import AuthenticatedRequest
from people.models import Account, Officer, Unit
from people.refusals import Refused
from workflows import clock as clocks


def recordable(account: Account, subject: Officer | Unit) -> list[str]:
    """The kinds of fact the account may record here; of oneself none."""
    if isinstance(subject, Officer) and subject.pk == account.officer_id:
        return []
    path = path_of(subject)
    return [kind for kind in FactKind.values if any(account.may(role, path) for role in recorders(kind))]


@require_http_methods(["GET", "HEAD", "POST"])
def show_facts(request: AuthenticatedRequest, subject: str) -> HttpResponse:
    found = get_subject(request.user, subject, *RECORD_READERS, page="appraisal:facts")
    kinds = recordable(request.user, found)
    form = FactForm(said(request), kinds=kinds) if kinds else None
    if request.method == "POST":
        if form is None:
            raise not_found()
        if form.is_valid():
            told = dict(form.cleaned_data)
            note = told.pop("note")
            if recorded(request, form, found, FactSaid(**told), note):
                messages.success(request, _("已登记：%(kind)s") % {"kind": FactKind(told["kind"]).label})
                return redirect("appraisal:facts", subject)
    today = clocks.now().day
    active = {fact.pk for fact in facts_active(found, today)}
    context = {
        "subject": found,
        "code": subject,
        "facts": [(fact, fact.pk in active, fact.kind in kinds) for fact in facts_known(found, today)],
        "form": form,
    }
    return render(request, "appraisal/facts.html", context, status=422 if form is not None and form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change_fact(request: AuthenticatedRequest, subject: str, pk: int) -> HttpResponse:
    found = get_subject(request.user, subject, *RECORD_READERS, page="appraisal:facts")
    known = {fact.pk: fact for fact in facts_known(found, clocks.now().day)}
    fact = known.get(pk)
    if fact is None or fact.kind not in recordable(request.user, found):
        raise not_found()
    form = FactChangeForm(said(request), initial={"to_day": fact.to_day})
    if request.method == "POST" and form.is_valid():
        anew = FactSaid(
            kind=fact.kind,
            level=fact.level,
            from_day=fact.from_day,
            to_day=form.cleaned_data["to_day"],
            withdrawn=form.cleaned_data["withdrawn"],
        )
        if recorded(request, form, found, anew, form.cleaned_data["note"]):
            messages.success(request, _("已更正，原来的一行保留。"))
            return redirect("appraisal:facts", subject)
    context = {"subject": found, "code": subject, "fact": fact, "form": form, "rows": tellings(fact)}
    return render(request, "appraisal/fact.html", context, status=422 if form.errors else 200)


def tellings(fact: Fact) -> list[Fact]:
    """Every row that tells of the same fact, the latest first."""
    same = Fact.objects.filter(
        officer=fact.officer_id, unit=fact.unit_id, kind=fact.kind, level=fact.level, from_day=fact.from_day
    )
    return list(same.select_related("recorded_by__officer").order_by("-recorded_on", "-pk"))


def recorded(
    request: AuthenticatedRequest, form: FactForm | FactChangeForm, subject: Officer | Unit, told: FactSaid, note: str
) -> bool:
    try:
        record_fact(subject=subject, said=told, note=note, actor=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True
