"""Filing an objection, and what follows from its states: holding a case, letting it go, superseding a result."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from appraisal.actions.cycles import last_day_of_notice
from appraisal.actions.results import Said, check, supersede
from appraisal.models import CycleState, Objection, Result
from people.models import Account
from people.queries import lines
from people.refusals import Refused
from workflows import clock as clocks
from workflows import effects, kinds
from workflows.actions import Opening, open_cases
from workflows.calendars import Clock, Deadline, local_day
from workflows.kinds import Moment
from workflows.models import Case
from workflows.refusals import Reason, Refusal

KIND = "objection"
TO_FILE = Deadline(number=15)  # local rule: to the end of the notice, and at least 15 working days
SHOWN_STATES = (CycleState.ON_NOTICE, CycleState.OBJECTIONS, CycleState.FINAL, CycleState.LINKED)
ON_NOTICE = "on_notice"


def file_objection(aim: Result | Case, *, grounds: str, actor: Account, clock: Clock | None = None) -> UUID | Refusal:
    """File against one's own result or case. Returns the new case, or why it cannot be filed."""
    clock = clock or clocks.now()
    if refusal := barrier(aim, officer_id=actor.officer_id, clock=clock):
        return refusal
    if not grounds.strip():
        return Refusal(Reason.UNMET, _("请写明异议的理由"))
    opening = _opening(aim, grounds.strip(), clock)
    opened = open_cases([opening], kinds.get(KIND), actor=actor, clock=clock)
    if opened.cases:
        return opened.cases[0]
    return opened.refused.get(opening.key, Refusal(Reason.UNMET, _("你已就此提出异议，正在处理")))


def barrier(aim: Result | Case, *, officer_id: int | None, clock: Clock) -> Refusal | None:
    """Why the officer cannot object to it now. A page asks before it offers the form."""
    if aim.officer_id is None or aim.officer_id != officer_id:
        return Refusal(Reason.NOT_PERMITTED)
    if open_against(aim):
        return Refusal(Reason.UNMET, _("你已就此提出异议，正在处理"))
    words = _unfit_result(aim) if isinstance(aim, Result) else _unfit_case(aim)
    if words:
        return Refusal(Reason.UNMET, words)
    last = last_day(aim, clock)
    if clock.day > last:
        return Refusal(
            Reason.UNMET,
            _("提出异议的期限是 %(day)s，已经过了。你仍可依法申请复核或申诉") % {"day": last.isoformat()},
        )
    return None


def _unfit_result(result: Result) -> str:
    if result.cycle.state not in SHOWN_STATES:
        return _("结果还没有公示")
    later = Result.objects.filter(cycle=result.cycle_id, officer=result.officer_id)
    if later.order_by("-recorded_on", "-id").values_list("pk", flat=True)[0] != result.pk:
        return _("这一行结果已被更正，请对更正后的结果提出")
    return ""


def _unfit_case(case: Case) -> str:
    if case.kind == KIND:
        return _("不能对异议再提异议。你可以依法申请复核或申诉")
    if case.closed_at is not None:
        return _("这件事项已经办结。你可以依法申请复核或申诉")
    return ""


def last_day(aim: Result | Case, clock: Clock) -> date:
    """To the end of the notice, and at least some working days from when the officer could first read of it."""
    if isinstance(aim, Result):
        least = clock.calendar.due(local_day(aim.at), TO_FILE).day
        return max(least, last_day_of_notice(aim.cycle, clock) or least)
    least = clock.calendar.due(local_day(aim.opened_at), TO_FILE).day
    return max(least, clock.day) if aim.state == ON_NOTICE else least


def slot_of(aim: Result | Case) -> str:
    """What only one open objection may be about: a cycle's result of an officer, however often corrected, or a case."""
    return f"result:{aim.cycle_id}:{aim.officer_id}" if isinstance(aim, Result) else f"case:{aim.pk}"


def open_against(aim: Result | Case) -> bool:
    return Objection.objects.filter(slot=slot_of(aim), closed_at__isnull=True).exists()


def _opening(aim: Result | Case, grounds: str, clock: Clock) -> Opening:
    officer: int = aim.officer_id  # type: ignore[assignment]
    line = lines([officer], clock.day)[officer]
    slot = slot_of(aim)
    earlier = Objection.objects.filter(slot=slot).count()
    target = {"result_id": aim.pk} if isinstance(aim, Result) else {"against_id": aim.pk}
    return Opening(
        key=f"{slot}:{earlier + 1}",
        slot=slot,
        title=f"{aim.cycle.code} 考核结果" if isinstance(aim, Result) else aim.title,
        officer_id=officer,
        unit_path=line.unit_path,
        line_path=line.line_path,
        fields={"grounds": grounds, **target},
    )


# Effects ----------------------------------------------------------------------------------------------------------
def hold_the_case(cases: Sequence[Case], moment: Moment) -> Mapping[UUID, Refusal]:
    """The case objected to stands still. One that cannot be held goes on; the objection is looked at all the same."""
    aimed = [case for case in _objections(cases) if case.against_id and not case.holding]
    if aimed:
        outcome = effects.hold([case.against_id for case in aimed if case.against_id], moment, _("对本事项提出了异议"))
        for case in aimed:
            case.holding = case.against_id in outcome.taken
    return {}


def let_the_case_go(cases: Sequence[Case], moment: Moment) -> Mapping[UUID, Refusal]:
    """The case goes on. One that ended in the meantime stays ended."""
    holding = [case for case in _objections(cases) if case.holding]
    if holding:
        effects.release([case.against_id for case in holding if case.against_id], moment, _("异议已有结论"))
        for case in holding:
            case.holding = False
    return {}


def supersede_results(cases: Sequence[Case], moment: Moment) -> Mapping[UUID, Refusal]:
    """What the committee approved becomes a later row; the linkage's next run shows what follows from it."""
    refused: dict[UUID, Refusal] = {}
    clock = Clock(at=moment.at, calendar=moment.calendar)
    changed = {case.pk: case for case in _objections(cases) if case.result_id}
    results = Result.objects.select_related("cycle", "officer__unit").in_bulk(
        [case.result_id for case in changed.values() if case.result_id]
    )
    for case in changed.values():
        result = results[case.result_id or 0]
        said = Said(status=case.new_status, grade=case.new_grade, score=case.new_score, indicators=result.indicators)
        try:
            check(said, result.cycle, unit=False)
        except Refused as unfit:
            refused[case.pk] = Refusal(Reason.UNMET, str(unfit))
            continue
        subject = result.officer
        assert subject is not None  # noqa: S101 - an objection is an officer's
        supersede(cycle=result.cycle, subject=subject, said=said, reason=case.finding, actor=moment.actor, clock=clock)
    return refused


def _objections(cases: Sequence[Case]) -> list[Objection]:
    return [case for case in cases if isinstance(case, Objection)]
