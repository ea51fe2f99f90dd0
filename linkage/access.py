"""Who may see what the linkage decided, and who may decide and open. One door; hidden and missing answer alike."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from linkage.models import (
    PUBLISHED,
    ROOT_DEPTH,
    Decision,
    LateChange,
    Policy,
    PolicyReport,
    ReportRow,
    Run,
    Settled,
)
from people.models import Account, Officer, Unit
from people.roles import Role

READERS = (Role.HR, Role.LEADER, Role.INSPECTOR, Role.AUDITOR)


def may_read(account: Account) -> bool:
    """Whether the pages of the linkage are there for the account at all."""
    return bool(account.paths(*READERS))


def may_decide(account: Account) -> bool:
    """Evaluating and opening is for HR at the root of the bureau: a run speaks of everybody."""
    return any(path.count("/") <= ROOT_DEPTH for path in account.paths(Role.HR))


def may_draft(account: Account) -> bool:
    """Policies are written by HR at the root of the bureau."""
    return may_decide(account)


def may_see_drafts(account: Account) -> bool:
    """Who writes policies, and who may be the second person: HR and the leader in charge, at the root."""
    return any(path.count("/") <= ROOT_DEPTH for path in account.paths(Role.HR, Role.LEADER))


def visible_policies(account: Account) -> QuerySet[Policy]:
    """What was published is for everybody in the bureau; what is not yet, for those who work on it."""
    if may_see_drafts(account):
        return Policy.objects.all()
    return Policy.objects.filter(state__in=PUBLISHED)


def readable_policy(account: Account, pk: int) -> Policy:
    policy = visible_policies(account).select_related("based_on").filter(pk=pk).first()
    if policy is None:
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return policy


def home(account: Account) -> str:
    """The highest unit for which the account reads decisions: whose HR sees what it asks for."""
    return min(account.paths(*READERS), key=len, default="-")


def visible(account: Account) -> QuerySet[Decision]:
    """The decisions on subjects within the account's units; the rest does not exist for it."""
    return Decision.objects.filter(_within(account))


def _within(account: Account) -> Q:
    """Rows whose officer or unit lies within the account's units."""
    paths = account.paths(*READERS)
    within = [Q(officer__unit__path__startswith=path) | Q(unit__path__startswith=path) for path in paths]
    return reduce(or_, within, Q(pk__in=[]))


def letters(account: Account) -> QuerySet[LateChange]:
    """The letters to himself, to a unit he heads, on those of whom he reads decisions, and what was handed to him.

    What was left as it was is told nobody.
    """
    seen = _within(account)
    if account.officer_id:
        seen |= Q(officer=account.officer_id)
    for path in account.paths(Role.UNIT_HEAD):
        seen |= Q(unit__path__startswith=path)
    for path in account.paths(Role.COMMITTEE):
        below = Q(officer__unit__path__startswith=path) | Q(unit__path__startswith=path)
        seen |= below & Q(settled=Settled.HANDED)
    return LateChange.objects.exclude(settled=Settled.LEFT).filter(seen)


def sees_bureau(account: Account) -> bool:
    """Whether figures over all of the bureau are there for the account, and not only those of its own units."""
    return any(path.count("/") <= ROOT_DEPTH for path in account.paths(*READERS))


def reports(account: Account) -> QuerySet[PolicyReport]:
    """The finished reports on the policies the account may read, if it may read the linkage at all."""
    done = PolicyReport.objects.filter(done_at__isnull=False, policy__in=visible_policies(account))
    return done.select_related("policy", "live", "cycle", "made_by") if may_read(account) else done.none()


def readable_report(account: Account, pk: int) -> PolicyReport:
    report = reports(account).filter(pk=pk).first()
    if report is None:
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return report


def officers(account: Account) -> QuerySet[Officer]:
    """The officers of the account's units."""
    within = [Q(unit__path__startswith=path) for path in account.paths(*READERS)]
    return Officer.objects.filter(reduce(or_, within, Q(pk__in=[])))


def units(account: Account) -> QuerySet[Unit]:
    """The account's units and all below them."""
    return Unit.objects.filter(
        reduce(or_, [Q(path__startswith=path) for path in account.paths(*READERS)], Q(pk__in=[]))
    )


def names(account: Account, report: PolicyReport) -> QuerySet[ReportRow]:
    """The names of a report within the account's units."""
    return report.rows.filter(_within(account))


def readable_cycle(account: Account, code: str) -> Cycle:
    cycle = Cycle.objects.filter(code=code).first() if may_read(account) else None
    if cycle is None:
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return cycle


def readable_decision(account: Account, pk: int) -> Decision:
    found = visible(account).select_related("officer__unit", "unit", "case", "run__policy", "run__cycle", "cycle")
    decision = found.filter(pk=pk).first()
    if decision is None:
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return decision


def subject_seen(account: Account, code: str) -> Officer | Unit:
    """The officer with that badge or the unit with that code, if the account reads decisions on it."""
    paths = account.paths(*READERS) or ("-",)
    officer = Officer.objects.select_related("unit").filter(badge=code).first()
    found = officer or Unit.objects.filter(code=code).first()
    path = officer.unit.path if officer else found.path if isinstance(found, Unit) else ""
    if found is None or not path.startswith(paths):
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return found


def run_asked_for(cycle: Cycle, number: str) -> Run | None:
    """The run with that key, or the cycle's latest when none is named."""
    runs = cycle.runs.select_related("policy", "cycle", "made_by")
    if not number:
        return runs.order_by("-as_of", "-number").first()
    found = runs.filter(pk=number).first() if number.isdecimal() and len(number) <= 18 else None
    if found is None:
        raise Http404(_("没有这一页，或你没有查看的权限。"))
    return found
