"""Messages on their way out, and as their readers find them."""

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Officer
from workflows.models.case import Case


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
    # What one act told a desk lies in one pile: the list shows the first of it, and the rest behind it.
    pile = models.UUIDField(null=True)
    leads = models.BooleanField(db_default=True)

    class Meta:
        indexes = [
            models.Index(fields=["role", "desk", "-id"], name="inbox_desk"),
            models.Index(fields=["role", "desk", "-id"], condition=Q(leads=True), name="inbox_desk_leads"),
            models.Index(fields=["pile", "id"], condition=Q(pile__isnull=False), name="inbox_pile"),
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
