"""The work that cases lay on people, and the ledger of what was moved."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Officer
from workflows.models.case import Case


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
