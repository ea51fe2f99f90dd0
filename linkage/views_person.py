"""A person's decisions over all cycles, with their reasons and what became of them; as a file too."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linkage import access, exports, standing
from people.http import AuthenticatedRequest
from people.models import Account, Officer
from people.roles import Role


@require_GET
def person(request: AuthenticatedRequest, badge: str) -> HttpResponse:
    """Every decision on an officer, newest cycle first."""
    officer = _seen(request.user, badge)
    found = standing.of_subject(officer)
    linked = officer.unit.path.startswith(request.user.paths(*access.READERS) or ("-",))
    return render(request, "linkage/person.html", {"officer": officer, "found": found, "linked": linked})


@require_GET
def export(request: AuthenticatedRequest, badge: str) -> HttpResponse:
    """The same as a spreadsheet, or as CSV."""
    officer = _seen(request.user, badge)
    return exports.standings(officer, standing.of_subject(officer), request.GET.get("format", "xlsx"))


def _seen(account: Account, badge: str) -> Officer:
    """Himself; or one of those of whom the account reads decisions, or whose unit it heads."""
    officer = Officer.objects.select_related("unit").filter(badge=badge).first()
    paths = account.paths(*access.READERS, Role.UNIT_HEAD) or ("-",)
    if officer is None or not (account.officer_id == officer.pk or officer.unit.path.startswith(paths)):
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return officer
