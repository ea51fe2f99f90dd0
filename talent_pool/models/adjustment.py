"""An adjustment of somebody's post against his wish: nothing before the facts stand and he was heard."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from people.roles import Role
from talent_pool.models.states import AdjustmentState, Measure
from talent_pool.permissions import office
from workflows.holding import Holdable
from workflows.models import Case
from workflows.refusals import Unmet, by_role, by_subject, guard
from workflows.steps import step

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

    @step(State.PROPOSED, State.HEARING, _("事实已核实，听取陈述"), by=office(Role.HR))
    def verify_facts(self, *, findings: str) -> None:
        if not findings.strip():
            raise Unmet(_("请写明核实了哪些事实、依据哪些材料。"))
        self.findings = findings.strip()

    @step(State.HEARING, None, _("陈述意见"), by=by_subject)
    def state_own_view(self, *, statement: str) -> None:
        self._hear(statement)

    @step(State.HEARING, None, _("记录当面陈述"), by=office(Role.HR))
    def record_hearing(self, *, statement: str) -> None:
        self._hear(statement)

    def _hear(self, statement: str) -> None:
        """What was said is kept beside what was said before: nobody overwrites another's words."""
        if not statement.strip():
            raise Unmet(_("陈述是空的；本人放弃陈述的，请写明何时、由谁告知。"))
        self.statement = "\n\n".join(filter(None, [self.statement, statement.strip()]))

    @step(State.HEARING, State.VERIFIED, _("提交党委研究"), by=office(Role.HR), asks=[has_findings, is_heard])
    def submit(self) -> None:
        pass

    @step(State.VERIFIED, State.PROPOSED, _("退回补充核实"), by=office(Role.COMMITTEE))
    def send_back(self) -> None:
        pass

    @step(
        State.VERIFIED,
        State.DECIDED,
        _("决定调整"),
        by=office(Role.COMMITTEE),
        asks=[has_findings, is_heard],
        harm=True,
    )
    def decide(self, *, decision: str) -> None:
        if not decision.strip():
            raise Unmet(_("请写明决定内容：调整到什么职务或职级。"))
        self.decision = decision.strip()

    @step(
        [State.VERIFIED, State.FROZEN],
        State.REFUSED,
        _("不予调整"),
        by=office(Role.COMMITTEE),
        asks=[is_not_in_effect],
        harm=True,
    )
    def refuse(self) -> None:
        pass

    @step(State.DECIDED, State.NOTIFIED, _("书面送达"), by=office(Role.HR), harm=True)
    def notify(self, *, rights: str) -> None:
        if not rights.strip():
            raise Unmet(_("请写明权利告知：可在何时前、向谁申请复核或申诉。"))
        self.rights = rights.strip()

    @step(State.NOTIFIED, State.EFFECTIVE, _("执行调整"), by=office(Role.HR), harm=True)
    def put_into_effect(self, *, effective_on: str) -> None:
        self.effective_on = date.fromisoformat(effective_on)
        if self.notified_on and self.effective_on < self.notified_on:
            raise Unmet(_("生效日不能早于送达日 {day}。").format(day=self.notified_on))

    @step([State.EFFECTIVE, State.EXTENDED], State.REVIEWED, _("完成回访复核"), by=office(Role.HR), asks=[can_return])
    def review(self, *, words: str) -> None:
        if not words.strip():
            raise Unmet(_("请写明回访复核意见。"))
        self.review_words = words.strip()

    @step(State.REVIEWED, State.RETURNED, _("恢复原职务职级"), by=office(Role.COMMITTEE), harm=True)
    def restore(self) -> None:
        pass

    @step(State.REVIEWED, State.EXTENDED, _("延长"), by=office(Role.COMMITTEE), harm=True)
    def extend(self) -> None:
        pass

    @step(
        [State.EFFECTIVE, State.REVIEWED, State.EXTENDED],
        State.COMPLETED,
        _("办结"),
        by=office(Role.COMMITTEE),
        harm=True,
    )
    def complete(self) -> None:
        pass

    @step([*OPEN, State.FROZEN], State.FROZEN, _("因另案冻结"), by=by_role(Role.SYSTEM), harm=True)
    def hold(self) -> None:
        self.be_held(self.state, held=State.FROZEN)

    @step(State.FROZEN, RETURN_VALUE(*OPEN, State.FROZEN), _("另案已结，解冻"), by=by_role(Role.SYSTEM))
    def release(self) -> str:
        return self.be_released(held=State.FROZEN)

    @step(
        [*BEFORE_EFFECT, State.FROZEN],
        State.WITHDRAWN,
        _("撤回"),
        by=office(Role.HR, Role.SYSTEM),
        asks=[is_not_in_effect],
        harm=True,
    )
    def withdraw(self) -> None:
        pass
