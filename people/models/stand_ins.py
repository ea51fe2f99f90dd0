"""Who stands in for whom, and who is away."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.persons import (
    EVERYWHERE,
    LONGEST_PATH,
    Account,
    RoleGrant,
    Unit,
    days_held,
    ends_after_it_begins,
)
from people.roles import Role


def lasts(day: date) -> Q:
    """Begun, neither over nor ended: a row that is ended is over at once."""
    return Q(ended_at__isnull=True, from_day__lte=day, to_day__gte=day)


def not_over(day: date) -> Q:
    """In force or still to begin."""
    return Q(ended_at__isnull=True, to_day__gte=day)


class StandInQuerySet(models.QuerySet["StandIn"]):
    def in_force(self, day: date) -> "StandInQuerySet":
        """On the day, and as long as the one stood in for holds the role himself."""
        held = RoleGrant.objects.in_force(day).filter(
            account=OuterRef("principal"), role=OuterRef("role"), path=OuterRef("path")
        )
        return self.filter(lasts(day), Exists(held), principal__is_active=True)


class StandIn(models.Model):
    """One account acts in another's place, with one role of his for one unit, from a day to a day (both included)."""

    principal = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="stand_ins", verbose_name=_("被代理人")
    )
    substitute = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="stands_in", verbose_name=_("代理人")
    )
    role = models.CharField(_("角色"), max_length=30, choices=Role.choices)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("单位"))
    path = models.CharField(max_length=LONGEST_PATH, default=EVERYWHERE, editable=False)
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"))
    reason = models.CharField(_("事由"), max_length=200)
    set_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("设置人"))
    set_at = models.DateTimeField(_("设置时间"), default=timezone.now)
    ended_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("结束人")
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("代理")
        ordering = ["-from_day", "-id"]
        constraints = [
            models.CheckConstraint(condition=ends_after_it_begins(), name="stand_in_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(principal=models.F("substitute")), name="stand_in_is_another"),
            ExclusionConstraint(
                name="stand_in_once",
                expressions=[
                    ("principal", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("path", RangeOperators.EQUAL),
                    (days_held(), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("这些日期已有人代理这个角色"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} / {self.principal} {self.role} {self.path}"


class Absence(models.Model):
    """Days on which an account is out of office."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="absences", verbose_name=_("账户"))
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"))
    reason = models.CharField(_("事由"), max_length=200)
    set_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("设置人"))
    set_at = models.DateTimeField(_("设置时间"), default=timezone.now)
    ended_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("结束人")
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("外出")
        ordering = ["-from_day", "-id"]
        constraints = [
            models.CheckConstraint(condition=ends_after_it_begins(), name="absence_ends_after_it_begins"),
            ExclusionConstraint(
                name="absence_once",
                expressions=[("account", RangeOperators.EQUAL), (days_held(), RangeOperators.OVERLAPS)],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("这些日期已登记外出"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.from_day} {self.to_day}"
