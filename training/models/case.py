"""The training case: its states, its steps, and what each step asks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from people.roles import Role
from training import guards
from workflows.holding import Holdable
from workflows.models import Case
from workflows.refusals import Unmet, any_of, besides_subject, by_line_manager, by_role
from workflows.steps import step


class Form(models.TextChoices):
    CLASS = "class", _("能力提升班")
    PLAN = "plan", _("能力提升计划")
    STAGE_2 = "stage_2", _("二阶段提升计划")
    UNIT_PLAN = "unit_plan", _("单位改进计划")


# A further decision raises the form and never lowers it. A unit has one form only.
RANK = {Form.CLASS: 0, Form.PLAN: 1, Form.STAGE_2: 2, Form.UNIT_PLAN: 3}


# The bureau's own words, kept with the case; a form's label is what a page translates.
TITLES = {
    Form.CLASS: "能力提升班",
    Form.PLAN: "能力提升计划",
    Form.STAGE_2: "二阶段提升计划",
    Form.UNIT_PLAN: "单位改进计划",
}


class Cause(models.TextChoices):
    SKILL = "skill", _("能力不足")
    WORKLOAD = "workload", _("任务过重")
    EQUIPMENT = "equipment", _("装备或系统不足")
    UNCONTROLLABLE = "uncontrollable", _("本人不可控")
    DATA_ERROR = "data_error", _("数据有误")


class Result(models.TextChoices):
    MET = "met", _("达标")
    NOT_MET = "not_met", _("未达标")


class Outcome(models.TextChoices):
    IMPROVED = "improved", _("改进达标")
    FAILED = "failed", _("未改进")
    NO_ACTION = "no_action", _("不采取措施")
    WITHDRAWN = "withdrawn", _("已撤回")


class State(models.TextChoices):
    FLAGGED = "flagged", _("已发现")  # a decision asks for training; nobody has looked at it
    UNDER_REVIEW = "under_review", _("核实原因")  # the line manager looks for the cause
    NOTIFIED = "notified", _("已通知")  # the person knows; the manager is to propose a plan
    PROPOSED = "proposed", _("待本人签字")  # the manager has signed, the person has not
    PLANNED = "planned", _("已商定")  # agreed by both; neither placed in a class nor begun
    ACTIVE = "active", _("进行中")  # in a class, or working to the plan
    PAUSED = "paused", _("已暂停")  # stands still: leave, an inquiry, an operation
    REASSESSED = "reassessed", _("已复评")  # somebody else has judged; HR is to say what follows
    MONITORING = "monitoring", _("观察期")  # reached; watched for twelve months
    HELD = "held", _("异议搁置")  # an objection is open; `held_from` is where it will go on
    CLOSED_IMPROVED = "closed_improved", _("结案：已改进")  # watched to the end without a relapse
    CLOSED_FAILED = "closed_failed", _("结案：未改进")  # not reached after one retraining
    NO_ACTION = "no_action", _("不采取措施")  # looked into; no training is called for, or the person is exempt
    WITHDRAWN = "withdrawn", _("已撤回")  # the decision behind it no longer holds


# What an objection may stop, and where it then goes on.
HOLDABLE = (
    State.FLAGGED,
    State.UNDER_REVIEW,
    State.NOTIFIED,
    State.PROPOSED,
    State.PLANNED,
    State.ACTIVE,
    State.PAUSED,
    State.REASSESSED,
    State.MONITORING,
)
OPEN = (*HOLDABLE, State.HELD)
HR = besides_subject(by_role(Role.HR))
HR_OR_MANAGER = any_of(HR, by_line_manager)
TRAINING = besides_subject(by_role(Role.TRAINING_UNIT, Role.HR))
ANY_CARER = any_of(TRAINING, by_line_manager)


class TrainingCase(Holdable, Case):
    """One person's (or unit's) way from a weak result to a better one."""

    State: ClassVar[type[State]] = State

    form = models.CharField(_("形式"), max_length=10, choices=Form.choices, default=Form.CLASS)
    focus = models.CharField(_("要补的指标"), max_length=50, default="", blank=True)
    stage = models.PositiveSmallIntegerField(_("阶段"), default=1)
    cause = models.CharField(_("原因"), max_length=20, choices=Cause.choices, default="", blank=True)
    cause_note = models.TextField(_("原因说明"), default="", blank=True)
    terms = models.JSONField(_("目标"), default=list)  # [{indicator, baseline, target, due, how}], as they were signed
    course = models.ForeignKey("training.Course", null=True, on_delete=models.PROTECT, verbose_name=_("课程"))
    session = models.ForeignKey(
        "training.ClassSession", null=True, on_delete=models.PROTECT, related_name="cases", verbose_name=_("培训班")
    )
    manager_signed = models.BooleanField(_("主管已签"), default=False)
    officer_signed = models.BooleanField(_("本人已签"), default=False)
    ends_on = models.DateField(_("期满日"), null=True)
    paused_on = models.DateField(_("暂停日"), null=True)
    paused_until = models.DateField(_("预计恢复"), null=True)
    paused_reason = models.TextField(_("暂停原因"), default="", blank=True)
    retrained = models.BooleanField(_("已再训"), default=False)
    result = models.CharField(_("复评"), max_length=10, choices=Result.choices, default="", blank=True)
    score = models.FloatField(_("复评得分"), null=True)
    watch_until = models.DateField(_("观察至"), null=True)  # set by an effect: an objection does not begin it anew
    closing_reason = models.TextField(_("结案理由"), default="", blank=True)
    closed_on = models.DateField(_("结案日"), null=True)  # set by an effect: the fact that goes back names the day

    class Meta:
        verbose_name = verbose_name_plural = _("能力提升事项")

    # From the flag to the answer of the line manager ---------------------------------------------------------------
    @step(State.FLAGGED, State.UNDER_REVIEW, _("转单位核实"), by=HR_OR_MANAGER)
    def review(self) -> None:
        """Ask the line manager for the cause."""

    @step(State.UNDER_REVIEW, None, _("写明原因"), by=by_line_manager)
    def name_cause(self, *, cause: str, words: str = "") -> None:
        if cause not in Cause.values:
            raise Unmet(_("请选一个原因"))
        if not words.strip():
            raise Unmet(_("请写明看了哪些数据"))
        self.cause, self.cause_note = cause, words.strip()

    @step(
        State.UNDER_REVIEW,
        State.NO_ACTION,
        _("不采取措施"),
        by=by_line_manager,
        asks=[guards.cause_named, guards.cause_not_skill],
        harm=True,
    )
    def take_no_action(self, *, reason: str = "") -> None:
        self._close(reason)

    @step(
        State.UNDER_REVIEW,
        State.NOTIFIED,
        _("通知本人"),
        by=HR_OR_MANAGER,
        asks=[guards.cause_named, guards.data_correct],
    )
    def notify(self) -> None:
        """Tell the person what is asked of him, and why."""

    @step([State.NOTIFIED, State.PROPOSED, State.PLANNED], State.NO_ACTION, _("批准免训"), by=HR, harm=True)
    def exempt(self, *, reason: str = "") -> None:
        self._close(reason)

    # The agreement -------------------------------------------------------------------------------------------------
    @step(State.NOTIFIED, State.PROPOSED, _("提出计划并签字"), by=by_line_manager)
    def propose(self, *, goals: Sequence[Mapping[str, Any]] = (), course: int | None = None) -> None:
        if not goals and (self.form != Form.CLASS or course is None):
            raise Unmet(_("计划至少要有一个目标，提升班至少要选定课程"))
        self.terms = [dict(goal) for goal in goals]
        self.ends_on = max((date.fromisoformat(goal["due"]) for goal in goals), default=None)
        self.course_id, self.manager_signed, self.officer_signed = course, True, False

    @step(State.PROPOSED, State.PLANNED, _("同意并签字"), by=guards.by_concerned)
    def agree(self) -> None:
        self.officer_signed = True

    @step(State.PROPOSED, State.NOTIFIED, _("退回再商量"), by=guards.by_concerned)
    def decline(self, *, reason: str = "") -> None:
        if not reason.strip():
            raise Unmet(_("请写明不同意什么"))
        self.manager_signed = False

    @step(State.PROPOSED, State.PLANNED, _("记录本人未签"), by=HR, harm=True)
    def record_refusal(self, *, reason: str = "") -> None:
        """The person will not sign: the plan holds, and the history says that he did not."""
        _given(reason)

    @step(State.PLANNED, State.NOTIFIED, _("重新商定"), by=HR_OR_MANAGER)
    def reopen(self) -> None:
        self.manager_signed = self.officer_signed = False

    # The class or the plan -----------------------------------------------------------------------------------------
    @step(State.PLANNED, State.ACTIVE, _("安排进班"), by=TRAINING)
    def place(self, *, session: int, course: int, until: str) -> None:
        """Take a seat. Whether there is one left is seen under the lock of the class, by an effect."""
        if self.officer_id is None:
            raise Unmet(_("单位计划不进班：班次按人安排"))
        last = date.fromisoformat(until)
        self.session_id, self.course_id = session, course
        self.ends_on = last if self.form == Form.CLASS else max(self.ends_on or last, last)

    @step(State.PLANNED, State.ACTIVE, _("开始计划"), by=ANY_CARER, asks=[guards.is_plan])
    def start(self, *, until: str) -> None:
        self.ends_on = date.fromisoformat(until)

    @step([State.ACTIVE, State.PAUSED], State.PLANNED, _("移出本班"), by=TRAINING, asks=[guards.in_class], harm=True)
    def unplace(self, *, reason: str = "") -> None:
        _given(reason)
        self.session_id = None
        self._stand()

    @step(State.ACTIVE, State.PAUSED, _("暂停"), by=ANY_CARER)
    def pause(self, *, reason: str = "", until: str = "") -> None:
        """Stop the clock. From which day is set by an effect, which knows the day."""
        self.paused_reason = _given(reason)
        self.paused_until = date.fromisoformat(until) if until else None

    @step(State.PAUSED, State.ACTIVE, _("恢复"), by=ANY_CARER)
    def resume(self) -> None:
        """Go on. The effect of being active moves the end by the days stood still."""

    # The judgement -------------------------------------------------------------------------------------------------
    @step(State.ACTIVE, State.REASSESSED, _("记录复评"), by=guards.by_second_assessor)
    def reassess(self, *, result: str, score: float | None = None) -> None:
        if result not in Result.values:
            raise Unmet(_("请写明达标还是未达标"))
        self.result, self.score = result, score

    @step(State.REASSESSED, State.MONITORING, _("进入观察期"), by=HR, asks=[guards.result_met])
    def monitor(self) -> None:
        """Reached: watch for twelve months."""

    @step(
        State.REASSESSED,
        State.PLANNED,
        _("再训一次"),
        by=HR,
        asks=[guards.result_not_met, guards.not_retrained],
        harm=True,
    )
    def retrain(self) -> None:
        self.retrained, self.result, self.score, self.session_id = True, "", None, None

    @step(
        State.REASSESSED,
        State.CLOSED_FAILED,
        _("按未改进结案"),
        by=HR,
        asks=[guards.result_not_met, guards.retrained],
        harm=True,
    )
    def fail(self, *, reason: str = "") -> None:
        self._close(reason)

    @step(State.MONITORING, State.CLOSED_IMPROVED, _("观察期满结案"), by=by_role(Role.SYSTEM))
    def close_improved(self) -> None:
        """Twelve months without a relapse: the clock closes it."""

    @step(State.MONITORING, State.NOTIFIED, _("记录复发"), by=HR_OR_MANAGER, harm=True)
    def relapse(self, *, reason: str = "") -> None:
        _given(reason)
        self._begin_stage_2()

    # From outside --------------------------------------------------------------------------------------------------
    @step(OPEN, State.HELD, _("因异议搁置"), by=by_role(Role.SYSTEM))
    def hold(self) -> None:
        self.be_held(self.state, held=State.HELD)

    @step(State.HELD, RETURN_VALUE(*OPEN), _("解除搁置"), by=by_role(Role.SYSTEM))
    def release(self) -> str:
        """Go on where it was stopped, once the last objection is settled."""
        return self.be_released(held=State.HELD)

    @step(OPEN, State.WITHDRAWN, _("撤回"), by=any_of(by_role(Role.SYSTEM), HR), harm=True)
    def withdraw(self, *, reason: str = "") -> None:
        self.closing_reason = reason.strip()

    # A decision while the person is being watched is a relapse: stage 2 begins.
    @step(State.MONITORING, State.NOTIFIED, _("并入新的认定"), by=by_role(Role.SYSTEM, Role.HR))
    @step(
        [state for state in OPEN if state != State.MONITORING],
        None,
        _("并入新的认定"),
        by=by_role(Role.SYSTEM, Role.HR),
    )
    def join(self, *, form: str, focus: str = "") -> None:
        """Take in a further decision: its reason is added, and the form raised to the higher of the two."""
        if (form == Form.UNIT_PLAN) is not (self.form == Form.UNIT_PLAN):
            raise Unmet(_("单位的认定不能并入个人事项"))
        self.focus = self.focus or focus
        if self.state == State.MONITORING:
            self._begin_stage_2()
        elif RANK[Form(form)] > RANK[Form(self.form)]:
            self.form, self.stage = form, 2 if form == Form.STAGE_2 else self.stage
            self.title = TITLES[Form(form)]

    def _begin_stage_2(self) -> None:
        self.stage = 2
        if self.form != Form.UNIT_PLAN:
            self.form, self.title = Form.STAGE_2, TITLES[Form.STAGE_2]
        self.manager_signed = self.officer_signed = False
        self.result, self.score, self.session_id, self.terms = "", None, None, []
        self.ends_on, self.watch_until = None, None

    def _stand(self) -> None:
        self.paused_on, self.paused_until, self.paused_reason = None, None, ""

    def _close(self, reason: str) -> None:
        self.closing_reason = _given(reason)


def _given(reason: str) -> str:
    if not reason.strip():
        raise Unmet(_("请写明理由"))
    return reason.strip()
