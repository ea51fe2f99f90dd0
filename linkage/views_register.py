"""The register of decisions: one page over all cycles, with its filters, its counts and its export."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linkage import access, decision_list
from people.http import AuthenticatedRequest
from workflows import paging
from workflows.list_exports import MANY
from workflows.views.exports import export, said


@require_GET
def register(request: AuthenticatedRequest) -> HttpResponse:
    """The decisions of the filter, newest first; with `export` the same as a file."""
    if not access.may_read(request.user):
        raise Http404
    if "export" in request.GET:
        return export(request, decision_list.LIST)
    chosen = decision_list.read_filter(said(request.GET))
    found = decision_list.rows_of(request.user, chosen)
    cursor = paging.Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    count = found.order_by()[: decision_list.COUNTED + 1].count()
    context = {
        "page": paging.page(found, cursor),
        "count": count,
        "total": f"{decision_list.COUNTED:,}+" if count > decision_list.COUNTED else f"{count:,}",
        "counts": decision_list.counts(request.user, chosen),
        "chosen": chosen,
        "many": count > MANY,
        "list": decision_list.LIST,
        **decision_list.choices(request.user),
    }
    return render(request, "linkage/register.html", context)
