"""Courses, the classes held of them, who sits in a class, and the lists told to the training unit."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.models import Officer, Unit
from training.models.case import TrainingCase


class Course(models.Model):
    """A course of the catalogue. `indicators` names those it serves, in the words of the schemes."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("课程"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    indicators = ArrayField(models.CharField(max_length=50), verbose_name=_("对应指标"), default=list, blank=True)
    hours = models.PositiveSmallIntegerField(_("学时"))
    provider = models.CharField(_("承办部门"), max_length=100)
    active = models.BooleanField(_("开设"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("课程")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class ClassSession(models.Model):
    """A class of a course: when, where, how many seats. Seats are given under a lock of this row."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("课程"))
    number = models.PositiveSmallIntegerField(_("期次"))
    starts_on = models.DateField(_("开班日"))
    ends_on = models.DateField(_("结业日"))
    place = models.CharField(_("地点"), max_length=100)
    seats = models.PositiveSmallIntegerField(_("名额"))
    trainer = models.CharField(_("教官"), max_length=50, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("办班单位"))

    class Meta:
        verbose_name = verbose_name_plural = _("培训班")
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="session_number_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="session_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return str(_("%(course)s（第 %(number)s 期）") % {"course": self.course.shown_name, "number": self.number})


class Enrollment(models.Model):
    """A seat of a case in a class, and what became of it."""

    class Status(models.TextChoices):
        PLACED = "placed", _("已排定")  # has a seat in a class to come
        ATTENDED = "attended", _("已到课")  # was there; no mark yet
        PASSED = "passed", _("合格")
        FAILED = "failed", _("不合格")
        ABSENT = "absent", _("缺课")
        LEFT = "left", _("已移出")  # gave the seat back

    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="enrollments")
    case = models.ForeignKey(TrainingCase, on_delete=models.PROTECT, related_name="enrollments")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="enrollments")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PLACED)
    mark = models.PositiveSmallIntegerField(_("成绩"), null=True, blank=True)
    placed_at = models.DateTimeField(_("排定时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("排班")
        ordering = ["officer__badge"]
        constraints = [
            models.UniqueConstraint(fields=["session", "officer"], condition=~Q(status="left"), name="one_seat_a_head"),
            models.CheckConstraint(condition=Q(mark__isnull=True) | Q(mark__lte=100), name="mark_up_to_100"),
        ]
        indexes = [models.Index(fields=["case"], condition=Q(status="placed"), name="enrollment_waiting")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.officer_id} {self.status}"


class EnrollmentList(models.Model):
    """One version of a class's list, as sent to the training unit. Only its receipt is written later."""

    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="lists")
    version = models.PositiveSmallIntegerField(_("版次"))
    rows = models.JSONField()  # [{badge, name, unit, post_type, focus, codes, form}] in the order of badges
    added = models.JSONField(default=list)  # badges that the version before did not have
    removed = models.JSONField(default=list)  # rows it had and this one has not
    count = models.PositiveSmallIntegerField(_("人数"))
    checksum = models.CharField(_("校验码"), max_length=64)  # SHA-256 of class, version and rows
    sent_at = models.DateTimeField(_("送达"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("回执期限"))
    confirmed_at = models.DateTimeField(_("回执"), null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("培训名册")
        ordering = ["session", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["session", "version"], name="list_version_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="list_receipt_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(confirmed_at__isnull=True), name="list_unconfirmed")]

    def __str__(self) -> str:
        return f"{self.session_id} v{self.version}"

    @property
    def shown_checksum(self) -> str:
        """Its first sixteen digits in fours, as one reads them aloud."""
        return " ".join(self.checksum[i : i + 4] for i in range(0, 16, 4))
