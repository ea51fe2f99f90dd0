"""What a policy would do before it does it: reports kept with what they were read from."""

from typing import cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal.models import Cycle
from linkage.models.decisions import DecisionStatus, outcome_title
from linkage.models.policies import Policy
from people.models import Officer, Unit
from workflows.models import Job


class ReportKind(models.TextChoices):
    PREVIEW = "preview", _("预览")  # one cycle: this version beside the one in force
    BACKTEST = "backtest", _("回测")  # every past cycle: as it was known at the time beside as it is known now


class PolicyReport(models.Model):
    """One look ahead (or back), finished once and never changed. `inputs` are fingerprints of all it was read from.

    A back-test is made cycle by cycle: until `done_at` is set it is not finished, and shown to nobody.
    """

    kind = models.CharField(_("种类"), max_length=10, choices=ReportKind.choices)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="reports")
    live = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="+")  # what it is compared with
    cycle = models.ForeignKey(Cycle, null=True, on_delete=models.PROTECT, related_name="+")  # of a preview
    as_of = models.DateField(_("以何日所知为准"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("生成时间"))
    done_at = models.DateTimeField(null=True)
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    inputs = models.JSONField(default=dict)
    content = models.JSONField(default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("政策报告")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.policy} {self.kind} {self.as_of:%Y-%m-%d}"


class Move(models.TextChoices):
    """What becomes of one subject under one rule. In a back-test: from what was known then to what is known now."""

    ENTERS = "enters", _("进入")  # decided now, not before
    LEAVES = "leaves", _("退出")  # decided before, not now
    STAYS = "stays", _("不变")  # decided both times
    OTHER = "other", _("未认定")  # held, blocked or over quota both times, whichever of them


class ReportRow(models.Model):
    """One rule, one subject: what the version in force says, and what this one says. Empty: nothing."""

    report = models.ForeignKey(PolicyReport, on_delete=models.CASCADE, related_name="rows")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(_("规则"), max_length=40)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    move = models.CharField(_("变化"), max_length=8, choices=Move.choices)
    then_status = models.CharField(max_length=12, blank=True)
    then_outcome = models.CharField(max_length=60, blank=True)
    now_status = models.CharField(max_length=12, blank=True)
    now_outcome = models.CharField(max_length=60, blank=True)
    focus = models.CharField(max_length=50, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("政策报告名单")
        indexes = [models.Index(fields=["report", "rule", "move"], name="rows_of_report")]
        constraints = [
            models.CheckConstraint(
                condition=Q(officer__isnull=True) ^ Q(unit__isnull=True), name="report_row_has_one_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.move}"

    @property
    def subject(self) -> Officer | Unit:
        return cast(Officer | Unit, self.officer or self.unit)  # one of them is there, by constraint

    @property
    def kind(self) -> str:
        return (self.now_outcome or self.then_outcome).partition(":")[0]

    @property
    def title(self) -> str:
        return outcome_title(self.now_outcome or self.then_outcome)

    @property
    def then_label(self) -> str:
        return _said(self.then_status, self.then_outcome)

    @property
    def now_label(self) -> str:
        return _said(self.now_status, self.now_outcome)


def _said(status: str, outcome: str) -> str:
    return f"{DecisionStatus(status).label} · {outcome_title(outcome)}" if status else ""
