"""The priority of a unit as the engine sees it: who must act by when, and who is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.roles import Role
from rewards import effects, forms
from rewards.models import ResourceCase
from rewards.models.resource import State
from workflows import public_notice
from workflows.calendars import Deadline
from workflows.kinds import DecisionView, Dispatch, Duty, Kind


def own_path(case: ResourceCase) -> str:
    """The unit itself asks and confirms, not the line above it."""
    return case.unit_path


def opening(decision: DecisionView) -> tuple[str, Mapping[str, Any]]:
    return decision.outcome, {}


# 派出所绩效考核“找差距”, 资源挂钩: 优先保障高绩效单位装备、经费. It names no days: these are the bureau's own.
DUTIES: Mapping[str, Duty] = {
    State.RANKED: Duty(role=Role.HR, title=_("初审单位资源保障"), due=Deadline(number=10), remind=Deadline(number=7)),
    State.SCREENED: Duty(
        role=Role.UNIT_HEAD,
        title=_("申报装备和经费需求"),
        due=Deadline(number=20),
        remind=Deadline(number=15),
        at=own_path,
    ),
    State.PROPOSED: Duty(
        role=Role.EQUIPMENT, title=_("审核单位需求"), due=Deadline(number=10), remind=Deadline(number=7)
    ),
    State.REVIEWED: Duty(role=Role.COMMITTEE, title=_("研究保障方案并公示"), due=Deadline(number=15)),
    State.ON_NOTICE: Duty(
        role=Role.HR,
        title=_("公示期内受理异议"),
        due=lambda case: public_notice.due(case.notice_from, case.notice_days, case.notice_until),
        usual=Deadline(number=ResourceCase.notice_days),
        expiry=ResourceCase.approve,
    ),
    State.APPROVED: Duty(
        role=Role.EQUIPMENT, title=_("安排装备经费"), due=Deadline(number=20), remind=Deadline(number=15)
    ),
    State.ALLOCATED: Duty(
        role=Role.EQUIPMENT,
        title=_("交付装备经费"),
        due=Deadline(number=6, unit="months"),
        remind=Deadline(number=5, unit="months"),
    ),
    State.DELIVERED: Duty(
        role=Role.HR,
        title=_("次年复核成效"),
        due=Deadline(number=1, unit="years"),
        remind=Deadline(number=11, unit="months"),
    ),
    # An objection is reviewed in 10 working days and approved again in 5.
    State.HELD: Duty(role=Role.HR, title=_("跟进异议处理"), due=Deadline(number=15)),
}

DISPATCHES: Mapping[str, Sequence[Dispatch]] = {
    State.RANKED: [
        Dispatch(
            topic="resource.detected",
            role=Role.HR,
            title_zh="{subject}：列入{title}，请初审",
            title_en="{subject}: ranked for {title}; please screen",
        )
    ],
    State.SCREENED: [
        Dispatch(
            topic="resource.ranked",
            role=Role.EQUIPMENT,
            title_zh="{subject}：列入{title}，单位将申报需求",
            title_en="{subject}: ranked for {title}; the unit will state its needs",
        )
    ],
    State.ON_NOTICE: [
        Dispatch(
            topic="resource.notice",
            role=Role.UNIT_HEAD,
            title_zh="{subject}：{title}开始公示",
            title_en="{subject}: public notice of {title} has begun",
            at=own_path,
        )
    ],
    State.REJECTED: [
        Dispatch(
            topic="resource.rejected",
            role=Role.UNIT_HEAD,
            title_zh="{subject}：{title}未获通过，理由见事项",
            title_en="{subject}: {title} was not granted; the case says why",
            at=own_path,
        )
    ],
    State.DELIVERED: [
        Dispatch(
            topic="resource.delivered",
            role=Role.UNIT_HEAD,
            title_zh="{subject}：{title}已交付，请确认收到",
            title_en="{subject}: {title} was delivered; please confirm receipt",
            at=own_path,
        )
    ],
    State.RESCINDED: [
        Dispatch(
            topic="resource.rescinded",
            role=role,
            title_zh="{subject}：{title}已取消，理由见事项",
            title_en="{subject}: {title} was rescinded; the case says why",
            at=own_path,
        )
        for role in (Role.UNIT_HEAD, Role.EQUIPMENT)
    ],
}

RESOURCE = Kind(
    name="resource",
    title=_("资源保障"),
    icon="resource",
    model=ResourceCase,
    initial=State.RANKED,
    path=[
        State.RANKED,
        State.SCREENED,
        State.PROPOSED,
        State.REVIEWED,
        State.ON_NOTICE,
        State.APPROVED,
        State.ALLOCATED,
        State.DELIVERED,
        State.CLOSED,
    ],
    openers=[Role.SYSTEM, Role.HR],
    readers=[Role.HR, Role.UNIT_HEAD, Role.LEADER, Role.EQUIPMENT, Role.COMMITTEE, Role.INSPECTOR, Role.AUDITOR],
    tones={
        State.RANKED: "mute",
        State.SCREENED: "info",
        State.PROPOSED: "info",
        State.REVIEWED: "info",
        State.ON_NOTICE: "info",
        State.APPROVED: "info",
        State.ALLOCATED: "info",
        State.DELIVERED: "ok",
        State.CLOSED: "ok",
        State.HELD: "hold",
        State.REJECTED: "bad",
        State.WITHDRAWN: "mute",
        State.RESCINDED: "bad",
    },
    duties=DUTIES,
    effects={State.ON_NOTICE: [effects.date_notice]},
    dispatches=DISPATCHES,
    outcomes={
        State.CLOSED: "closed",
        State.REJECTED: "rejected",
        State.WITHDRAWN: "withdrawn",
        State.RESCINDED: "rescinded",
    },
    forms={
        "propose": forms.RequestForm,
        "review": forms.PriorityForm,
        "allocate": forms.AllocationForm,
        "deliver": forms.DeliveryForm,
        "confirm_receipt": forms.ReceiptForm,
        "review_effect": forms.BenefitForm,
    },
    hold=ResourceCase.hold,
    release=ResourceCase.release,
    from_decision=opening,
    withdraw=ResourceCase.withdraw,
    revoke=ResourceCase.rescind,
    panel="rewards/_resource_panel.html",
)
