"""Settling what came late: the step taken on the case, the record of who and why, and a letter to the person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from appraisal.models import Cycle
from linkage import opening, withdrawal
from linkage.evaluation import latest_run
from linkage.late import OPENING, Proposal, proposals
from linkage.models import Decision, DecisionRecord, DecisionStatus, LateChange, Run, Settled, What
from linkage.refusals import LinkageRefused
from people.models import Account, Officer
from people.roles import Role
from workflows import actions, effects
from workflows import clock as clocks
from workflows.calendars import Clock
from workflows.kinds import Moment
from workflows.models import Case, Cause, OutboxMessage
from workflows.refusals import Outcome, Reason

TOPIC = "late_change"


class NotSettled(LinkageRefused):
    """The change could not be carried out; nothing of it was."""

    code = "not_settled"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody confirmed: which proposals, why, and on which ground what was given is taken back."""

    actor: Account
    note: str
    grounds: Mapping[str, str] = field(default_factory=dict)  # by the proposal's key
    clock: Clock = field(default_factory=clocks.now)

    @property
    def moment(self) -> Moment:
        return Moment(actor=self.actor, at=self.clock.at, calendar=self.clock.calendar)


@dataclass(slots=True)
class Answer:
    """What became of each: settled, or refused with the reason."""

    settled: list[LateChange] = field(default_factory=list)
    refused: list[tuple[Proposal, str]] = field(default_factory=list)


def settle(run: Run, keys: Sequence[str], order: Order, *, tell: Callable[[int, int, str], object]) -> Answer:
    """Carry out what was ticked, each for itself. What has moved meanwhile is no longer proposed and left alone."""
    answer = Answer()
    asked = [one for one in proposals(run.cycle) if one.key in set(keys)]
    for done, proposal in enumerate(asked):
        tell(done, len(asked), _("正在办理：%(subject)s") % {"subject": proposal.subject.name})
        try:
            answer.settled.append(_settle(proposal, order))
        except LinkageRefused as refused:
            answer.refused.append((proposal, str(refused)))
    return answer


@transaction.atomic
def leave(run: Run, keys: Sequence[str], order: Order) -> list[LateChange]:
    """Leave as it was, with a reason: as long as the run says the same it is not asked again."""
    _wait_for_others(run)
    asked = [one for one in proposals(run.cycle) if one.run == run and one.key in set(keys)]
    return [_record(proposal, order, Settled.LEFT) for proposal in asked]


def _wait_for_others(run: Run) -> None:
    """Of two who settle, or settle and decide anew, at once the second waits, and sees what the first has done."""
    Cycle.objects.select_for_update(no_key=True).get(pk=run.cycle_id)


@transaction.atomic
def _settle(proposal: Proposal, order: Order) -> LateChange:
    if not proposal.is_ready:
        raise NotSettled(proposal.barred)
    if proposal.grounds and order.grounds.get(proposal.key, "") not in proposal.grounds:
        raise NotSettled(_("善意取得的奖励和资格，须有自己的撤销依据。请选择一项，或选“不予变更”。"))
    _refuse_second(proposal)
    settled = _act(proposal, order)
    change = _record(proposal, order, settled)
    _write(change, order)
    return change


def _refuse_second(proposal: Proposal) -> None:
    """What was proposed may have been settled, or decided otherwise, since the list was read."""
    _wait_for_others(proposal.run)
    if latest_run(proposal.run.cycle) != proposal.run:
        raise NotSettled(_("之后已有更晚的运行，请在最近一次的差别中确认。"))
    decision = proposal.decision
    same = LateChange.objects.filter(run=proposal.run, rule=decision.rule, said=proposal.said)
    same = same.filter(officer=decision.officer_id, unit=decision.unit_id, settled__in=[Settled.LEFT, Settled.HANDED])
    carried = proposal.what in OPENING and Decision.objects.filter(pk=decision.pk, case__isnull=False).exists()
    if carried or same.exists():
        raise NotSettled(_("这一项已由他人办理。"))


def _act(proposal: Proposal, order: Order) -> Settled:
    if proposal.what in OPENING:
        _open(proposal, order)
    elif proposal.what == What.WITHDRAW:
        withdrawal.withdraw(proposal.decision, actor=order.actor, note=order.note)
    elif proposal.what == What.REVOKE:
        return _revoke(proposal, order)
    elif proposal.what == What.OUTCOME:
        _open_anew(proposal, order)
    else:
        _refuse_what_was_refused(_take(proposal, order))
    return Settled.DONE


def _open(proposal: Proposal, order: Order) -> None:
    """The same door through which all decisions are opened."""
    opening.open_run(proposal.run, actor=order.actor, only=[proposal.decision.pk])
    if not Decision.objects.filter(pk=proposal.decision.pk, case__isnull=False).exists():
        raise NotSettled(_("没有开立：你没有开立这类事项的权限，或已有更晚的运行。"))


def _take(proposal: Proposal, order: Order) -> Outcome:
    """By right of the confirmation: who may decide a run for everybody has confirmed it."""
    if proposal.case is None or proposal.step is None:
        raise NotSettled(proposal.barred)
    return effects.take([proposal.case.pk], proposal.step, order.moment, note=order.note)


