"""Which results, facts and cycles an account may read. Closed by default; hidden and missing answer alike."""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from appraisal.models import Cycle, Fact, Result
from people.access import RECORD_READERS, below, log_looks
from people.models import Account, Officer, Unit
from people.roles import Role

# The committee settles a cycle and sees its report; whose results they are is for those who read records.
CYCLE_READERS = (*RECORD_READERS, Role.COMMITTEE)


def not_found() -> Http404:
    return Http404(_("没有这一页，或你没有查看的权限。"))


def readable_cycle(account: Account, code: str) -> Cycle:
    """A cycle as a whole: for whoever answers for some part of the bureau."""
    cycle = Cycle.objects.filter(code=code).first() if account.holds(*CYCLE_READERS) else None
    if cycle is None:
        raise not_found()
    return cycle


def readable_results(account: Account) -> QuerySet[Result]:
    """The results of the account's units and people, and its own."""
    paths = account.paths(*RECORD_READERS)
    own = Q(officer=account.officer_id) if account.officer_id else Q(pk__in=[])
    return Result.objects.filter(below(paths, "officer__unit__path") | below(paths, "unit__path") | own)


def readable_facts(account: Account) -> QuerySet[Fact]:
    paths = account.paths(*RECORD_READERS)
    own = Q(officer=account.officer_id) if account.officer_id else Q(pk__in=[])
    return Fact.objects.filter(below(paths, "officer__unit__path") | below(paths, "unit__path") | own)


def get_subject(account: Account, code: str, *roles: str, page: str = "") -> Officer | Unit:
    """The officer of a badge or the unit of a code, for one who holds a role there. With `page`, the look is kept."""
    paths = account.paths(*roles)
    officer = Officer.objects.filter(below(paths, "unit__path"), badge=code).select_related("unit").first()
    if officer is not None:
        if page:
            log_looks(account, [officer], page=page)
        return officer
    unit = Unit.objects.filter(below(paths), code=code).first()
    if unit is None:
        raise not_found()
    return unit
