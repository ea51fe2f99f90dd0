"""A training case with its duty and its message, as the product keeps them, written by `save`."""

from django.conf import settings
from django.db import models
from django_fsm import FSMField, transition
from django_fsm_log.decorators import fsm_log_by

from people.models import Account, Officer
from people.roles import Role


def is_hr(case: "LoopTraining", actor: Account) -> bool:
    return case.officer_id != actor.officer_id and actor.may(Role.HR, case.unit_path)


class LoopCase(models.Model):
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=120)
    state = FSMField(default="flagged", protected=True)
    version = models.PositiveIntegerField(default=1)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    unit_path = models.CharField(max_length=200)
    line_path = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    state_since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key


class LoopTraining(LoopCase):
    form = models.CharField(max_length=10, default="class")
    focus = models.CharField(max_length=50, default="")
    stage = models.PositiveSmallIntegerField(default=1)
    cause = models.CharField(max_length=20, default="")
    terms = models.JSONField(default=list)
    manager_signed = models.BooleanField(default=False)
    officer_signed = models.BooleanField(default=False)
    ends_on = models.DateField(null=True)
    result = models.CharField(max_length=10, default="")

    @fsm_log_by
    @transition("state", "flagged", "under_review", permission=is_hr)
    def review(self, by: Account) -> None:
        self.version += 1


class LoopItem(models.Model):
    case = models.ForeignKey(LoopCase, on_delete=models.PROTECT, related_name="work_items")
    duty = models.CharField(max_length=50)
    role = models.CharField(max_length=30)
    desk = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["role", "desk", "due_at", "id"], condition=models.Q(closed_at__isnull=True), name="loop_desk"
            )
        ]

    def __str__(self) -> str:
        return self.duty


class LoopMessage(models.Model):
    case = models.ForeignKey(LoopCase, on_delete=models.PROTECT)
    topic = models.CharField(max_length=50)
    role = models.CharField(max_length=30)
    desk = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.topic
