"""Cases, their history, the work they lay on people, and the messages they send."""

import os
import time
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
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


class WorkItem(models.Model):
    """One duty of one case, on a desk (role and unit) or with a person."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work_items")
    kind = models.CharField(max_length=32)
    duty = models.CharField(max_length=50)  # the state that asks
    role = models.CharField(_("职责角色"), max_length=30)
    desk = models.CharField(max_length=200)  # path of the unit whose holders of the role see it
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")  # set: his alone
    opened_at = models.DateTimeField()
    remind_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("期限"))
    counted_from = models.DateField()  # the day of the event from which the deadline counts
    rule = models.CharField(max_length=30, db_default="")  # the deadline counted, "10 working_days"; empty: a named day
    provisional = models.BooleanField(db_default=False)  # runs into a year whose holidays are not published
    paused_at = models.DateTimeField(null=True)  # the clock stands still since
    # When the clock has to look at it next: to remind, to escalate or to take the expiry step. Null: never again.
    wake_at = models.DateTimeField(null=True)
    escalated = models.PositiveSmallIntegerField(db_default=0)  # how many levels up it has been told
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("待办")
        indexes = [
            models.Index(
                fields=["role", "desk", "due_at", "id"], condition=Q(closed_at__isnull=True), name="item_desk"
            ),
            models.Index(
                fields=["officer", "due_at", "id"],
                condition=Q(closed_at__isnull=True, officer__isnull=False),
                name="item_person",
            ),
            models.Index(
                fields=["wake_at"], condition=Q(closed_at__isnull=True, wake_at__isnull=False), name="item_wake"
            ),
            models.Index(fields=["case"], condition=Q(closed_at__isnull=True), name="item_open_of_case"),
            models.Index(
                fields=["role", "desk", "due_at", "id"],
                condition=Q(closed_at__isnull=True, paused_at__isnull=False),
                name="item_paused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.role} {self.desk}"


class ItemChange(models.Model):
    """A deadline or a desk that was moved after the work item had been opened. Append-only."""

    class Why(models.TextChoices):
        CALENDAR = "calendar", _("节假日安排公布")
        PAUSED = "paused", _("暂停计时")
        RESUMED = "resumed", _("恢复计时")
        ROUTED = "routed", _("转交")

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="changes")
    why = models.CharField(max_length=20, choices=Why.choices)
    due_from = models.DateTimeField()
    due_to = models.DateTimeField()
    desk_from = models.CharField(max_length=200)
    desk_to = models.CharField(max_length=200)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("待办变更")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.why}"


class Cause(models.TextChoices):
    """Why a message was written. Only those of a step are counted against the history."""

    STEP = "step", _("办理")
    REMINDER = "reminder", _("提醒")
    ESCALATION = "escalation", _("升级")
    REPLAY = "replay", _("重发")
    NOTICE = "notice", _("通知")


class OutboxMessage(models.Model):
    """Something to tell a desk or a person. `key` is stable over every try: receivers can refuse a double."""

    key = models.UUIDField(db_default=RandomUUID(), unique=True)
    topic = models.CharField(max_length=50)
    cause = models.CharField(max_length=20, choices=Cause.choices, db_default=Cause.STEP)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    number = models.PositiveIntegerField(null=True)  # of the history row it tells of
    role = models.CharField(max_length=30)
    desk = models.CharField(max_length=200)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    payload = models.JSONField(db_default={})
    written_at = models.DateTimeField()
    available_at = models.DateTimeField()
    claim = models.UUIDField(null=True)  # fence: only the claim that sent it may mark it
    attempts = models.PositiveSmallIntegerField(db_default=0)
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error = models.TextField(db_default="")
    # A message sent again by a person: the first of its line, who asked for it and why.
    replay_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    replayed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    replay_reason = models.TextField(db_default="")

    class Meta:
        verbose_name = verbose_name_plural = _("发件箱")
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                condition=Q(sent_at__isnull=True, dead_at__isnull=True),
                name="outbox_waiting",
            ),
            models.Index(
                fields=["dead_at"], condition=Q(sent_at__isnull=True, dead_at__isnull=False), name="outbox_dead"
            ),
            models.Index(fields=["replay_of"], condition=Q(replay_of__isnull=False), name="outbox_replays"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class InboxEntry(models.Model):
    """A message as its reader finds it. One per message: delivered twice, it is here once."""

    message = models.OneToOneField(OutboxMessage, on_delete=models.PROTECT, db_constraint=False)
    topic = models.CharField(max_length=50)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, db_constraint=False)
    role = models.CharField(max_length=30)
    desk = models.CharField(max_length=200)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, db_index=False)
    cause = models.CharField(max_length=20, choices=Cause.choices)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["role", "desk", "-id"], name="inbox_desk"),
            models.Index(fields=["officer", "-id"], condition=Q(officer__isnull=False), name="inbox_person"),
        ]

    def __str__(self) -> str:
        return self.title_zh


class InboxMark(models.Model):
    """How far an account has read its messages: those with a higher number are new to it."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_to = models.BigIntegerField(db_default=0)

    def __str__(self) -> str:
        return f"{self.account_id} {self.read_to}"


class CalendarDay(models.Model):
    """A day the published list names: a holiday, or a weekend day that is worked to make up for one."""

    day = models.DateField(_("日期"), primary_key=True)
    working = models.BooleanField(_("工作日"))
    name = models.CharField(_("名称"), max_length=50)

    class Meta:
        verbose_name = verbose_name_plural = _("节假日与调休")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class CalendarYear(models.Model):
    """A year whose list of holidays has been published. Deadlines that run into any other year are provisional."""

    year = models.PositiveSmallIntegerField(_("年份"), primary_key=True)
    source = models.CharField(_("来源"), max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = _("已公布年份")

    def __str__(self) -> str:
        return str(self.year)
