"""Policies as data: versions of a text, and the log of who brought them in and out of force."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from people.roles import Role

ROOT_DEPTH = 2  # slashes in "/B00/"


def may_rule(policy: Any, actor: Any) -> bool:
    """Policies are HR's, at the root of the bureau, and the machine's that installs the shipped ones."""
    return any(role in (Role.HR, Role.SYSTEM) and path.count("/") <= ROOT_DEPTH for role, path in actor.grants)


class PolicyState(models.TextChoices):
    DRAFT = "draft", _("草案")
    IN_FORCE = "in_force", _("施行中")
    RETIRED = "retired", _("已废止")


class Policy(models.Model):
    """One version of a policy: its YAML text, and from when to when it is in force."""

    code = models.CharField(_("代码"), max_length=40)
    version = models.CharField(_("版本"), max_length=20)
    title_zh = models.CharField(_("名称"), max_length=100)
    title_en = models.CharField(_("英文名称"), max_length=100)
    text = models.TextField(_("条文"))
    state = FSMField(_("状态"), default=PolicyState.DRAFT, choices=PolicyState.choices, protected=True)
    from_day = models.DateField(_("施行日"))
    to_day = models.DateField(_("废止日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("政策")
        ordering = ["code", "-from_day"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @transition(field=state, source=PolicyState.DRAFT, target=PolicyState.IN_FORCE, permission=may_rule)
    def enact(self) -> None:
        """From its day on it decides. Called by `linkage.register` alone, which records who and why."""

    @transition(field=state, source=PolicyState.IN_FORCE, target=PolicyState.RETIRED, permission=may_rule)
    def retire(self, *, to_day: date) -> None:
        self.to_day = to_day


class PolicyRecord(models.Model):
    """One step of a policy, with who and why. Append-only."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="records")
    step = models.CharField(max_length=30)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.policy} {self.step}"
