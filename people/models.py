"""Units as a tree, officers and where they served, and the accounts that act."""

from datetime import date
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.roles import Role

EVERYWHERE = "/"


class Unit(models.Model):
    """A unit of the bureau. `path` holds the codes from the root down, `/B00/F01/F01P01/`."""

    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("上级单位")
    )
    path = models.CharField(max_length=200, unique=True, editable=False)
    kind = models.CharField(_("类别"), max_length=30)
    peer_group = models.CharField(_("比较组"), max_length=30, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ["path"]
        indexes = [models.Index(fields=["path"], name="unit_below_path", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.name


class Officer(models.Model):
    """A police officer, with the present unit and post type. Where he was earlier is in `Posting`."""

    badge = models.CharField(_("警号"), max_length=20, unique=True)
    name = models.CharField(_("姓名"), max_length=50)
    sex = models.CharField(_("性别"), max_length=2)
    born_on = models.DateField(_("出生日期"))
    joined_on = models.DateField(_("入警日期"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="officers", verbose_name=_("现单位"))
    post_type = models.CharField(_("岗位类别"), max_length=30)
    rank = models.CharField(_("职级"), max_length=30, blank=True)
    employment = models.CharField(_("身份"), max_length=20)
    email = models.EmailField(_("邮箱"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("民警")
        ordering = ["badge"]

    def __str__(self) -> str:
        return f"{self.name} {self.badge}"


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


class Posting(models.Model):
    """A stay of an officer in a unit and post, both ends included; no end means to this day."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings")
    post_type = models.CharField(_("岗位类别"), max_length=30)
    is_leader = models.BooleanField(_("负责人"), default=False)
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("任职经历")
        ordering = ["officer", "from_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_day__isnull=True) | Q(to_day__gte=F("from_day")), name="posting_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="posting_one_at_a_time",
                expressions=[
                    (
                        DateRange("from_day", "to_day", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                    ("officer", RangeOperators.EQUAL),
                ],
            ),
        ]


class Account(AbstractUser):
    """Somebody, or some machine, that acts. An officer's account is tied to him."""

    officer = models.OneToOneField(
        Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="account", verbose_name=_("民警")
    )
    is_machine = models.BooleanField(_("系统账户"), default=False)

    @cached_property
    def grants(self) -> tuple[tuple[str, str], ...]:
        """(role, unit path) of the grants in force today, read once: a check on 20,000 cases must not query."""
        held = RoleGrant.objects.in_force(timezone.localdate()).filter(account=self)
        return tuple(held.values_list("role", "path"))

    def may(self, role: str, unit_path: str) -> bool:
        """Whether the account holds the role for a unit: granted at the unit itself or above it."""
        return any(held == role and unit_path.startswith(path) for held, path in self.grants)

    def paths(self, *roles: str) -> tuple[str, ...]:
        """The unit paths at which the account holds one of the roles."""
        return tuple(path for held, path in self.grants if held in roles)

    @property
    def shown_name(self) -> str:
        return self.officer.name if self.officer else (self.first_name or self.username)


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self, day: date) -> "RoleGrantQuerySet":
        return self.filter(Q(to_day__isnull=True) | Q(to_day__gte=day), from_day__lte=day)


class RoleGrant(models.Model):
    """A role held for a unit and all below it, from a day to a day (both included). No unit means everywhere.

    `path` is the unit's, kept here so that a permission check is one read; `people.actions` keeps the two alike.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("角色"), max_length=30, choices=Role.choices)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("单位"))
    path = models.CharField(max_length=200, default=EVERYWHERE, editable=False)
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"), null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("角色授权")
        indexes = [models.Index(fields=["role", "path"], name="grant_desk")]
