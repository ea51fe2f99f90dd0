"""The adjustment of a post as the engine sees it: who must act by when, and who is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.roles import Role
from talent_pool import effects, forms
from talent_pool.models import PostAdjustmentCase
from talent_pool.models.states import AdjustmentState as State
from workflows.calendars import Deadline
from workflows.kinds import DecisionView, Dispatch, Duty, Kind


def opening(decision: DecisionView) -> tuple[str, Mapping[str, Any]]:
    return decision.outcome, {"measure": decision.outcome}


# 推进领导干部能上能下规定(2022) 5: 核实认定 > 提出调整建议 > 组织决定 > 谈话 > 任免手续 > 回访. It names no days except
# where noted; the others are the bureau's own.
DUTIES: Mapping[str, Duty] = {
    State.PROPOSED: Duty(role=Role.HR, title=_("核实事实"), due=Deadline(number=15), remind=Deadline(number=10)),
    # Laid on HR, who has to see to it that he is heard; he himself is asked by a message and can speak by himself.
    State.HEARING: Duty(role=Role.HR, title=_("听取本人陈述"), due=Deadline(number=10), remind=Deadline(number=5)),
    State.VERIFIED: Duty(
        role=Role.COMMITTEE, title=_("研究岗位调整"), due=Deadline(number=20), remind=Deadline(number=15)
    ),
    State.DECIDED: Duty(role=Role.HR, title=_("书面送达并告知权利"), due=Deadline(number=5)),
    # 公务员法(2018) 95: 三十日内申请复核; it does not stay execution, so the adjustment may take effect before.
    State.NOTIFIED: Duty(role=Role.HR, title=_("办理任免和工资手续"), due=Deadline(number=30, unit="days", rolls=True)),
    State.EFFECTIVE: Duty(
        role=Role.HR,
        title=_("满一年回访复核"),
        due=Deadline(number=1, unit="years"),
        remind=Deadline(number=11, unit="months"),
    ),
    State.REVIEWED: Duty(role=Role.COMMITTEE, title=_("决定恢复或延长"), due=Deadline(number=20)),
    State.EXTENDED: Duty(
        role=Role.HR,
        title=_("再满一年回访复核"),
        due=Deadline(number=1, unit="years"),
        remind=Deadline(number=11, unit="months"),
    ),
    # An objection is reviewed in 10 working days and approved again in 5.
    State.FROZEN: Duty(role=Role.HR, title=_("跟进另案处理"), due=Deadline(number=15)),
}

DISPATCHES: Mapping[str, Sequence[Dispatch]] = {
    State.PROPOSED: [
        Dispatch(
            topic="post_adjustment.proposed",
            role=Role.HR,
            title_zh="{subject}：{title}已提出，请核实事实",
            title_en="{subject}: {title} was proposed; please verify the facts",
        )
    ],
    State.HEARING: [
        Dispatch(
            topic="post_adjustment.hearing",
            role=Role.OFFICER,
            title_zh="有一件岗位调整事项需要听取你的陈述，还没有作出决定",
            title_en="Your statement is asked in a case about your post; nothing has been decided",
        )
    ],
    State.NOTIFIED: [
        Dispatch(
            topic="post_adjustment.notified",
            role=Role.OFFICER,
            title_zh="已对你作出岗位调整决定，内容和你的权利见事项",
            title_en="A decision about your post was made; the case states it and your rights",
        ),
        Dispatch(
            topic="post_adjustment.notified",
            role=Role.UNIT_HEAD,
            title_zh="{subject}：{title}已书面送达",
            title_en="{subject}: {title} was served in writing",
        ),
    ],
    State.REFUSED: [
        Dispatch(
            topic="post_adjustment.refused",
            role=Role.OFFICER,
            title_zh="经研究，不对你作岗位调整",
            title_en="It was decided not to adjust your post",
        )
    ],
    State.RETURNED: [
        Dispatch(
            topic="post_adjustment.returned",
            role=Role.OFFICER,
            title_zh="已恢复你的原职务职级",
            title_en="Your former post and rank were restored",
        )
    ],
    State.EXTENDED: [
        Dispatch(
            topic="post_adjustment.extended",
            role=Role.OFFICER,
            title_zh="你的岗位调整已延长，理由见事项",
            title_en="The adjustment of your post was extended; the case says why",
        )
    ],
}

POST_ADJUSTMENT = Kind(
    name="post_adjustment",
    title=_("岗位调整"),
    icon="adjust",
    model=PostAdjustmentCase,
    initial=State.PROPOSED,
    path=[
        State.PROPOSED,
        State.HEARING,
        State.VERIFIED,
        State.DECIDED,
        State.NOTIFIED,
        State.EFFECTIVE,
        State.REVIEWED,
        State.RETURNED,
    ],
    openers=[Role.SYSTEM, Role.HR],
    readers=[Role.HR, Role.UNIT_HEAD, Role.LEADER, Role.COMMITTEE, Role.INSPECTOR, Role.AUDITOR],
    tones={
        State.PROPOSED: "mute",
        State.HEARING: "info",
        State.VERIFIED: "warn",
        State.DECIDED: "info",
        State.NOTIFIED: "info",
        State.EFFECTIVE: "info",
        State.REVIEWED: "warn",
        State.EXTENDED: "info",
        State.RETURNED: "ok",
        State.COMPLETED: "mute",
        State.REFUSED: "mute",
        State.FROZEN: "hold",
        State.WITHDRAWN: "mute",
    },
    duties=DUTIES,
    effects={State.NOTIFIED: [effects.date_service]},
    dispatches=DISPATCHES,
    outcomes={
        State.RETURNED: "returned",
        State.COMPLETED: "completed",
        State.REFUSED: "refused",
        State.WITHDRAWN: "withdrawn",
    },
    forms={
        "verify_facts": forms.FindingsForm,
        "state_own_view": forms.StatementForm,
        "record_hearing": forms.StatementForm,
        "decide": forms.AdjustmentForm,
        "notify": forms.NotificationForm,
        "put_into_effect": forms.EffectiveForm,
        "review": forms.RevisitForm,
    },
    hold=PostAdjustmentCase.hold,
    release=PostAdjustmentCase.release,
    from_decision=opening,
    withdraw=PostAdjustmentCase.withdraw,
    revoke=PostAdjustmentCase.restore,  # of no ground of its own: the person gets back what was his
    panel="talent_pool/_adjustment_panel.html",
)
