"""Attendance and marks of a class."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.access import NotFound, log_looks
from people.http import AuthenticatedRequest
from training import access, actions, queries
from training.models import ClassSession, Enrollment
from training.page_forms import VerdictForm
from workflows import standing
from workflows.refusals import Unmet


@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: AuthenticatedRequest, key: int) -> HttpResponse:
    """One line per seat. A verdict once given stays, and its line can only be read."""
    session = access.get_session(request.user, key)
    if not access.may_train(request.user, session):
        raise NotFound
    seats = queries.seats(session)
    log_looks(request.user, [seat.officer for seat in seats], page="training:marks")
    data = request.POST if request.method == "POST" else None
    forms = {seat.pk: VerdictForm(data, seat=seat) for seat in seats if seat.status not in actions.DONE}
    sound = all(form.is_valid() for form in forms.values()) if data else True
    if data and sound:
        return _save(request, session, seats, forms)
    context = {
        "session": session,
        "rows": [{"seat": seat, "form": forms.get(seat.pk)} for seat in seats],
        "begun": timezone.localdate() >= session.starts_on,
        "open": len(forms),
    }
    return render(request, "training/marks.html", context, status=200 if sound else 422)


def _save(
    request: AuthenticatedRequest, session: ClassSession, seats: list[Enrollment], forms: dict[int, VerdictForm]
) -> HttpResponse:
    said = {key: form.cleaned_data for key, form in forms.items() if form.cleaned_data["status"]}
    verdicts = {key: actions.Verdict(status=row["status"], mark=row["mark"]) for key, row in said.items()}
    try:
        marked = actions.mark_class(session, verdicts, actor=request.user)
    except Unmet as unmet:
        messages.error(request, _("没有保存。%s。") % unmet)
        return redirect("training:marks", session.pk)
    messages.success(request, _("已登记 %d 人。") % marked.saved)
    names = {seat.pk: seat.officer.name for seat in seats}
    for key, refusal in marked.refused.items():
        said_why = {"name": names[key], "why": standing.refusal_words(refusal)}
        messages.warning(request, _("%(name)s没有登记：%(why)s。") % said_why)
    return redirect("training:marks", session.pk)
