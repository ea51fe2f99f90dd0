"""The published holidays, and the weekend days worked to make up for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Unit


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


class LocalDay(models.Model):
    """A day that is otherwise for a unit and all below it: a local holiday, or one that is worked there."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"), db_index=False)
    day = models.DateField(_("日期"))
    working = models.BooleanField(_("工作日"))
    name = models.CharField(_("名称"), max_length=50)

    class Meta:
        verbose_name = verbose_name_plural = _("地方放假与上班")
        ordering = ["unit", "day"]
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="local_day_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.day} {self.name}"


class CalendarVersion(models.Model):
    """A state of all calendars: one row per loading of a file or change by an administrator. Append-only."""

    what = models.CharField(_("内容"), max_length=200)
    # None: the lists that came with the product.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("操作人")
    )
    moved = models.PositiveIntegerField(_("改变的期限"), db_default=0)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("日历版本")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(_("第 %d 版") % self.pk)
