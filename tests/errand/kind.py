"""Errands as the engine sees them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.roles import Role
from tests.errand.forms import PlanForm, RemarkForm
from tests.errand.models import Errand, State
from workflows.calendars import Deadline
from workflows.kinds import DecisionView, Dispatch, Duty, Kind


def time_for_the_errand(errand: Errand) -> Deadline | date:
    return errand.until or Deadline(number=errand.days, unit="days")


def from_decision(decision: DecisionView) -> tuple[str, Mapping[str, Any]]:
    return decision.outcome, {"purpose": decision.rule}


def told(role: str = Role.HR, topic: str = "errand") -> Dispatch:
    return Dispatch(
        topic=topic, role=role, title_zh="{subject}：{title}{state}", title_en="{subject}: {title}, {state}"
    )


KIND = Kind(
    name="errand",
    title=_("差事"),
    icon="file",
    model=Errand,
    initial=State.ASKED,
    path=(State.ASKED, State.ACCEPTED, State.PLANNED, State.DONE),
    openers=(Role.HR, Role.OFFICER),
    readers=(Role.HR, Role.UNIT_HEAD, Role.LEADER),
    tones={
        State.ASKED: "info",
        State.ACCEPTED: "info",
        State.PLANNED: "info",
        State.HELD: "hold",
        State.DONE: "ok",
        State.LAPSED: "mute",
        State.WITHDRAWN: "mute",
    },
    duties={
        State.ASKED: Duty(
            role=Role.HR, title=_("受理"), due=Deadline(number=5), remind=Deadline(number=3), expiry=Errand.lapse
        ),
        State.ACCEPTED: Duty(role=Role.UNIT_HEAD, title=_("安排"), due=Deadline(number=10), remind=Deadline(number=7)),
        State.PLANNED: Duty(role=Role.OFFICER, title=_("办理"), due=time_for_the_errand),
        State.HELD: Duty(role=Role.HR, title=_("等待恢复"), due=Deadline(number=30, unit="days")),
    },
    dispatches={
        State.ASKED: (told(),),
        State.ACCEPTED: (told(),),
        State.PLANNED: (told(), told(Role.OFFICER)),
        State.DONE: (told(), told(Role.SYSTEM, "errand done")),
    },
    outcomes={State.DONE: "done", State.LAPSED: "lapsed", State.WITHDRAWN: "withdrawn"},
    forms={"plan": PlanForm, "remark": RemarkForm},
    hold=Errand.hold,
    release=Errand.release,
    from_decision=from_decision,
    join=Errand.join,
    withdraw=Errand.withdraw,
)
