"""Cases: one consequence on its way each, why it is there, and the history of its steps."""

import os
import time
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from people.models import Officer, Unit


def uuid7() -> UUID:
    """Time-ordered key, so that new rows meet on the same index pages (RFC 9562)."""
    return uuid7s(1)[0]


def uuid7s(count: int) -> list[UUID]:
    """Many keys of one moment, for one call of the operating system."""
    stamp, noise = time.time_ns() // 1_000_000 << 80, os.urandom(10 * count)
    numbers = (stamp | int.from_bytes(noise[place : place + 10]) for place in range(0, 10 * count, 10))
    return [UUID(int=number & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62) for number in numbers]


class Case(models.Model):
    """One consequence on its way. Written by `workflows.actions` alone: a trigger refuses the rest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("类别"), max_length=32)
    kind_version = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=120)
    # What only one open case of the kind may hold, such as a person's one training case; empty holds nothing.
    slot = models.CharField(max_length=60, db_default="")
    title = models.CharField(_("事项"), max_length=120, db_default="")  # what it is, in the bureau's word: 嘉奖, 提名
    state = FSMField(_("状态"), protected=True)
    version = models.PositiveIntegerField()
    head = models.BinaryField(max_length=32)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, verbose_name=_("民警"))
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, verbose_name=_("单位"))
    unit_path = models.CharField(max_length=200)  # the subject's unit: who may see and act is decided by it
    line_path = models.CharField(max_length=200)  # the unit whose head is the line manager of the subject
    opened_at = models.DateTimeField(_("开立时间"))
    state_since = models.DateTimeField(_("进入当前状态时间"))
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    outcome = models.CharField(_("结果"), max_length=32, db_default="")

    class Meta:
        verbose_name = verbose_name_plural = _("事项")
        # No index on state or version: a step that changes no indexed column can be a HOT update.
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="case_opened_once"),
            models.UniqueConstraint(
                fields=["kind", "slot"], condition=Q(closed_at__isnull=True) & ~Q(slot=""), name="case_one_in_slot"
            ),
            models.CheckConstraint(
                condition=Q(officer__isnull=True) ^ Q(unit__isnull=True), name="case_has_one_subject"
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit_path", "kind"],
                condition=Q(closed_at__isnull=True),
                name="case_open_by_unit",
                opclasses=["text_pattern_ops", "varchar_ops"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.key}"

    @property
    def subject(self) -> Officer | Unit:
        """Whom the case is about: the officer, or the unit."""
        subject = self.officer or self.unit
        assert subject is not None  # noqa: S101 - the constraint above
        return subject


class CaseReason(models.Model):
    """Why a case is there, handed over when it opened or when another decision joined it. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reasons")
    source = models.CharField(max_length=80, unique=True)  # the decision's own key, `P04:2025:2200081`
    code = models.CharField(max_length=40)  # the rule
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    words_zh = models.TextField()  # the sentence with its figures
    words_en = models.TextField()
    basis = models.TextField(blank=True)  # document and article
    evidence = models.JSONField(default=list)  # rows: {"what": {"zh","en"}, "content": {"zh","en"}, "recorded_on": iso}
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.source


class TransitionRecord(models.Model):
    """One step that was taken. Append-only; `hash` chains it to the record before it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, db_index=False, related_name="records")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=50)
    source = models.CharField(max_length=50)
    target = models.CharField(max_length=50)
    # No constraint in the database: 20,000 checks of one account row cost a quarter of a step. A trigger keeps the
    # accounts that stand here from being deleted.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    # Set where a stand-in acted: `actor` is the stand-in, this is the one in whose place and by whose right he did.
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    note = models.TextField()
    inputs = models.TextField()  # canonical JSON: jsonb would not keep the bytes that were hashed
    request_key = models.UUIDField(null=True)
    at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = _("办理历史")
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="record_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.step}"
