"""What a case wants to reach, and what was noted on the way."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from training.models.case import TrainingCase


class Goal(models.Model):
    """One indicator from where it stands to where it should be, by a day. Written when the plan is proposed."""

    case = models.ForeignKey(TrainingCase, on_delete=models.PROTECT, related_name="goals")
    indicator = models.CharField(_("指标"), max_length=50)
    baseline = models.FloatField(_("现值"), null=True, blank=True)
    target = models.FloatField(_("目标"))
    due = models.DateField(_("期限"))
    how = models.CharField(_("做法"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("目标")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "indicator"], name="goal_once_per_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.target}"


class Feeling(models.TextChoices):
    SMOOTH = "smooth", _("顺利")
    SO_SO = "so_so", _("一般")
    NEEDS_HELP = "needs_help", _("需要帮助")


class CheckIn(models.Model):
    """What was done since the last one, by the officer or his manager. Never changed."""

    case = models.ForeignKey(TrainingCase, on_delete=models.PROTECT, related_name="check_ins")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("日期"))
    words = models.TextField(_("做了什么"))
    feeling = models.CharField(_("感觉"), max_length=10, choices=Feeling.choices, blank=True)
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="check_ins")
    figure = models.FloatField(_("当前值"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("双周记录")
        ordering = ["-day", "-id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.day}"
