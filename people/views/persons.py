"""Finding a person, his whole record, and who looked at it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people import access, record
from people.actions.grants import may_grant
from people.actions.moves import may_move
from people.actions.stand_ins import KEEPERS
from people.http import AuthenticatedRequest
from people.models import Account, Officer, Posting
from people.paging import newest_first

MOST_FOUND = 50


@require_safe
def search(request: AuthenticatedRequest) -> HttpResponse:
    account = request.user
    if not account.holds(*access.PEOPLE_FINDERS):
        raise Http404
    words, code = request.GET.get("q", "").strip()[:50], request.GET.get("unit", "").strip()
    unit = access.visible_units(account, *access.PEOPLE_FINDERS).filter(code=code).first() if code else None
    found = access.search(account, words, unit=code, limit=MOST_FOUND + 1) if words or unit else []
    rows = [(officer, bool(access.reads(account, officer)), may_grant(account, officer.unit.path)) for officer in found]
    return render(
        request,
        "people/search.html",
        {"words": words, "unit": unit, "rows": rows[:MOST_FOUND], "more": len(rows) > MOST_FOUND, "most": MOST_FOUND},
    )


@require_safe
def show_record(request: AuthenticatedRequest, badge: str) -> HttpResponse:
    account = request.user
    officer = access.get_officer(account, badge)
    return render(
        request,
        "people/record.html",
        {
            "officer": officer,
            "own": account.officer_id == officer.pk,
            "postings": Posting.objects.filter(officer=officer).select_related("unit").order_by("-from_day"),
            "parts": record.shown(request, officer),
            "movable": may_move(account, officer.unit) and account.officer_id != officer.pk,
            "keepable": may_grant(account, officer.unit.path),
            "stand_ins": any(account.may(role, officer.unit.path) for role in KEEPERS) and has_account(officer),
        },
    )


def has_account(officer: Officer) -> bool:
    return Account.objects.filter(officer=officer).exists()


@require_safe
def looks(request: AuthenticatedRequest) -> HttpResponse:
    """Who looked at my record. Only its owner has this page."""
    officer = request.user.officer
    if officer is None:
        raise Http404
    return render(request, "people/looks.html", {"page": newest_first(access.looks_at(officer), request.GET)})
