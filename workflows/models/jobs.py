"""What runs in the background: the slots of the clock's ticks, long jobs with their progress, and the canary."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Slot(models.Model):
    """One turn of one tick. Ten beats may call; the one whose row this is does the work."""

    name = models.CharField(max_length=40)
    at = models.DateTimeField()  # the start of the turn, by the database's clock
    won_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)  # empty: at work, or its worker was killed
    figures = models.JSONField(db_default={})  # what the turn did, in numbers
    error = models.CharField(max_length=100, db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "at"], name="slot_won_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class JobState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class Job(models.Model):
    """Something that takes long, asked for by somebody. It says how far it is; a killed one is taken up again."""

    kind = models.CharField(_("任务"), max_length=40)
    args = models.JSONField()  # keys and codes alone, never a name
    path = models.CharField(max_length=200, db_default="/")  # the unit it is about: who else sees it is decided by it
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request = models.CharField(max_length=64, db_default="")  # the web request that asked for it, as the logs name it
    state = models.CharField(_("状态"), max_length=10, choices=JobState.choices, db_default=JobState.QUEUED)
    cancel_asked = models.BooleanField(db_default=False)
    done = models.PositiveIntegerField(db_default=0)
    total = models.PositiveIntegerField(db_default=0)
    words = models.CharField(max_length=200, db_default="")
    queued_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)  # to the queue; a queue that was emptied gets it again
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)  # fence: only the worker that holds it may write here
    tries = models.PositiveSmallIntegerField(db_default=0)
    result = models.JSONField(db_default={})
    error = models.CharField(max_length=300, db_default="")  # the reason, in words or as the name of the error
    place = models.CharField(max_length=200, db_default="")  # where in the code it failed

    class Meta:
        verbose_name = verbose_name_plural = _("后台任务")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["queued", "running"]), name="job_unfinished"),
            models.Index(fields=["actor", "-id"], name="job_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def resumable(self) -> bool:
        return self.state in {JobState.FAILED, JobState.CANCELLED}

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0


class JobFile(models.Model):
    """The file a job made. In the database, because the web server may be another machine than the worker."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="file")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class JobPiece(models.Model):
    """A piece of a file that was handed in for a job to read, or of the one it made: none is ever whole in memory."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pieces")
    file = models.CharField(max_length=120, blank=True)  # handed in under this name; empty: the file the job makes
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "file", "number"], name="piece_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.file} {self.number}"


class Canary(models.Model):
    """A message of no meaning, sent through the whole path each minute to see how long it takes."""

    message_id = models.BigIntegerField(unique=True)
    sent_at = models.DateTimeField(db_index=True)
    arrived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.sent_at)

    @property
    def seconds(self) -> float | None:
        return (self.arrived_at - self.sent_at).total_seconds() if self.arrived_at else None
