"""Rest leaves as the engine sees them."""

from django.utils.translation import gettext_lazy as _

from people.roles import Role
from tests.fourth_linkage.models import RestCase
from workflows.calendars import Deadline
from workflows.kinds import Dispatch, Duty, Kind

State = RestCase.State
KIND = Kind(
    name="rest",
    title=_("疗休养"),
    icon="training",
    model=RestCase,
    initial=State.PROPOSED,
    path=(State.PROPOSED, State.APPROVED, State.TAKEN),
    openers=(Role.SYSTEM, Role.HR),
    readers=(Role.HR, Role.UNIT_HEAD, Role.AUDITOR),
    tones={State.PROPOSED: "warn", State.APPROVED: "info", State.TAKEN: "ok", State.REFUSED: "mute"},
    duties={
        State.PROPOSED: Duty(role=Role.HR, title=_("审批疗休养"), due=Deadline(number=5)),
        State.APPROVED: Duty(role=Role.UNIT_HEAD, title=_("安排休假"), due=Deadline(number=30, unit="days")),
    },
    dispatches={
        State.APPROVED: (
            Dispatch(
                topic="rest.approved",
                role=Role.OFFICER,
                title_zh="{subject}：{title}已批准",
                title_en="{subject}: {title} approved",
            ),
        )
    },
    outcomes={State.TAKEN: "taken", State.REFUSED: "refused"},
)
