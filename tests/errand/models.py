"""Errands: the states, the steps, and what each step asks."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from people.roles import Role
from workflows.models import Case
from workflows.refusals import Unmet, any_of, by_role, by_subject, guard
from workflows.steps import step


class State(models.TextChoices):
    ASKED = "asked", _("已提出")  # somebody asked for it
    ACCEPTED = "accepted", _("已受理")  # it will be run
    PLANNED = "planned", _("已安排")  # place and days are known
    HELD = "held", _("暂停")  # another case holds it
    DONE = "done", _("已完成")  # it was run
    LAPSED = "lapsed", _("已失效")  # nobody took it up in time
    WITHDRAWN = "withdrawn", _("已撤回")  # the decision behind it no longer holds


OPEN = [State.ASKED, State.ACCEPTED, State.PLANNED, State.HELD]


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

    @step(State.ASKED, State.ACCEPTED, _("受理"), by=by_role(Role.HR), asks=[has_purpose])
    def accept(self) -> None:
        """It will be run."""

    @step(State.ACCEPTED, State.PLANNED, _("安排"), by=any_of(by_role(Role.HR), by_subject), asks=[has_purpose])
    def plan(self, *, place: str, days: int, until: date | None = None) -> None:
        if days <= 0:
            raise Unmet(_("至少需要一天"))
        self.place, self.days, self.until = place, days, until

    @step(State.PLANNED, State.ACCEPTED, _("重新安排"), by=by_role(Role.HR))
    def replan(self) -> None:
        """Somewhere else, or on other days."""

    @step([State.ACCEPTED, State.PLANNED], None, _("备注"), by=by_role(Role.HR))
    def remark(self, *, text: str, title: str = "") -> None:
        self.remarks.append(text)
        self.title = title or self.title

    @step([State.ACCEPTED, State.PLANNED], State.HELD, _("暂停"), by=by_role(Role.SYSTEM), harm=True)
    def hold(self) -> None:
        self.back_to = self.state

    @step(State.HELD, RETURN_VALUE(State.ACCEPTED, State.PLANNED), _("恢复"), by=by_role(Role.SYSTEM))
    def release(self) -> str:
        return self.back_to

    @step([State.ACCEPTED, State.PLANNED], State.DONE, _("完成"), by=by_role(Role.HR), asks=[has_place], harm=True)
    def finish(self) -> None:
        """It was run."""

    @step(State.ASKED, State.LAPSED, _("失效"), by=by_role(Role.SYSTEM), harm=True)
    def lapse(self) -> None:
        """Nobody took it up."""

    @step(OPEN, State.WITHDRAWN, _("撤回"), by=by_role(Role.SYSTEM), harm=True)
    def withdraw(self) -> None:
        """What asked for it no longer holds."""

    @step(OPEN, None, _("并入新的认定"), by=by_role(Role.SYSTEM))
    def join(self) -> None:
        """One more decision asks for it."""
