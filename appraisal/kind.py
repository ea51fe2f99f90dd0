"""Objections as the engine sees them."""

from django.utils.translation import gettext_lazy as _

from appraisal.actions.objections import KIND as NAME
from appraisal.actions.objections import hold_the_case, let_the_case_go, supersede_results
from appraisal.forms import AssignForm, ChangeForm, FindingForm
from appraisal.objection import Objection, State
from people.roles import Role
from workflows.calendars import Deadline
from workflows.kinds import Dispatch, Duty, Kind


def told(role: str, zh: str, en: str) -> Dispatch:
    return Dispatch(topic="objection", role=role, title_zh=zh, title_en=en)


DECIDED = told(Role.OFFICER, "你的异议“{title}”：{state}", "Your objection to {title}: {state}")

KIND = Kind(
    name=NAME,
    title=_("异议"),
    icon="objection",
    model=Objection,
    initial=State.FILED,
    path=(State.FILED, State.UNDER_REVIEW, State.CHANGED, State.REAPPROVED, State.RECOMPUTED),
    openers=(Role.OFFICER,),
    readers=(Role.HR, Role.COMMITTEE, Role.LEADER, Role.INSPECTOR, Role.AUDITOR),
    tones={
        State.FILED: "info",
        State.UNDER_REVIEW: "info",
        State.CHANGED: "warn",
        State.REAPPROVED: "info",
        State.RECOMPUTED: "ok",
        State.UPHELD: "ok",
        State.REJECTED: "bad",
        State.WITHDRAWN: "mute",
    },
    duties={
        State.FILED: Duty(
            role=Role.HR, title=_("受理异议，指定复核人"), due=Deadline(number=5), remind=Deadline(number=3)
        ),
        State.UNDER_REVIEW: Duty(
            role=Role.UNIT_HEAD,
            title=_("复核异议"),
            due=Deadline(number=10),
            remind=Deadline(number=7),
            person=lambda objection: objection.assessor_id,
        ),
        State.CHANGED: Duty(
            role=Role.COMMITTEE, title=_("重新审定结果"), due=Deadline(number=5), remind=Deadline(number=3)
        ),
        State.REAPPROVED: Duty(
            role=Role.HR, title=_("复算后续事项并确认"), due=Deadline(number=5), remind=Deadline(number=3)
        ),
    },
    effects={
        State.FILED: (hold_the_case,),
        State.REAPPROVED: (supersede_results,),
        State.RECOMPUTED: (let_the_case_go,),
        State.UPHELD: (let_the_case_go,),
        State.REJECTED: (let_the_case_go,),
        State.WITHDRAWN: (let_the_case_go,),
    },
    dispatches={
        State.FILED: (told(Role.HR, "{subject}对“{title}”提出异议", "{subject} objects to {title}"),),
        State.UNDER_REVIEW: (
            told(Role.OFFICER, "你的异议“{title}”已受理", "Your objection to {title} is under review"),
        ),
        State.CHANGED: (
            told(
                Role.COMMITTEE, "{subject}的异议“{title}”拟变更，请重新审定", "Objection of {subject}: change proposed"
            ),
        ),
        State.REAPPROVED: (DECIDED,),
        State.RECOMPUTED: (DECIDED,),
        State.UPHELD: (DECIDED,),
        State.REJECTED: (DECIDED,),
    },
    outcomes={
        State.RECOMPUTED: "changed",
        State.UPHELD: "upheld",
        State.REJECTED: "rejected",
        State.WITHDRAWN: "withdrawn",
    },
    forms={"assign": AssignForm, "uphold": FindingForm, "change": ChangeForm},
    panel="appraisal/objection_panel.html",
)
