"""What is known about subjects, and since when: cycles, schemes, results, facts, workload, staffing."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin, transition

from appraisal.objection import Objection
from appraisal.permissions import committee_of_the_bureau, hr_of_the_bureau, hr_or_loader
from people.models import Officer, Unit

__all__ = [
    "Cycle",
    "CycleKind",
    "CycleRecord",
    "CycleState",
    "Fact",
    "FactKind",
    "Objection",  # a model of this app, kept beside its steps
    "Result",
    "ResultStatus",
    "SchemeWeight",
    "Staffing",
    "Workload",
]


class CycleKind(models.TextChoices):
    ANNUAL = "annual", _("年度")
    QUARTERLY = "quarterly", _("季度")
    MONTHLY = "monthly", _("月度")
    OWN = "own", _("自定")


class CycleState(models.TextChoices):
    COLLECTING = "collecting", _("收集中")  # results come in and are put right
    CHECKED = "checked", _("已核对")  # quota, gaps and anomalies have been looked at, and left or mended
    ON_NOTICE = "on_notice", _("公示中")  # everybody may read the grades and object
    OBJECTIONS = "objections", _("处理异议")  # the notice is over; what was filed is being decided
    FINAL = "final", _("已定")  # the committee approved: cases may be opened
    LINKED = "linked", _("已联动")  # cases have been opened


class Cycle(FSMModelMixin, models.Model):
    """An appraisal cycle. Its steps are taken by `appraisal.actions`; only a final one may open cases."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    kind = models.CharField(_("类别"), max_length=20, choices=CycleKind.choices)
    starts_on = models.DateField(_("首日"))
    ends_on = models.DateField(_("末日"))
    state = FSMField(_("状态"), default=CycleState.COLLECTING, choices=CycleState.choices, protected=True)
    notice_until = models.DateField(_("公示截止"), null=True, blank=True)

    State = CycleState

    class Meta:
        verbose_name = verbose_name_plural = _("考核周期")
        ordering = ["-ends_on", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cycle_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_final(self) -> bool:
        return self.state in (CycleState.FINAL, CycleState.LINKED)

    @transition(
        field="state",
        source=CycleState.COLLECTING,
        target=CycleState.CHECKED,
        permission=hr_of_the_bureau,
        custom={"label": _("通过核对"), "harm": False},
    )
    def check_results(self) -> None:
        pass

    @transition(
        field="state",
        source=CycleState.CHECKED,
        target=CycleState.ON_NOTICE,
        permission=hr_of_the_bureau,
        custom={"label": _("开始公示"), "harm": True},
    )
    def publish(self, *, notice_until: date) -> None:
        self.notice_until = notice_until

    @transition(
        field="state",
        source=CycleState.ON_NOTICE,
        target=CycleState.OBJECTIONS,
        permission=hr_of_the_bureau,
        custom={"label": _("结束公示"), "harm": False},
    )
    def end_notice(self) -> None:
        pass

    @transition(
        field="state",
        source=CycleState.OBJECTIONS,
        target=CycleState.FINAL,
        permission=committee_of_the_bureau,
        custom={"label": _("审定结果"), "harm": True},
    )
    def finalise(self) -> None:
        pass

    @transition(
        field="state",
        source=CycleState.FINAL,
        target=CycleState.LINKED,
        permission=hr_or_loader,
        custom={"label": _("标为已联动"), "harm": False, "internal": True},  # taken by the linkage when it opens
    )
    def link(self) -> None:
        pass

    @transition(
        field="state",
        source=[CycleState.CHECKED, CycleState.ON_NOTICE],
        target=CycleState.COLLECTING,
        permission=hr_of_the_bureau,
        custom={"label": _("退回收集"), "harm": True},
    )
    def reopen(self) -> None:
        self.notice_until = None

    @transition(
        field="state",
        source=CycleState.OBJECTIONS,
        target=CycleState.CHECKED,
        permission=hr_of_the_bureau,
        custom={"label": _("异议改变结果，重新公示"), "harm": True},
    )
    def recheck(self) -> None:
        self.notice_until = None


class CycleRecord(models.Model):
    """One step of a cycle, with who and why. Append-only."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="records")
    step = models.CharField(max_length=30)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    figures = models.JSONField(default=dict, blank=True)  # what the check report counted when the step was taken
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("周期记录")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.cycle} {self.step}"


class SchemeWeight(models.Model):
    """The weight of one indicator in the score of a post type (`单位`: units). The order is the scheme's own."""

    applies_to = models.CharField(_("适用对象"), max_length=30)
    indicator = models.CharField(_("指标"), max_length=50)
    weight = models.DecimalField(_("权重"), max_digits=5, decimal_places=2)
    position = models.PositiveSmallIntegerField(_("次序"))

    class Meta:
        verbose_name = verbose_name_plural = _("考核方案")
        ordering = ["applies_to", "position"]
        constraints = [
            models.UniqueConstraint(fields=["applies_to", "indicator"], name="scheme_indicator_once"),
        ]

    def __str__(self) -> str:
        return f"{self.applies_to} {self.indicator}"


class ResultStatus(models.TextChoices):
    GRADED = "graded", _("已定等次")
    UNGRADED = "ungraded", _("不定等次")
    PENDING = "pending", _("暂缓定等次")


class Result(models.Model):
    """What one cycle says of one subject, as recorded on a day. A correction is a later row; none is ever changed.

    Of several rows for one cycle and subject the one recorded last holds; of equal days the higher id, which is the
    later line of the file.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="results")
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="results")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="results")
    status = models.CharField(_("状态"), max_length=10, choices=ResultStatus.choices)
    score = models.FloatField(_("得分"), null=True)
    grade = models.CharField(_("等次"), max_length=20, blank=True)
    indicators = models.JSONField(_("指标值"), default=dict)  # name: figure, only those measured
    recorded_on = models.DateField(_("录入日"))
    reason = models.TextField(_("更正原因"), blank=True)  # of a correction made on a page
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("考核结果")
        constraints = [
            models.CheckConstraint(condition=Q(officer__isnull=True) ^ Q(unit__isnull=True), name="result_one_subject"),
        ]
        indexes = [
            models.Index(fields=["cycle", "officer"], name="result_of_officer"),
            models.Index(fields=["cycle", "unit"], condition=Q(unit__isnull=False), name="result_of_unit"),
            models.Index(fields=["officer", "cycle"], name="results_by_officer"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.subject}"

    @property
    def subject(self) -> Officer | Unit | None:
        return self.officer or self.unit


class FactKind(models.TextChoices):
    SANCTION = "sanction", _("处分")
    INVESTIGATION = "investigation", _("立案调查")
    LEAVE = "leave", _("休假")
    PROTECTED = "protected", _("受保护期")
    AWARD = "award", _("奖励")
    VETO = "veto", _("一票否决")
    PLAN_CLOSED = "plan_closed", _("计划办结")


class Fact(models.Model):
    """Something dated about a subject, and the day it became known: a sanction, leave, an award, a closed plan.

    A fact with the same subject, kind, level and first day, recorded later, supersedes the earlier one; of equal days
    the higher id. `kind` is open: a linkage may bring back words of its own beside `FactKind`.
    """

    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="facts")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(_("种类"), max_length=30)
    level = models.CharField(_("级别"), max_length=50, blank=True)
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"), null=True, blank=True)
    amount = models.FloatField(_("数额"), null=True, blank=True)
    recorded_on = models.DateField(_("录入日"))
    withdrawn = models.BooleanField(_("撤销"), default=False)  # the row says that there was no such fact
    note = models.TextField(_("说明"), blank=True)
    source = models.CharField(max_length=80, blank=True)  # the case a fact came back from; empty: entered or loaded
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("事实")
        constraints = [
            models.CheckConstraint(condition=Q(officer__isnull=True) ^ Q(unit__isnull=True), name="fact_one_subject"),
            models.UniqueConstraint(fields=["source"], condition=~Q(source=""), name="fact_once_per_source"),
        ]
        indexes = [
            models.Index(fields=["kind", "officer"], name="fact_of_officer"),
            models.Index(fields=["officer", "from_day"], name="facts_by_officer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.level} {self.from_day}"

    @property
    def subject(self) -> Officer | Unit | None:
        return self.officer or self.unit

    @property
    def kind_label(self) -> str:
        return str(FactKind(self.kind).label) if self.kind in FactKind.values else self.kind


class Workload(models.Model):
    """An officer's month: calls answered, cases handled, hours on duty, days of leave."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="workload")
    month = models.CharField(max_length=7)
    calls = models.PositiveIntegerField()
    cases = models.PositiveIntegerField()
    duty_hours = models.PositiveIntegerField()
    leave_days = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("工作量")
        constraints = [models.UniqueConstraint(fields=["officer", "month"], name="workload_once")]

    def __str__(self) -> str:
        return f"{self.officer} {self.month}"


class Staffing(models.Model):
    """A unit's month: posts it should have, people it had."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="staffing")
    month = models.CharField(max_length=7)
    establishment = models.PositiveIntegerField()
    present = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = _("编制与在岗")
        constraints = [models.UniqueConstraint(fields=["unit", "month"], name="staffing_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.month}"
