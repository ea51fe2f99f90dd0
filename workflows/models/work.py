"""The work that cases lay on people, and the ledger of what was moved."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Officer
from workflows.models.calendar import CalendarVersion
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
    # With which state of the calendars it was reckoned. No constraint: COPY would look it up for each of 20,000 rows.
    calendar = models.ForeignKey(
        CalendarVersion, null=True, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    paused_at = models.DateTimeField(null=True)  # the clock stands still since
    pause_until = models.DateField(null=True)  # when it is expected to go on; it goes on only when somebody says so
    # When the clock has to look at it next: to remind, to escalate or to take the expiry step. Null: never again.
    wake_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(db_default=0)  # the highest `Notice` level of each that was reached
    escalated = models.PositiveSmallIntegerField(db_default=0)
    # Who of the desk has taken it on. No lock: his colleagues may act, but see that it is his.
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    claimed_at = models.DateTimeField(null=True)
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
        CLAIMED = "claimed", _("认领")
        RELEASED = "released", _("放回")
        ASSIGNED = "assigned", _("指派")

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="changes")
    why = models.CharField(max_length=20, choices=Why.choices)
    due_from = models.DateTimeField()
    due_to = models.DateTimeField()
    desk_from = models.CharField(max_length=200)
    desk_to = models.CharField(max_length=200)
    holder_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    holder_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    expected = models.DateField(null=True)  # of a pause: when it is thought to end
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("待办变更")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.why}"


class Notice(models.Model):
    """A level of reminder or escalation a work item has reached: each once, by the constraint. Append-only.

    `spoken` is the one that was said; the levels below it that an outage swallowed are marked beside it, unsaid.
    """

    class What(models.TextChoices):
        REMINDER = "reminder", _("提醒")
        ESCALATION = "escalation", _("升级")

    BEFORE, ON_THE_DAY, AFTER = 1, 2, 3  # levels of a reminder
    UNIT_HEAD, DEPARTMENT_LEAD, LEADER_IN_CHARGE = 1, 2, 3  # levels of an escalation

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="notices", db_index=False)
    what = models.CharField(max_length=20, choices=What.choices)
    level = models.PositiveSmallIntegerField()
    spoken = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("提醒与升级")
        constraints = [models.UniqueConstraint(fields=["item", "what", "level"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.what} {self.level}"
