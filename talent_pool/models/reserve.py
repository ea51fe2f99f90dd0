"""The case of the promotion reserve: candidate, member, appointed or gone; and how it stands still meanwhile."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from people.roles import Role
from talent_pool.models.candidacy import CANDIDATE, Candidacy, is_no_member
from talent_pool.models.membership import APPOINTMENT, MEMBER, Membership
from talent_pool.models.states import ReserveState
from talent_pool.permissions import office
from workflows.holding import Holdable
from workflows.models import Case
from workflows.refusals import by_role

OPEN = [*CANDIDATE, *MEMBER, *APPOINTMENT]


class ReserveCase(Candidacy, Membership, Holdable, Case):
    """One person in one window. The steps are in `Candidacy` and `Membership`; here are those that stop or end both."""

    State = ReserveState

    suspended_from = models.CharField(max_length=50, default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("后备干部事项")
        indexes = [models.Index(fields=["tier", "term_until"], name="reserve_pool")]

    @transition(
        field="state",
        source=OPEN,
        target=ReserveState.SUSPENDED,
        permission=office(Role.INSPECTOR, Role.HR),
        custom={"label": _("暂停（调查或处分）"), "harm": True},
    )
    def suspend(self) -> None:
        self.suspended_from = self.state

    @transition(
        field="state",
        source=ReserveState.SUSPENDED,
        target=RETURN_VALUE(*OPEN),
        permission=office(Role.INSPECTOR, Role.HR),
        custom={"label": _("恢复"), "harm": False},
    )
    def resume(self) -> str:
        return self.suspended_from

    @transition(
        field="state",
        source=[*OPEN, ReserveState.SUSPENDED, ReserveState.HELD],
        target=ReserveState.HELD,
        permission=by_role(Role.SYSTEM),
        custom={"label": _("因异议搁置"), "harm": True},
    )
    def hold(self) -> None:
        self.be_held(self.state, held=ReserveState.HELD)

    @transition(
        field="state",
        source=ReserveState.HELD,
        target=RETURN_VALUE(*OPEN, ReserveState.SUSPENDED, ReserveState.HELD),
        permission=by_role(Role.SYSTEM),
        custom={"label": _("异议已结，恢复办理"), "harm": False},
    )
    def release(self) -> str:
        return self.be_released(held=ReserveState.HELD)

    @transition(
        field="state",
        source=[*CANDIDATE, ReserveState.SUSPENDED, ReserveState.HELD],
        target=ReserveState.WITHDRAWN,
        conditions=[is_no_member],
        permission=office(Role.HR, Role.SYSTEM),
        custom={"label": _("撤回提名"), "harm": True},
    )
    def withdraw(self) -> None:
        pass
