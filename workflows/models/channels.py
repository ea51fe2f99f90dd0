"""How messages leave: what lies ready for one channel, where it may go, and what each desk and person has chosen."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The ways out of the database. The in-app inbox is not one: it lies inside."""

    MAIL = "mail", _("邮件")
    CALENDAR = "calendar", _("日历邮件")
    WEBHOOK = "webhook", _("接口推送")
    DROP = "drop", _("文件夹")


class AllowedAddress(models.Model):
    """An address outside that an administrator has allowed: nothing is sent to any other. Ended, never deleted."""

    class Kind(models.TextChoices):
        MAIL = "mail", _("邮件域名")  # police.example
        WEB = "web", _("网络地址")  # https://host:443
        FOLDER = "folder", _("文件夹")  # an absolute path

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("地址"), max_length=300)
    reason = models.CharField(_("理由"), max_length=200)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("允许时间"))
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("停止时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("允许的外部地址")
        ordering = ["kind", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"], condition=Q(ended_at__isnull=True), name="address_allowed_once"
            )
        ]

    def __str__(self) -> str:
        return self.value


class RefusedAddress(models.Model):
    """An address that was wanted and is not allowed: how often, and last when."""

    kind = models.CharField(max_length=10, choices=AllowedAddress.Kind.choices)
    value = models.CharField(max_length=300)
    times = models.PositiveIntegerField(db_default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("被拒绝的外部地址")
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="address_refused_once")]

    def __str__(self) -> str:
        return self.value


class DeskChoice(models.Model):
    """The channels of a department's desk. Without a row: letters to those who hold it, nothing else."""

    class Format(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"
        BOTH = "both", _("XLSX 和 CSV")

    role = models.CharField(max_length=30)
    path = models.CharField(max_length=200)
    to_members = models.BooleanField(_("发给持有这一角色的每个人"), db_default=True, default=True)
    mailbox = models.EmailField(_("部门邮箱"), blank=True, db_default="", default="")
    webhook = models.URLField(_("接口地址"), max_length=300, blank=True, db_default="", default="")
    webhook_key = models.UUIDField(db_default=RandomUUID())  # names the endpoint in what its secrets are made of
    secret_number = models.PositiveSmallIntegerField(db_default=0, default=0)  # 0: it has none yet
    older_until = models.DateTimeField(null=True)  # to here the secret before signs too
    folder = models.ForeignKey(
        AllowedAddress, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("文件夹")
    )
    format = models.CharField(
        _("文件格式"), max_length=10, choices=Format.choices, db_default=Format.XLSX, default=Format.XLSX
    )
    feed_digest = models.BinaryField(max_length=32, null=True, unique=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("部门消息设置")
        constraints = [models.UniqueConstraint(fields=["role", "path"], name="desk_chooses_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.path}"


class PersonalChoice(models.Model):
    """How an account wants its letters. Without a row: each at once, no calendar."""

    class Mail(models.TextChoices):
        SINGLE = "single", _("随到随发")
        DIGEST = "digest", _("每天 8 点汇总一封")
        NONE = "none", _("不发邮件，只在系统内看")

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="message_choice")
    mail = models.CharField(_("邮件"), max_length=10, choices=Mail.choices, default=Mail.SINGLE)
    calendar = models.BooleanField(_("期限写入日历"), default=False, db_default=False)
    feed_digest = models.BinaryField(max_length=32, null=True, unique=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("个人消息设置")

    def __str__(self) -> str:
        return f"{self.account_id} {self.mail}"


class Parcel(models.Model):
    """What goes on one channel to one desk or person: a list of messages, one letter.

    Messages that come while it still waits are added to it; once taken up it keeps what it holds. `key` is the
    Message-ID and the idempotency key: stable over every try, and over a replay.
    """

    key = models.UUIDField(db_default=RandomUUID(), db_index=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    fold = models.CharField(max_length=300)  # what may be laid together
    role = models.CharField(max_length=30, db_default="")
    desk = models.CharField(max_length=200, db_default="")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    topic = models.CharField(max_length=50, db_default="")  # empty: of several
    digest_day = models.DateField(null=True)
    messages = ArrayField(models.BigIntegerField(), db_default=[], default=list)
    content = models.JSONField(db_default={}, default=dict)  # of a channel that does not carry messages
    written_at = models.DateTimeField()
    available_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(db_default=0)
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, db_default="")
    replay_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    replayed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    replay_reason = models.CharField(max_length=300, db_default="")

    class Meta:
        verbose_name = verbose_name_plural = _("投递")
        constraints = [
            models.UniqueConstraint(
                fields=["fold"],
                condition=Q(attempts=0, sent_at__isnull=True, dead_at__isnull=True, replay_of__isnull=True),
                name="parcel_waiting_once",
            ),
            models.UniqueConstraint(
                fields=["account", "digest_day"],
                condition=Q(digest_day__isnull=False, replay_of__isnull=True),
                name="digest_once_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "available_at", "id"],
                condition=Q(sent_at__isnull=True, dead_at__isnull=True),
                name="parcel_due",
            ),
            models.Index(
                fields=["dead_at"], condition=Q(sent_at__isnull=True, dead_at__isnull=False), name="parcel_dead"
            ),
            models.Index(fields=["role", "desk", "channel", "-id"], name="parcel_of_desk"),
            models.Index(
                fields=["account", "channel", "-id"], condition=Q(account__isnull=False), name="parcel_of_person"
            ),
            models.Index(fields=["replay_of"], condition=Q(replay_of__isnull=False), name="parcel_replays"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class CalendarEntry(models.Model):
    """What a person's calendar has been told of a work item: which version of it, and the day (none: cancelled)."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey("workflows.WorkItem", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    sequence = models.PositiveIntegerField(db_default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "item"], name="calendar_entry_once")]
        indexes = [models.Index(fields=["account"], condition=Q(due_at__isnull=False), name="calendar_told")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.item_id} {self.sequence}"


class ReceivedMessage(models.Model):
    """A message one of our own receivers has taken in, written in the receiver's own transaction."""

    receiver = models.CharField(max_length=100)
    key = models.UUIDField()  # of the first message of its line: a replay is the same message
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("已接收的消息")
        constraints = [models.UniqueConstraint(fields=["receiver", "key"], name="received_once")]

    def __str__(self) -> str:
        return f"{self.receiver} {self.key}"


class Receipt(models.Model):
    """A list that a department is asked to confirm: how many it holds, which checksum it bears, and by when."""

    key = models.CharField(max_length=100, unique=True)  # `training.list:17`
    role = models.CharField(max_length=30)
    desk = models.CharField(max_length=200)
    line_path = models.CharField(max_length=200)  # whose heads are told of a delay
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    link = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    checksum = models.CharField(max_length=64)
    added = models.PositiveIntegerField(db_default=0)  # against the version before
    removed = models.PositiveIntegerField(db_default=0)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)  # when the clock looks next, as of a work item
    escalated = models.PositiveSmallIntegerField(db_default=0)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    replaced_at = models.DateTimeField(null=True)  # by a newer version

    class Meta:
        verbose_name = verbose_name_plural = _("回执")
        indexes = [
            models.Index(
                fields=["role", "desk", "due_at", "id"],
                condition=Q(confirmed_at__isnull=True, replaced_at__isnull=True),
                name="receipt_waiting",
            ),
            models.Index(
                fields=["wake_at"],
                condition=Q(confirmed_at__isnull=True, replaced_at__isnull=True, wake_at__isnull=False),
                name="receipt_wake",
            ),
        ]

    def __str__(self) -> str:
        return self.key
