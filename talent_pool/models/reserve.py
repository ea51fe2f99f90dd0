"""The case of the promotion reserve: candidate, member, appointed or gone; and how it stands still meanwhile."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from people.roles import Role
from talent_pool.models.candidacy import CANDIDATE, Candidacy, is_no_member
from talent_pool.models.membership import APPOINTMENT, MEMBER, Membership
from talent_pool.models.states import ReserveState
from talent_pool.permissions import office
from workflows.holding import Holdable
from workflows.models import Case
from workflows.refusals import by_role
from workflows.steps import step

OPEN = [*CANDIDATE, *MEMBER, *APPOINTMENT]


class ReserveCase(Candidacy, Membership, Holdable, Case):
    """One person in one window. The steps are in `Candidacy` and `Membership`; here are those that stop or end both."""

    State = ReserveState

    suspended_from = models.CharField(max_length=50, default="", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("后备干部事项")
        indexes = [models.Index(fields=["tier", "term_until"], name="reserve_pool")]

    @step(OPEN, ReserveState.SUSPENDED, _("暂停（调查或处分）"), by=office(Role.INSPECTOR, Role.HR), harm=True)
    def suspend(self) -> None:
        self.suspended_from = self.state

    @step(ReserveState.SUSPENDED, RETURN_VALUE(*OPEN), _("恢复"), by=office(Role.INSPECTOR, Role.HR))
    def resume(self) -> str:
        return self.suspended_from

    @step(
        [*OPEN, ReserveState.SUSPENDED, ReserveState.HELD],
        ReserveState.HELD,
        _("因异议搁置"),
        by=by_role(Role.SYSTEM),
        harm=True,
    )
    def hold(self) -> None:
        self.be_held(self.state, held=ReserveState.HELD)

    @step(
        ReserveState.HELD,
        RETURN_VALUE(*OPEN, ReserveState.SUSPENDED, ReserveState.HELD),
        _("异议已结，恢复办理"),
        by=by_role(Role.SYSTEM),
    )
    def release(self) -> str:
        return self.be_released(held=ReserveState.HELD)

    @step(
        [*CANDIDATE, ReserveState.SUSPENDED, ReserveState.HELD],
        ReserveState.WITHDRAWN,
        _("撤回提名"),
        by=office(Role.HR, Role.SYSTEM),
        asks=[is_no_member],
        harm=True,
    )
    def withdraw(self) -> None:
        pass
