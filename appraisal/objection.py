"""An objection to a result or to a case: its states, and the steps between them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Officer
from people.roles import Role
from workflows.models import Case
from workflows.refusals import Unmet, besides_subject, by_role, by_subject
from workflows.steps import step


class State(models.TextChoices):
    FILED = "filed", _("已提出")  # in time; HR has to name an assessor outside the line
    UNDER_REVIEW = "under_review", _("复核中")  # the second assessor looks at it afresh
    CHANGED = "changed", _("拟变更")  # he proposes a change; nothing has changed yet
    REAPPROVED = "reapproved", _("已重新审定")  # the committee approved: a result now has a superseding row
    RECOMPUTED = "recomputed", _("已复算办结")  # the linkage was run again and what followed was put right
    UPHELD = "upheld", _("维持原结果")  # the result or the case stands
    REJECTED = "rejected", _("不予受理")  # out of time, or not something one can object to
    WITHDRAWN = "withdrawn", _("已撤回")  # by the objector


def by_assessor(case: Any, actor: Any) -> bool:
    """The actor is the second assessor named for this objection."""
    return case.assessor_id is not None and actor.officer_id == case.assessor_id


by_assessor.roles = (Role.UNIT_HEAD,)  # type: ignore[attr-defined]
hr = besides_subject(by_role(Role.HR))
committee = besides_subject(by_role(Role.COMMITTEE))


class Objection(Case):
    """What an officer says against his result, or against a case of his, which then stands still."""

    result = models.ForeignKey("appraisal.Result", null=True, on_delete=models.PROTECT, related_name="objections")
    against = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="objections")
    holding = models.BooleanField(default=False)  # the case stands still because of this; some cannot be held
    grounds = models.TextField(_("异议理由"))
    assessor = models.ForeignKey(
        Officer, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("复核人")
    )
    finding = models.TextField(_("复核意见"), default="")
    new_status = models.CharField(_("变更后状态"), max_length=10, default="")
    new_grade = models.CharField(_("变更后等次"), max_length=20, default="")
    new_score = models.FloatField(_("变更后得分"), null=True)

    State = State

    class Meta:
        verbose_name = verbose_name_plural = _("异议")
        constraints = [
            models.CheckConstraint(condition=Q(result__isnull=True) ^ Q(against__isnull=True), name="objection_one_aim")
        ]

    @step(State.FILED, State.UNDER_REVIEW, _("受理并指定复核人"), by=hr)
    def assign(self, *, assessor: int) -> None:
        if assessor == self.officer_id:
            raise Unmet(_("复核人不能是提出异议的本人"))
        self.assessor_id = assessor

    @step(State.FILED, State.REJECTED, _("不予受理"), by=hr, harm=True)
    def reject(self) -> None:
        pass

    @step([State.FILED, State.UNDER_REVIEW], State.WITHDRAWN, _("撤回异议"), by=by_subject, harm=True)
    def withdraw(self) -> None:
        pass

    @step(State.UNDER_REVIEW, State.FILED, _("改派复核人"), by=hr)
    def reassign(self) -> None:
        self.assessor_id = None

    @step(State.UNDER_REVIEW, State.UPHELD, _("维持原结果"), by=by_assessor, harm=True)
    def uphold(self, *, finding: str) -> None:
        self.finding = finding

    @step(State.UNDER_REVIEW, State.CHANGED, _("提出变更"), by=by_assessor)
    def change(self, *, finding: str, status: str = "", grade: str = "", score: float | None = None) -> None:
        if self.result_id and not status:
            raise Unmet(_("请写明变更后的状态和等次"))
        self.finding = finding
        self.new_status, self.new_grade, self.new_score = status, grade, score

    @step(State.CHANGED, State.UNDER_REVIEW, _("退回重新复核"), by=committee)
    def send_back(self) -> None:
        self.new_status, self.new_grade, self.new_score = "", "", None

    @step(State.CHANGED, State.UPHELD, _("不予变更，维持原结果"), by=committee, harm=True)
    def decline(self) -> None:
        self.new_status, self.new_grade, self.new_score = "", "", None

    @step(State.CHANGED, State.REAPPROVED, _("重新审定"), by=committee, harm=True)
    def approve(self) -> None:
        pass

    @step(State.REAPPROVED, State.RECOMPUTED, _("确认后续已复算"), by=hr)
    def confirm_recomputed(self) -> None:
        pass
