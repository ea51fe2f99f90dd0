"""The page of the pool as it is now, for HR and the committee."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.access import NotFound
from people.http import AuthenticatedRequest
from talent_pool import queries
from talent_pool.kind import RESERVE
from talent_pool.models import ReserveCase
from talent_pool.models.states import ReserveState, Stream, Tier
from workflows import clock as clocks
from workflows import exports, standing
from workflows.paging import Cursor, page

# What a member can be in; the rest of the states are a candidate's, or the end.
STATES = (
    ReserveState.ADMITTED,
    ReserveState.IN_REVIEW,
    ReserveState.RETAINED,
    ReserveState.SUSPENDED,
    ReserveState.HELD,
    ReserveState.POST_PROPOSED,
    ReserveState.POST_NOTICE,
    ReserveState.ON_TRIAL,
    ReserveState.TRIAL_ENDED,
)


@require_safe
def pool(request: AuthenticatedRequest) -> HttpResponse:
    if not request.user.paths(*queries.READERS):
        raise NotFound
    clock, chosen = clocks.now(), queries.read_filter(request.GET)
    members = queries.members(request.user)
    rows = queries.matching(members, chosen, clock.day).select_related("officer__unit")
    if request.GET.get("export") in exports.FORMATS:
        return export(request.GET["export"], rows)
    cursor = Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    found = page(rows, cursor, keys=("term_until", "id"), descending=False)
    context = {
        "clock": clock,
        "chosen": chosen,
        "page": found,
        "figures": queries.figures(members, clock.day),
        "soon": clock.day + queries.ENDING_SOON,
        "tiers": Tier.choices,
        "streams": Stream.choices,
        "states": [(state.value, state.label) for state in STATES],
        "units": queries.units(request.user),
    }
    return render(request, "talent_pool/pool.html", context)


def export(form: str, rows: QuerySet[ReserveCase]) -> HttpResponse:
    """Every member of the filter, never one page of them."""
    head = [
        *exports.subject_head(),
        _("层次"),
        _("方向"),
        _("状态"),
        _("入库日"),
        _("年度复核日"),
        _("任期至"),
        _("拟任职务"),
    ]
    return exports.answer(form, _("在库人选"), head, lines(rows.order_by("term_until", "id")))


def lines(rows: QuerySet[ReserveCase]) -> Iterator[list[str]]:
    for case in rows.iterator():
        days = (case.admitted_on, case.review_on, case.term_until)
        yield [
            *exports.subject(case),
            case.get_tier_display(),
            case.get_stream_display(),
            standing.state_label(RESERVE, case.state),
            *map(_iso, days),
            case.post,
        ]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
