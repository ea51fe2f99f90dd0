"""A list as a file: at once, or by a job where it is long."""

from collections.abc import Mapping
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people.http import AuthenticatedRequest
from workflows import exports, list_exports


def export(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """The file of the list that the address asks for. Where it is too long for that, its page again, which says so."""
    answer = list_exports.at_once(name, request.user, said(request.GET), request.GET["export"])
    if answer is not None:
        return answer
    return too_long(request, request.path)


def too_long(request: AuthenticatedRequest, page: str) -> HttpResponse:
    """The list's page again, with the same filter; it offers the job."""
    messages.info(request, _("超过 %(many)s 行，请用“在后台导出”。") % {"many": f"{list_exports.MANY:,}"})
    asked = request.GET.copy()
    asked.pop("export", None)
    return redirect(f"{page}?{asked.urlencode()}")


@require_POST
def start(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """The same file, written by a job that says how far it is."""
    listed = list_exports.find(name)
    if listed is None or not listed.may(request.user):
        raise Http404
    form = request.POST.get("format", "")
    form = form if form in exports.FORMATS else "xlsx"
    job = list_exports.start(listed, actor=request.user, asked=said(request.POST), form=form)
    return redirect("workflows:job", number=job.pk)


def said(values: QueryDict) -> Mapping[str, str]:
    return cast(Mapping[str, str], values.dict())
