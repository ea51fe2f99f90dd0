"""An adjustment of somebody's post against his wish: nothing before the facts stand and he was heard."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from people.roles import Role
from talent_pool.models.states import AdjustmentState, Measure
from talent_pool.permissions import office
from workflows.holding import Holdable
from workflows.models import Case
from workflows.refusals import Unmet, by_role, by_subject, guard

State = AdjustmentState

OPEN = [
    State.PROPOSED,
    State.HEARING,
    State.VERIFIED,
    State.DECIDED,
    State.NOTIFIED,
    State.EFFECTIVE,
    State.REVIEWED,
    State.EXTENDED,
]
BEFORE_EFFECT = [State.PROPOSED, State.HEARING, State.VERIFIED, State.DECIDED, State.NOTIFIED]


@guard(_("本人陈述已记录，或已写明本人放弃陈述"))
def is_heard(case: Any) -> bool:
    return bool(case.statement)


@guard(_("事实核实情况已写明"))
def has_findings(case: Any) -> bool:
    return bool(case.findings)


@guard(_("可以恢复的调整（辞退不可恢复，应直接办结）"))
def can_return(case: Any) -> bool:
    return bool(case.measure != Measure.DISMISSAL)


@guard(_("尚未执行"))
def is_not_in_effect(case: Any) -> bool:
    return case.effective_on is None


class PostAdjustmentCase(Holdable, Case):
    """A demotion, a dismissal review or a review of a leader. `measure` is what the policy asked for."""

    State = State

    measure = models.CharField(_("调整事由"), max_length=60, choices=Measure.choices)
    findings = models.TextField(_("事实核实"), default="")
    statement = models.TextField(_("本人陈述"), default="")
    decision = models.TextField(_("决定内容"), default="")
    rights = models.TextField(_("权利告知"), default="")
    notified_on = models.DateField(_("送达日"), null=True)
    effective_on = models.DateField(_("生效日"), null=True)
    review_words = models.TextField(_("回访复核意见"), default="")

    class Meta:
        verbose_name = verbose_name_plural = _("岗位调整事项")

    @transition(
        field="state",
        source=State.PROPOSED,
        target=State.HEARING,
        permission=office(Role.HR),
        custom={"label": _("事实已核实，听取陈述"), "harm": False},
    )
    def verify_facts(self, *, findings: str) -> None:
        if not findings.strip():
            raise Unmet(_("请写明核实了哪些事实、依据哪些材料。"))
        self.findings = findings.strip()

    @transition(
        field="state",
        source=State.HEARING,
        target=State.HEARING,
        permission=by_subject,
        custom={"label": _("陈述意见"), "harm": False},
    )
    def state_own_view(self, *, statement: str) -> None:
        self._hear(statement)

    @transition(
        field="state",
        source=State.HEARING,
        target=State.HEARING,
        permission=office(Role.HR),
        custom={"label": _("记录当面陈述"), "harm": False},
    )
    def record_hearing(self, *, statement: str) -> None:
        self._hear(statement)

    def _hear(self, statement: str) -> None:
        """What was said is kept beside what was said before: nobody overwrites another's words."""
        if not statement.strip():
            raise Unmet(_("陈述是空的；本人放弃陈述的，请写明何时、由谁告知。"))
        self.statement = "\n\n".join(filter(None, [self.statement, statement.strip()]))

    @transition(
        field="state",
        source=State.HEARING,
        target=State.VERIFIED,
        conditions=[has_findings, is_heard],
        permission=office(Role.HR),
        custom={"label": _("提交党委研究"), "harm": False},
    )
    def submit(self) -> None:
        pass

    @transition(
        field="state",
        source=State.VERIFIED,
        target=State.PROPOSED,
        permission=office(Role.COMMITTEE),
        custom={"label": _("退回补充核实"), "harm": False},
    )
    def send_back(self) -> None:
        pass

    @transition(
        field="state",
        source=State.VERIFIED,
        target=State.DECIDED,
        conditions=[has_findings, is_heard],
        permission=office(Role.COMMITTEE),
        custom={"label": _("决定调整"), "harm": True},
    )
    def decide(self, *, decision: str) -> None:
        if not decision.strip():
            raise Unmet(_("请写明决定内容：调整到什么职务或职级。"))
        self.decision = decision.strip()

    @transition(
        field="state",
        source=[State.VERIFIED, State.FROZEN],
        target=State.REFUSED,
        conditions=[is_not_in_effect],
        permission=office(Role.COMMITTEE),
        custom={"label": _("不予调整"), "harm": True},
    )
    def refuse(self) -> None:
        pass

    @transition(
        field="state",
        source=State.DECIDED,
        target=State.NOTIFIED,
        permission=office(Role.HR),
        custom={"label": _("书面送达"), "harm": True},
    )
    def notify(self, *, rights: str) -> None:
        if not rights.strip():
            raise Unmet(_("请写明权利告知：可在何时前、向谁申请复核或申诉。"))
        self.rights = rights.strip()

    @transition(
        field="state",
        source=State.NOTIFIED,
        target=State.EFFECTIVE,
        permission=office(Role.HR),
        custom={"label": _("执行调整"), "harm": True},
    )
    def put_into_effect(self, *, effective_on: str) -> None:
        self.effective_on = date.fromisoformat(effective_on)
        if self.notified_on and self.effective_on < self.notified_on:
            raise Unmet(_("生效日不能早于送达日 {day}。").format(day=self.notified_on))

    @transition(
        field="state",
        source=[State.EFFECTIVE, State.EXTENDED],
        target=State.REVIEWED,
        conditions=[can_return],
        permission=office(Role.HR),
        custom={"label": _("完成回访复核"), "harm": False},
    )
    def review(self, *, words: str) -> None:
        if not words.strip():
            raise Unmet(_("请写明回访复核意见。"))
        self.review_words = words.strip()

    @transition(
        field="state",
        source=State.REVIEWED,
        target=State.RETURNED,
        permission=office(Role.COMMITTEE),
        custom={"label": _("恢复原职务职级"), "harm": True},
    )
    def restore(self) -> None:
        pass

    @transition(
        field="state",
        source=State.REVIEWED,
        target=State.EXTENDED,
        permission=office(Role.COMMITTEE),
        custom={"label": _("延长"), "harm": True},
    )
    def extend(self) -> None:
        pass

    @transition(
        field="state",
        source=[State.EFFECTIVE, State.REVIEWED, State.EXTENDED],
        target=State.COMPLETED,
        permission=office(Role.COMMITTEE),
        custom={"label": _("办结"), "harm": True},
    )
    def complete(self) -> None:
        pass

    @transition(
        field="state",
        source=[*OPEN, State.FROZEN],
        target=State.FROZEN,
        permission=by_role(Role.SYSTEM),
        custom={"label": _("因另案冻结"), "harm": True},
    )
    def hold(self) -> None:
        self.be_held(self.state, held=State.FROZEN)

    @transition(
        field="state",
        source=State.FROZEN,
        target=RETURN_VALUE(*OPEN, State.FROZEN),
        permission=by_role(Role.SYSTEM),
        custom={"label": _("另案已结，解冻"), "harm": False},
    )
    def release(self) -> str:
        return self.be_released(held=State.FROZEN)

    @transition(
        field="state",
        source=[*BEFORE_EFFECT, State.FROZEN],
        target=State.WITHDRAWN,
        conditions=[is_not_in_effect],
        permission=office(Role.HR, Role.SYSTEM),
        custom={"label": _("撤回"), "harm": True},
    )
    def withdraw(self) -> None:
        pass
