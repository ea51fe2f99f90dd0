"""An objection to a result or to a case: its states, and the steps between them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from people.models import Officer
from people.roles import Role
from workflows.models import Case
from workflows.refusals import Unmet, besides_subject, by_role, by_subject


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

    @transition(
        field="state",
        source=State.FILED,
        target=State.UNDER_REVIEW,
        permission=hr,
        custom={"label": _("受理并指定复核人"), "harm": False},
    )
    def assign(self, *, assessor: int) -> None:
        if assessor == self.officer_id:
            raise Unmet(_("复核人不能是提出异议的本人"))
        self.assessor_id = assessor

    @transition(
        field="state",
        source=State.FILED,
        target=State.REJECTED,
        permission=hr,
        custom={"label": _("不予受理"), "harm": True},
    )
    def reject(self) -> None:
        pass

    @transition(
        field="state",
        source=[State.FILED, State.UNDER_REVIEW],
        target=State.WITHDRAWN,
        permission=by_subject,
        custom={"label": _("撤回异议"), "harm": True},
    )
    def withdraw(self) -> None:
        pass

    @transition(
        field="state",
        source=State.UNDER_REVIEW,
        target=State.FILED,
        permission=hr,
        custom={"label": _("改派复核人"), "harm": False},
    )
    def reassign(self) -> None:
        self.assessor_id = None

    @transition(
        field="state",
        source=State.UNDER_REVIEW,
        target=State.UPHELD,
        permission=by_assessor,
        custom={"label": _("维持原结果"), "harm": True},
    )
    def uphold(self, *, finding: str) -> None:
        self.finding = finding

    @transition(
        field="state",
        source=State.UNDER_REVIEW,
        target=State.CHANGED,
        permission=by_assessor,
        custom={"label": _("提出变更"), "harm": False},
    )
    def change(self, *, finding: str, status: str = "", grade: str = "", score: float | None = None) -> None:
        if self.result_id and not status:
            raise Unmet(_("请写明变更后的状态和等次"))
        self.finding = finding
        self.new_status, self.new_grade, self.new_score = status, grade, score

    @transition(
        field="state",
        source=State.CHANGED,
        target=State.UNDER_REVIEW,
        permission=committee,
        custom={"label": _("退回重新复核"), "harm": False},
    )
    def send_back(self) -> None:
        self.new_status, self.new_grade, self.new_score = "", "", None

    @transition(
        field="state",
        source=State.CHANGED,
        target=State.UPHELD,
        permission=committee,
        custom={"label": _("不予变更，维持原结果"), "harm": True},
    )
    def decline(self) -> None:
        self.new_status, self.new_grade, self.new_score = "", "", None

    @transition(
        field="state",
        source=State.CHANGED,
        target=State.REAPPROVED,
        permission=committee,
        custom={"label": _("重新审定"), "harm": True},
    )
    def approve(self) -> None:
        pass

    @transition(
        field="state",
        source=State.REAPPROVED,
        target=State.RECOMPUTED,
        permission=hr,
        custom={"label": _("确认后续已复算"), "harm": False},
    )
    def confirm_recomputed(self) -> None:
        pass
