"""Errands: the states, the steps, and what each step asks."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from people.roles import Role
from workflows.models import Case
from workflows.refusals import Unmet, any_of, by_role, by_subject, guard


class State(models.TextChoices):
    ASKED = "asked", _("已提出")  # somebody asked for it
    ACCEPTED = "accepted", _("已受理")  # it will be run
    PLANNED = "planned", _("已安排")  # place and days are known
    HELD = "held", _("暂停")  # another case holds it
    DONE = "done", _("已完成")  # it was run
    LAPSED = "lapsed", _("已失效")  # nobody took it up in time


@guard(_("事由已填写"))
def has_purpose(errand: "Errand") -> bool:
    return bool(errand.purpose)


@guard(_("地点已确定"))
def has_place(errand: "Errand") -> bool:
    return bool(errand.place)


class Errand(Case):
    State = State

    purpose = models.CharField(max_length=200)
    place = models.CharField(max_length=50, default="", blank=True)
    days = models.PositiveSmallIntegerField(default=0)
    until = models.DateField(null=True)
    remarks = models.JSONField(default=list)
    back_to = models.CharField(max_length=20, default="", blank=True)

    @transition(
        "state",
        State.ASKED,
        State.ACCEPTED,
        conditions=[has_purpose],
        permission=by_role(Role.HR),
        custom={"label": _("受理"), "harm": False},
    )
    def accept(self) -> None:
        """It will be run."""

    @transition(
        "state",
        State.ACCEPTED,
        State.PLANNED,
        conditions=[has_purpose],
        permission=any_of(by_role(Role.HR), by_subject),
        custom={"label": _("安排"), "harm": False},
    )
    def plan(self, *, place: str, days: int, until: date | None = None) -> None:
        if days <= 0:
            raise Unmet(_("至少需要一天"))
        self.place, self.days, self.until = place, days, until

    @transition(
        "state",
        State.PLANNED,
        State.ACCEPTED,
        permission=by_role(Role.HR),
        custom={"label": _("重新安排"), "harm": False},
    )
    def replan(self) -> None:
        """Somewhere else, or on other days."""

    @transition(
        "state",
        [State.ACCEPTED, State.PLANNED],
        target=None,
        permission=by_role(Role.HR),
        custom={"label": _("备注"), "harm": False},
    )
    def remark(self, *, text: str, title: str = "") -> None:
        self.remarks.append(text)
        self.title = title or self.title

    @transition(
        "state",
        [State.ACCEPTED, State.PLANNED],
        State.HELD,
        permission=by_role(Role.SYSTEM),
        custom={"label": _("暂停"), "harm": True},
    )
    def hold(self) -> None:
        self.back_to = self.state

    @transition(
        "state",
        State.HELD,
        RETURN_VALUE(State.ACCEPTED, State.PLANNED),
        permission=by_role(Role.SYSTEM),
        custom={"label": _("恢复"), "harm": False},
    )
    def release(self) -> str:
        return self.back_to

    @transition(
        "state",
        [State.ACCEPTED, State.PLANNED],
        State.DONE,
        conditions=[has_place],
        permission=by_role(Role.HR),
        custom={"label": _("完成"), "harm": True},
    )
    def finish(self) -> None:
        """It was run."""

    @transition(
        "state",
        State.ASKED,
        State.LAPSED,
        permission=by_role(Role.SYSTEM),
        custom={"label": _("失效"), "harm": True},
    )
    def lapse(self) -> None:
        """Nobody took it up."""
