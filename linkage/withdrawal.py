"""Taking a decision back: who and why are kept, and its case is ended where its kind has a step for it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linkage import queries
from linkage.models import Decision, DecisionRecord, DecisionStatus
from linkage.refusals import LinkageRefused
from people.models import Account
from workflows import actions, kinds
from workflows.models import Case


class NotToWithdraw(LinkageRefused):
    """The decision holds still, or its case can no longer be ended by taking it back."""

    code = "not_to_withdraw"


@transaction.atomic
def withdraw(decision: Decision, *, actor: Account, note: str) -> None:
    """Take a live decision back, with a reason.

    Raises `NotToWithdraw`, and changes nothing, when the latest run still makes it or its case cannot be ended so.
    """
    held = Decision.objects.select_for_update(of=["self"]).select_related("case", "cycle").get(pk=decision.pk)
    if not queries.withdrawals(held.cycle).filter(pk=held.pk).exists():
        raise NotToWithdraw(_("最近一次运行仍作此认定，或其事项已办结。如结果或事实有误，请先更正，再重新运行。"))
    case = held.case
    if held.run_id == _latest(held):
        held.case = None  # it says why it is not open, and keeps saying so; its case ends all the same
    else:
        held.status = DecisionStatus.WITHDRAWN
    held.save(update_fields=["status", "case"])
    DecisionRecord.objects.create(
        decision=held, status=DecisionStatus.WITHDRAWN, actor=actor, note=note, at=timezone.now()
    )
    if case and case.closed_at is None and not _carries_others(held, case):
        _end_case(case, actor, note)


def _latest(decision: Decision) -> int | None:
    return decision.cycle.runs.order_by("-as_of", "-number").values_list("pk", flat=True).first()


def _carries_others(decision: Decision, case: Case) -> bool:
    """A training case may rest on further decisions; it goes on while one of them holds."""
    others = Decision.objects.live().filter(case=case, status=DecisionStatus.OPEN)
    return others.exclude(pk=decision.pk).exists()


def _end_case(case: Case, actor: Account, note: str) -> None:
    step = kinds.get(case.kind).withdraw
    if step is None:
        raise NotToWithdraw(_("这类事项没有“撤回”这一步，请在事项页办理。"))
    outcome = actions.advance([case.pk], step, actor=actor, note=note)
    if refusal := outcome.refused.get(case.pk):
        raise NotToWithdraw(f"{refusal.reason.label}。{refusal.words}" if refusal.words else refusal.reason.label)
