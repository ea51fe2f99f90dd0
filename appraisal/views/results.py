"""The results of a cycle as a list, and the page of one result: its rows, and correcting it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appraisal.access import get_subject, not_found, readable_cycle, readable_results
from appraisal.actions import correct_result
from appraisal.actions.results import Said, latest, path_of
from appraisal.forms import CorrectionForm
from appraisal.grades import grades
from appraisal.models import Cycle, Result, ResultStatus, SchemeWeight
from appraisal.queries import holding, result_rows, scheme_of
from appraisal.views.said import said
from people.access import RECORD_READERS, visible_units
from people.http import AuthenticatedRequest
from people.models import Account, Officer, Unit
from people.refusals import Refused
from people.roles import Role
from workflows import clock as clocks
from workflows import exports
from workflows.paging import Cursor, page

UNITS = 200  # offered in the filter


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What of the results is listed. Kept in the address, and used by the export."""

    as_of: date
    status: str = ""
    grade: str = ""
    unit: str = ""
    q: str = ""

    @property
    def narrowed(self) -> bool:
        return bool(self.status or self.grade or self.unit or self.q)


def read_filter(request: AuthenticatedRequest) -> Filter:
    """A value that means nothing filters nothing."""
    asked = {name: request.GET.get(name, "").strip().replace("\0", "") for name in ("status", "grade", "unit", "q")}
    today = clocks.now().day
    return Filter(
        as_of=min(read_day(request.GET.get("as_of", ""), today), today),
        status=asked["status"] if asked["status"] in ResultStatus.values else "",
        grade=asked["grade"][:20],
        unit=asked["unit"][:20],
        q=asked["q"][:50],
    )


def read_day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def matching(cycle: Cycle, account: Account, chosen: Filter) -> QuerySet[Result]:
    rows = holding(readable_results(account).filter(cycle=cycle), chosen.as_of)
    if chosen.status:
        rows = rows.filter(status=chosen.status)
    if chosen.grade:
        rows = rows.filter(grade=chosen.grade)
    if chosen.unit:
        path = Unit.objects.filter(code=chosen.unit).values_list("path", flat=True).first() or "-"
        rows = rows.filter(Q(officer__unit__path__startswith=path) | Q(unit__path__startswith=path))
    if chosen.q:
        officer = Q(officer__badge__startswith=chosen.q) | Q(officer__name__contains=chosen.q)
        rows = rows.filter(officer | Q(unit__code=chosen.q) | Q(unit__name__contains=chosen.q))
    return rows.select_related("officer__unit", "unit")


def record_reader(request: AuthenticatedRequest, code: str) -> Cycle:
    if not request.user.holds(*RECORD_READERS):
        raise not_found()
    return readable_cycle(request.user, code)


@require_safe
def show_results(request: AuthenticatedRequest, code: str) -> HttpResponse:
    cycle = record_reader(request, code)
    chosen = read_filter(request)
    rows = matching(cycle, request.user, chosen)
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    return render(
        request,
        "appraisal/results.html",
        {
            "cycle": cycle,
            "chosen": chosen,
            "total": rows.count(),
            "page": page(rows, cursor, keys=("id",), descending=False),
            "statuses": ResultStatus.choices,
            "units": visible_units(request.user).order_by("path")[:UNITS],
            "grades": dict.fromkeys([*grades(cycle.kind, unit=False), *grades(cycle.kind, unit=True)]),
            "query": request.GET.urlencode(),
        },
    )


@require_safe
def export_results(request: AuthenticatedRequest, code: str, form: str) -> HttpResponse:
    cycle = record_reader(request, code)
    if form not in exports.FORMATS:
        raise not_found()
    found = matching(cycle, request.user, read_filter(request)).order_by("pk")
    indicators = list(dict.fromkeys(SchemeWeight.objects.values_list("indicator", flat=True)))
    head = [_("警号或代码"), _("姓名或单位"), _("所在单位"), _("状态"), _("等次"), _("得分"), _("录入日"), *indicators]
    return exports.answer(form, f"results-{cycle.code}", head, exported(found, indicators))


def exported(found: QuerySet[Result], indicators: Sequence[str]) -> Iterator[list[str]]:
    for row in found.iterator(chunk_size=2_000):
        code, unit = (
            (row.officer.badge, row.officer.unit.name) if row.officer else (row.unit.code if row.unit else "", "")
        )
        yield [
            code,
            row.subject.name if row.subject else "",
            unit,
            str(row.get_status_display()),
            row.grade,
            figure(row.score),
            row.recorded_on.isoformat(),
            *(figure(row.indicators.get(name)) for name in indicators),
        ]


def figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


# One result -------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def show_result(request: AuthenticatedRequest, code: str, subject: str) -> HttpResponse:
    cycle = record_reader(request, code)
    found = get_subject(request.user, subject, *RECORD_READERS, page="appraisal:result")
    form = correction_form(request, cycle, found) if may_correct(request.user, found) else None
    if request.method == "POST":
        if form is None:
            raise not_found()
        if form.is_valid() and corrected(request, form, cycle, found):
            messages.success(request, corrected_words(cycle))
            return redirect("appraisal:result", code, subject)
    return render(
        request,
        "appraisal/result.html",
        {"cycle": cycle, "subject": found, "rows": list(result_rows(cycle, found)), "form": form},
        status=422 if form is not None and form.errors else 200,
    )


def may_correct(account: Account, subject: Officer | Unit) -> bool:
    own = isinstance(subject, Officer) and subject.pk == account.officer_id
    return not own and account.may(Role.HR, path_of(subject))


def correction_form(request: AuthenticatedRequest, cycle: Cycle, subject: Officer | Unit) -> CorrectionForm:
    """The form, filled with what holds now. Indicators beside the scheme keep their field, so that none gets lost."""
    before = latest(cycle, subject)
    values = before.indicators if before else {}
    indicators = list(dict.fromkeys([*scheme_of(subject, cycle), *values]))
    initial: dict[str, object] = {f"indicator_{n}": values.get(name) for n, name in enumerate(indicators)}
    if before:
        initial |= {"status": before.status, "grade": before.grade, "score": before.score}
    words = grades(cycle.kind, unit=isinstance(subject, Unit))
    return CorrectionForm(said(request), initial=initial, words=words, indicators=indicators)


def corrected(request: AuthenticatedRequest, form: CorrectionForm, cycle: Cycle, subject: Officer | Unit) -> bool:
    told = form.cleaned_data
    new = Said(status=told["status"], grade=told["grade"], score=told["score"], indicators=form.indicators())
    try:
        correct_result(cycle=cycle, subject=subject, said=new, reason=told["reason"], actor=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def corrected_words(cycle: Cycle) -> str:
    if cycle.is_final:
        return _("已更正，原来的一行保留。周期已定案：再运行一次联动，会显示由此产生的差异，由人确认。")
    return _("已更正，原来的一行保留。")
