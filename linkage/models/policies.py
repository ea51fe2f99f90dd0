"""Policies as data: versions of a text, the states they go through, and the log of who took them there."""

import hashlib
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from people.roles import Role

ROOT_DEPTH = 2  # slashes in "/B00/"
WRITING = ("draft", "edit")  # the steps after which part of the text is the actor's own
LONGEST_NOTE = 500


def holds_at_root(actor: Any, *roles: str) -> bool:
    return any(role in roles and path.count("/") <= ROOT_DEPTH for role, path in actor.grants)


def may_rule(policy: Any, actor: Any) -> bool:
    """Policies are HR's, at the root of the bureau, and the machine's that installs the shipped ones."""
    return holds_at_root(actor, Role.HR, Role.SYSTEM)


def may_approve(policy: Any, actor: Any) -> bool:
    """HR or the leader in charge, at the root; never who wrote part of the text, nor who checked it last."""
    return holds_at_root(actor, Role.HR, Role.LEADER) and actor.pk not in policy.hands()


def may_return(policy: Any, actor: Any) -> bool:
    return holds_at_root(actor, Role.HR, Role.LEADER)


def is_machine(policy: Any, actor: Any) -> bool:
    """Only what ships with the product comes into force without a second person."""
    return holds_at_root(actor, Role.SYSTEM)


class PolicyState(models.TextChoices):
    DRAFT = "draft", _("草案")
    CHECKED = "checked", _("已核对")
    APPROVED = "approved", _("已批准")
    IN_FORCE = "in_force", _("已公布")
    RETIRED = "retired", _("已废止")
    DISCARDED = "discarded", _("已作废")


UNPUBLISHED = (PolicyState.DRAFT, PolicyState.CHECKED, PolicyState.APPROVED, PolicyState.DISCARDED)
PUBLISHED = (PolicyState.IN_FORCE, PolicyState.RETIRED)


class Policy(models.Model):
    """One version of a policy: its YAML text, and from when to when it is in force.

    Only a draft's text changes; the database itself refuses the rest. `revision` counts its changes, so that of two
    who write at once the second is told.
    """

    code = models.CharField(_("代码"), max_length=40)
    version = models.CharField(_("版本"), max_length=20)
    title_zh = models.CharField(_("名称"), max_length=100)
    title_en = models.CharField(_("英文名称"), max_length=100)
    text = models.TextField(_("条文"))
    state = FSMField(_("状态"), default=PolicyState.DRAFT, choices=PolicyState.choices, protected=True)
    from_day = models.DateField(_("施行日"))
    to_day = models.DateField(_("废止日"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("修订次数"), default=1, db_default=1)
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("起草所依版本")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("政策")
        ordering = ["code", "-from_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="policy_version_once", condition=~Q(state=PolicyState.DISCARDED)
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def is_published(self) -> bool:
        return self.state in PUBLISHED

    @property
    def digest(self) -> str:
        """What the record of a step keeps of the text it was taken on."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def hands(self) -> set[int]:
        """Whose work the text is: everybody who wrote part of it, here or in the draft it was copied from, and who
        checked it last."""
        writers = self.records.filter(step__in=WRITING).values_list("actor", flat=True)
        checked = self.records.filter(step="check").order_by("pk").values_list("actor", flat=True).last()
        copied = self.based_on.hands() if self.based_on and not self.based_on.is_published else set()
        return copied | {actor for actor in (*writers, checked) if actor is not None}

    @transition(field=state, source=PolicyState.DRAFT, target=PolicyState.CHECKED, permission=may_rule)
    def check_text(self) -> None:
        """Its author or another vouches that the text says what it should; the rules about rules find no error."""

    @transition(field=state, source=PolicyState.CHECKED, target=PolicyState.APPROVED, permission=may_approve)
    def approve(self) -> None:
        """A second person answers for it."""

    @transition(field=state, source=PolicyState.APPROVED, target=PolicyState.IN_FORCE, permission=may_rule)
    def publish(self, *, from_day: date) -> None:
        """From its day on it decides."""
        self.from_day = from_day

    @transition(
        field=state,
        source=[PolicyState.CHECKED, PolicyState.APPROVED],
        target=PolicyState.DRAFT,
        permission=may_return,
    )
    def send_back(self) -> None:
        """Back to its author, with a reason."""

    @transition(field=state, source=PolicyState.DRAFT, target=PolicyState.DISCARDED, permission=may_rule)
    def discard(self) -> None:
        """It will not be taken further; its version may be used again."""

    @transition(field=state, source=PolicyState.DRAFT, target=PolicyState.IN_FORCE, permission=is_machine)
    def enact(self) -> None:
        """What ships with the product comes into force as it is installed."""

    @transition(field=state, source=PolicyState.IN_FORCE, target=PolicyState.RETIRED, permission=may_rule)
    def retire(self, *, to_day: date) -> None:
        self.to_day = to_day


class PolicyRecord(models.Model):
    """One step of a policy, with who and why, and of which text. Append-only by a trigger."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="records")
    step = models.CharField(max_length=30)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    digest = models.CharField(max_length=64, default="", db_default="")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.policy} {self.step}"
