"""Mandatory training and improvement plans as the engine sees them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.roles import Role
from training import effects, forms
from training.models import TITLES, Form, Outcome, TrainingCase
from workflows.calendars import Deadline
from workflows.kinds import DecisionView, Dispatch, Duty, Kind

State = TrainingCase.State
CLOSED = (State.CLOSED_IMPROVED, State.CLOSED_FAILED)


def from_decision(decision: DecisionView) -> tuple[str, Mapping[str, Any]]:
    form = Form(decision.outcome)
    return TITLES[form], {"form": form.value, "focus": decision.focus, "stage": 2 if form == Form.STAGE_2 else 1}


def join_inputs(decision: DecisionView) -> Mapping[str, Any]:
    return {"form": Form(decision.outcome).value, "focus": decision.focus}


def _end(case: TrainingCase) -> Deadline | date:
    # UK-002: a period to improve is three months unless the plan says otherwise.
    return case.ends_on or Deadline(number=3, unit="months")


def _back(case: TrainingCase) -> Deadline | date:
    return case.paused_until or Deadline(number=30, unit="days")


def _watched(case: TrainingCase) -> Deadline | date:
    return case.watch_until or effects.WATCHED


def _own_unit(case: TrainingCase) -> str:
    return case.unit_path


def plan_closed(case: TrainingCase) -> dict[str, Any]:
    """The fact that goes back to appraisal: counters of relapse start from it."""
    subject = {"officer": case.officer_id} if case.officer_id else {"unit": case.unit_id}
    improved = case.state == State.CLOSED_IMPROVED
    return {
        "subject": subject,
        "kind": "plan_closed",
        "level": "改进达标" if improved else "未改进",
        "from": case.closed_on.isoformat() if case.closed_on else "",
        "to": None,
        "note": case.focus,
        "source": f"training:{case.pk}:closed",
    }


DUTIES: Mapping[str, Duty] = {
    # CN-038: the talk follows the result at once; the number of days is the bureau's own.
    State.FLAGGED: Duty(role=Role.HR, title=_("转单位核实原因"), due=Deadline(number=5), remind=Deadline(number=3)),
    # CN-062: ask first whether it is skill or workload. Ten working days, as any review (design, objection).
    State.UNDER_REVIEW: Duty(
        role=Role.UNIT_HEAD,
        title=_("核实原因：是能力、任务、装备还是数据"),
        due=Deadline(number=10),
        remind=Deadline(number=7),
    ),
    # CN-025: 限期改进 needs a plan with dates. Ten working days to agree on it are the bureau's own.
    State.NOTIFIED: Duty(
        role=Role.UNIT_HEAD, title=_("与本人商定目标并签字"), due=Deadline(number=10), remind=Deadline(number=7)
    ),
    # UK-002: seven working days for the person's comments on a written notice; five here.
    State.PROPOSED: Duty(
        role=Role.OFFICER,
        at=_own_unit,  # a unit signs by its own head, not by the one above
        title=_("看提升计划，签字或退回商量"),
        due=Deadline(number=5),
        remind=Deadline(number=3),
    ),
    # AN-001: learning begins within thirty days of the notice.
    State.PLANNED: Duty(
        role=Role.TRAINING_UNIT,
        title=_("安排进班或开始计划"),
        due=Deadline(number=30, unit="days"),
        remind=Deadline(number=20, unit="days"),
    ),
    # UK-002, UK-008: judged at the end of the period, and by somebody else than the line manager.
    State.ACTIVE: Duty(role=Role.TRAINING_UNIT, title=_("期满复评"), due=_end, usual=Deadline(number=3, unit="months")),
    # UK-007: the clock stands still during leave; somebody has to ask whether it is over.
    State.PAUSED: Duty(role=Role.UNIT_HEAD, title=_("核对能否恢复"), due=_back, usual=Deadline(number=30, unit="days")),
    # UK-008: a written result each time.
    State.REASSESSED: Duty(
        role=Role.HR, title=_("告知复评结果并决定下一步"), due=Deadline(number=5), remind=Deadline(number=3)
    ),
    # UK-002: valid for twelve months from the notice.
    State.MONITORING: Duty(
        role=Role.UNIT_HEAD,
        title=_("观察巩固情况"),
        due=_watched,
        usual=effects.WATCHED,
        expiry=TrainingCase.close_improved,
    ),
    # Design, chapter 6: an objection is reviewed in ten working days and re-approved in five.
    State.HELD: Duty(role=Role.HR, title=_("等待异议处理结果"), due=Deadline(number=15)),
}


def tell(topic: str, title_zh: str, title_en: str, *roles: str) -> tuple[Dispatch, ...]:
    return tuple(
        Dispatch(
            topic=f"training.{topic}",
            role=role,
            title_zh=title_zh,
            title_en=title_en,
            at=_own_unit if role == Role.OFFICER else None,
        )
        for role in roles
    )


FACT = Dispatch(
    topic="fact",
    role=Role.SYSTEM,
    title_zh="{subject}：{title}结案",
    title_en="{subject}: {title} closed",
    payload=plan_closed,
)

DISPATCHES: Mapping[str, Sequence[Dispatch]] = {
    State.FLAGGED: tell("flagged", "{subject}：{title}待转单位核实", "{subject}: {title} to be looked into", Role.HR),
    State.UNDER_REVIEW: tell(
        "review", "{subject}：请核实{title}的原因", "{subject}: name the cause behind {title}", Role.UNIT_HEAD
    ),
    State.NOTIFIED: tell(
        "notified",
        "{subject}：{title}已通知本人",
        "{subject}: {title}, the officer was told",
        Role.OFFICER,
        Role.TRAINING_UNIT,
    ),
    State.PROPOSED: tell(
        "proposed", "{subject}：{title}请本人签字", "{subject}: {title}, please read and sign", Role.OFFICER
    ),
    State.PLANNED: tell(
        "planned", "{subject}：{title}已商定，待安排", "{subject}: {title} agreed, to be arranged", Role.TRAINING_UNIT
    ),
    State.ACTIVE: tell("active", "{subject}：{title}开始", "{subject}: {title} begins", Role.OFFICER, Role.UNIT_HEAD),
    State.PAUSED: tell(
        "paused", "{subject}：{title}已暂停", "{subject}: {title} paused", Role.OFFICER, Role.TRAINING_UNIT
    ),
    State.REASSESSED: tell(
        "reassessed", "{subject}：{title}已复评", "{subject}: {title} reassessed", Role.HR, Role.UNIT_HEAD
    ),
    State.MONITORING: tell(
        "monitoring",
        "{subject}：{title}进入观察期",
        "{subject}: {title} is being watched",
        Role.OFFICER,
        Role.UNIT_HEAD,
    ),
    State.HELD: tell(
        "held",
        "{subject}：{title}因异议搁置",
        "{subject}: {title} held by an objection",
        Role.OFFICER,
        Role.TRAINING_UNIT,
    ),
    State.CLOSED_IMPROVED: (
        *tell("closed", "{subject}：{title}结案", "{subject}: {title} closed", Role.OFFICER, Role.HR),
        FACT,
    ),
    State.CLOSED_FAILED: (
        *tell("closed", "{subject}：{title}结案", "{subject}: {title} closed", Role.OFFICER, Role.HR, Role.UNIT_HEAD),
        FACT,
    ),
    State.NO_ACTION: tell(
        "no_action", "{subject}：{title}不采取措施", "{subject}: {title}, no action", Role.OFFICER, Role.HR
    ),
    State.WITHDRAWN: tell(
        "withdrawn", "{subject}：{title}已撤回", "{subject}: {title} withdrawn", Role.OFFICER, Role.UNIT_HEAD
    ),
}

KIND = Kind(
    name="training",
    title=_("能力提升"),
    icon="training",
    model=TrainingCase,
    initial=State.FLAGGED,
    path=(
        State.FLAGGED,
        State.UNDER_REVIEW,
        State.NOTIFIED,
        State.PROPOSED,
        State.PLANNED,
        State.ACTIVE,
        State.REASSESSED,
        State.MONITORING,
        State.CLOSED_IMPROVED,
    ),
    openers=(Role.SYSTEM, Role.HR),
    readers=(Role.HR, Role.UNIT_HEAD, Role.LEADER, Role.TRAINING_UNIT, Role.INSPECTOR, Role.AUDITOR),
    tones={
        State.FLAGGED: "mute",
        State.UNDER_REVIEW: "info",
        State.NOTIFIED: "info",
        State.PROPOSED: "warn",
        State.PLANNED: "warn",
        State.ACTIVE: "info",
        State.PAUSED: "hold",
        State.REASSESSED: "info",
        State.MONITORING: "info",
        State.HELD: "hold",
        State.CLOSED_IMPROVED: "ok",
        State.CLOSED_FAILED: "bad",
        State.NO_ACTION: "mute",
        State.WITHDRAWN: "mute",
    },
    duties=DUTIES,
    effects={
        State.NOTIFIED: (effects.free_seats,),
        State.PROPOSED: (effects.write_goals,),
        State.PLANNED: (effects.free_seats,),
        State.ACTIVE: (effects.take_seats, effects.go_on),
        State.PAUSED: (effects.stand_still,),
        State.MONITORING: (effects.watch,),
        State.NO_ACTION: (effects.free_seats,),
        State.WITHDRAWN: (effects.free_seats,),
        State.CLOSED_IMPROVED: (effects.note_the_day,),
        State.CLOSED_FAILED: (effects.free_seats, effects.note_the_day, effects.open_post_adjustment),
    },
    dispatches=DISPATCHES,
    outcomes={
        State.CLOSED_IMPROVED: Outcome.IMPROVED,
        State.CLOSED_FAILED: Outcome.FAILED,
        State.NO_ACTION: Outcome.NO_ACTION,
        State.WITHDRAWN: Outcome.WITHDRAWN,
    },
    forms=forms.BY_STEP,
    hold=TrainingCase.hold,
    release=TrainingCase.release,
    from_decision=from_decision,
    join=TrainingCase.join,
    join_inputs=join_inputs,
    withdraw=TrainingCase.withdraw,
    panel="training/_panel.html",
)
