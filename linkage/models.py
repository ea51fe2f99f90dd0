"""Policies as data, the runs that put them to a cycle, and the decisions that came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from appraisal.models import Cycle
from people.models import Officer, Unit
from workflows.models import Case


class PolicyState(models.TextChoices):
    DRAFT = "draft", _("草案")
    IN_FORCE = "in_force", _("施行中")
    RETIRED = "retired", _("已废止")


class Policy(models.Model):
    """One version of a policy: its YAML text, and from when to when it is in force."""

    code = models.CharField(_("代码"), max_length=40)
    version = models.CharField(_("版本"), max_length=20)
    text = models.TextField(_("条文"))
    state = FSMField(_("状态"), default=PolicyState.DRAFT, choices=PolicyState.choices, protected=True)
    from_day = models.DateField(_("施行日"))
    to_day = models.DateField(_("废止日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("政策")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="policy_version_once")]


class Run(models.Model):
    """One evaluation of a policy on a cycle as known on a day. Kept whole, so that two runs can be compared."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="runs")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="runs")
    as_of = models.DateField(_("以何日所知为准"))
    made_at = models.DateTimeField(_("运行时间"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("联动运行")
        constraints = [models.UniqueConstraint(fields=["cycle", "policy", "as_of"], name="run_once_a_day")]


class DecisionStatus(models.TextChoices):
    OPEN = "open", _("认定")
    HELD = "held", _("暂缓")
    BLOCKED = "blocked", _("不予")
    OVER_QUOTA = "over_quota", _("超名额")
    WITHDRAWN = "withdrawn", _("已撤回")