def _refuse_what_was_refused(outcome: Outcome) -> None:
    for refusal in outcome.refused.values():
        raise NotSettled(f"{refusal.reason.label}。{refusal.words}" if refusal.words else refusal.reason.label)


def _revoke(proposal: Proposal, order: Order) -> Settled:
    """By the organ that gave it, on a ground of its own; who is not that organ hands it on."""
    if proposal.case is None or proposal.step is None:
        raise NotSettled(proposal.barred)
    ground = order.grounds.get(proposal.key, "")
    inputs = {"reason": ground} if proposal.grounds else {}
    outcome = actions.advance([proposal.case.pk], proposal.step, actor=order.actor, note=order.note, inputs=inputs)
    refusal = outcome.refused.get(proposal.case.pk)
    if refusal is not None and refusal.reason == Reason.NOT_PERMITTED:
        return Settled.HANDED
    _refuse_what_was_refused(outcome)
    return Settled.DONE


def _open_anew(proposal: Proposal, order: Order) -> None:
    """The case of the old outcome ends; the decision opens one of its own. The old decision keeps the old case."""
    _refuse_what_was_refused(_take(proposal, order))
    after = Decision.objects.select_for_update().get(pk=proposal.decision.pk)
    after.case, after.attempt = None, after.attempt + 1
    after.save(update_fields=["case", "attempt"])
    if proposal.before:
        DecisionRecord.objects.create(
            decision=proposal.before,
            status=DecisionStatus.WITHDRAWN,
            actor=order.actor,
            note=order.note,
            at=order.clock.at,
        )
    _open(proposal, order)


def _record(proposal: Proposal, order: Order, settled: Settled) -> LateChange:
    decision, ground = proposal.decision, order.grounds.get(proposal.key, "") if settled != Settled.LEFT else ""
    now = Decision.objects.filter(pk=decision.pk).values_list("case", flat=True).first()
    with override("zh-hans"):
        words = str(proposal.grounds.get(ground, ""))
    return LateChange.objects.create(
        run=proposal.run,
        cycle=proposal.run.cycle,
        rule=decision.rule,
        officer=decision.officer,
        unit=decision.unit,
        what=proposal.what,
        settled=settled,
        before=proposal.before,
        after=proposal.after,
        case_id=proposal.case.pk if proposal.case and proposal.what != What.OUTCOME else now,
        said=proposal.said,
        step=proposal.step.__name__ if proposal.step and not _goes_on(proposal) else "",
        ground=ground,
        ground_words=words,
        causes=list(proposal.causes),
        note=order.note,
        actor=order.actor,
        at=order.clock.at,
    )


def _goes_on(proposal: Proposal) -> bool:
    """A decision was taken back, and its case stays open: it rests on another one, too."""
    case = proposal.case
    return (
        proposal.what == What.WITHDRAW and case is not None and Case.objects.filter(pk=case.pk, closed_at=None).exists()
    )


# the letters

TITLES = {
    What.OPEN: ("关于你的{title}：因后到的结果或事实，已补开", "Your {title} was opened later"),
    What.RELEASE: ("关于你的{title}：暂缓的情形已结束，已开立", "Your {title} was released"),
    What.REFILL: ("关于你的{title}：名额递补到你，已开立", "A seat for {title} became yours"),
    What.HOLD: ("关于你的{title}：已暂停办理", "Your {title} was suspended"),
    What.RESUME: ("关于你的{title}：已恢复办理", "Your {title} goes on"),
    What.WITHDRAW: ("关于你的{title}：已撤回", "Your {title} was withdrawn"),
    What.REVOKE: ("关于你的{title}：已撤销", "Your {title} was taken back"),
    What.OUTCOME: ("关于你的{title}：后果已改变", "The outcome of your {title} has changed"),
}
LETTER = ("，见告知书", "; see the letter")
GOES_ON = ("关于你的{title}：一项依据已撤回，事项因其他依据继续", "Your {title} goes on, on fewer grounds")
HANDED = ("{subject}：{title}不再符合条件，请研究是否撤销", "{subject}: {title}; please consider revoking it")


def _write(change: LateChange, order: Order) -> None:
    """To the person, or to the head of the unit; what was handed on, to the organ that may act."""
    decision = change.after or change.before
    if decision is None:
        return
    subject, handed = decision.subject, change.settled == Settled.HANDED
    path = decision.subject_path
    role, desk, officer = Role.UNIT_HEAD, path, None
    if handed:
        role, desk = Role.COMMITTEE, _root(path)
    elif isinstance(subject, Officer):
        role, desk, officer = Role.OFFICER, path, subject.pk
    goes_on = change.what == What.WITHDRAW and not change.step
    words = HANDED if handed else GOES_ON if goes_on else TITLES[What(change.what)]
    said = zip(words, ("", "") if handed else LETTER, strict=True)
    zh, en = (text.format(title=decision.title, subject=subject.name) + more for text, more in said)
    OutboxMessage.objects.create(
        topic=TOPIC,
        cause=Cause.NOTICE,
        case_id=change.case_id,
        role=role,
        desk=desk,
        officer_id=officer,
        payload={"title_zh": zh, "title_en": en, "late_change": change.pk},
        written_at=order.clock.at,
        available_at=order.clock.at,
    )


def _root(path: str) -> str:
    """The bureau itself: "/B00/" of "/B00/F01/F01P02/"."""
    return f"/{path.strip('/').split('/')[0]}/"
