"""Units as a tree, officers and where they served, the accounts that act, and who looked at whom."""

import hashlib
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.roles import MACHINES, Role

EVERYWHERE = "/"
LONGEST_PATH = 200
# Codes are parts of paths and addresses.
is_code = RegexValidator(r"\A[0-9A-Za-z_-]+\Z", _("只能用字母、数字、“-”和“_”"))
# With a digit at least: no badge can be mistaken for a word in an address such as `/people/units/`.
is_badge = RegexValidator(r"\A[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*\Z", _("只能用字母、数字、“-”和“_”，至少一个数字"))


class Unit(models.Model):
    """A unit of the bureau. `path` holds the codes from the root down, `/B00/F01/F01P01/`."""

    code = models.CharField(_("代码"), max_length=20, unique=True, validators=[is_code])
    name = models.CharField(_("名称"), max_length=100)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children", verbose_name=_("上级单位")
    )
    path = models.CharField(max_length=LONGEST_PATH, unique=True, editable=False)
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

    badge = models.CharField(_("警号"), max_length=20, unique=True, validators=[is_badge])
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
        indexes = [models.Index(fields=["name"], name="officer_by_name", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return f"{self.name} {self.badge}"


def days_held() -> Func:
    """The days of a row that lasts from `from_day` to `to_day`, both included; no end: for ever.

    Not a class of our own: the migration would have to import it.
    """
    both = RangeBoundary(inclusive_lower=True, inclusive_upper=True)
    return Func("from_day", "to_day", both, function="daterange", output_field=DateRangeField())


def ends_after_it_begins() -> Q:
    return Q(to_day__isnull=True) | Q(to_day__gte=F("from_day"))


class Posting(models.Model):
    """A stay of an officer in a unit and post, both ends included; no end means to this day."""

    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="postings", verbose_name=_("民警"), db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings", verbose_name=_("单位"))
    post_type = models.CharField(_("岗位类别"), max_length=30)
    is_leader = models.BooleanField(_("负责人"), default=False)
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("任职经历")
        ordering = ["officer", "from_day"]
        indexes = [models.Index(fields=["officer", "from_day"], name="posting_of_officer")]
        constraints = [
            models.CheckConstraint(condition=ends_after_it_begins(), name="posting_ends_after_it_begins"),
            ExclusionConstraint(
                name="posting_one_at_a_time",
                expressions=[(days_held(), RangeOperators.OVERLAPS), ("officer", RangeOperators.EQUAL)],
                violation_error_message=_("与另一段任职经历的日期重叠"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.post_type} {self.from_day}"


class Account(AbstractUser):
    """Somebody, or some machine, that acts. An officer's account is tied to him."""

    officer = models.OneToOneField(
        Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="account", verbose_name=_("民警")
    )
    is_machine = models.BooleanField(_("系统账户"), default=False)
    language = models.CharField(_("语言"), max_length=10, blank=True)  # empty: what the browser asks for

    # Who acts in this account's place, on the copy that `stand_ins.places` makes of it with the rights stood in for.
    deputy: "Account | None" = None

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

    def holds(self, *roles: str) -> bool:
        """Whether the account holds one of the roles anywhere."""
        return any(held in roles for held, _path in self.grants)

    @property
    def hand(self) -> "Account":
        """Who really acts: the stand-in, or the account itself."""
        return self.deputy or self

    @property
    def stood_in_for(self) -> int | None:
        """Whom the history has to name beside the hand."""
        return self.pk if self.deputy else None

    @property
    def barred_officers(self) -> frozenset[int]:
        """Whose cases nobody touches in another's place: the stand-in's own, and those of the one he stands in for."""
        if self.deputy is None:
            return frozenset()
        return frozenset(officer for officer in (self.officer_id, self.deputy.officer_id) if officer)

    @property
    def shown_name(self) -> str:
        if self.is_machine:
            return str(MACHINES.get(self.username, self.username))
        return self.officer.name if self.officer else (self.first_name or self.username)


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self, day: date) -> "RoleGrantQuerySet":
        """Begun, neither over nor taken back by the day."""
        stands = Q(ended_at__isnull=True) | Q(ended_at__date__gt=day)
        return self.filter(stands, Q(to_day__isnull=True) | Q(to_day__gte=day), from_day__lte=day)


class RoleGrant(models.Model):
    """A role held for a unit and all below it, from a day to a day (both included). No unit means everywhere.

    `path` is the unit's, kept here so that a permission check is one read; `people.actions` keeps the two alike.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="role_grants", verbose_name=_("账户"))
    role = models.CharField(_("角色"), max_length=30, choices=Role.choices)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("单位"))
    path = models.CharField(max_length=LONGEST_PATH, default=EVERYWHERE, editable=False)
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"), null=True, blank=True)
    granted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("授权人"))
    reason = models.CharField(_("授权理由"), max_length=200, blank=True)
    ended_by = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("收回人")
    )
    ended_at = models.DateTimeField(_("收回时间"), null=True, blank=True)  # taken back: at once, not at the day's end
    end_reason = models.CharField(_("收回理由"), max_length=200, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("角色授权")
        ordering = ["path", "role", "from_day", "id"]
        indexes = [
            models.Index(fields=["role", "path"], name="grant_desk"),
            models.Index(fields=["path"], name="grant_below_path", opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(condition=ends_after_it_begins(), name="grant_ends_after_it_begins"),
            ExclusionConstraint(
                name="grant_held_once",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("path", RangeOperators.EQUAL),
                    (days_held(), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("这个账户在这些日期已有这个单位的这个角色"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_role_display()} {self.path}"


class AccessLog(models.Model):
    """One look at an officer's record by somebody else. Append-only by a trigger; its owner reads it."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="looks", verbose_name=_("查看人"), db_index=False
    )
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="looks", verbose_name=_("被查看人"), db_index=False
    )
    role = models.CharField(_("凭何角色"), max_length=30, choices=Role.choices)
    page = models.CharField(_("页面"), max_length=60)  # the page's name, `people:record`, never its query
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("查看记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["officer", "-id"], name="look_at_officer"),
            models.Index(fields=["account", "-id"], name="look_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.page} {self.at}"


class Change(models.Model):
    """What was done to people, units, accounts and rights, by whom and why. Append-only by a trigger."""

    class What(models.TextChoices):
        OFFICER_ADDED = "officer_added", _("登记民警")
        OFFICER_CORRECTED = "officer_corrected", _("更正民警信息")
        UNIT_ADDED = "unit_added", _("登记单位")
        UNIT_CORRECTED = "unit_corrected", _("更正单位信息")
        OFFICER_MOVED = "officer_moved", _("民警调动")
        UNIT_MOVED = "unit_moved", _("单位调整隶属")
        ROLE_GRANTED = "role_granted", _("授予角色")
        GRANT_ENDED = "grant_ended", _("收回角色")
        ACCOUNT_OPENED = "account_opened", _("开立账户")
        ACCOUNT_CLOSED = "account_closed", _("停用账户")
        ACCOUNT_REOPENED = "account_reopened", _("恢复账户")
        TOKEN_ISSUED = "token_issued", _("创建令牌")
        TOKEN_REVOKED = "token_revoked", _("撤销令牌")
        STAND_IN_SET = "stand_in_set", _("设置代理")
        STAND_IN_ENDED = "stand_in_ended", _("结束代理")
        ABSENCE_SET = "absence_set", _("登记外出")
        ABSENCE_ENDED = "absence_ended", _("结束外出")

    what = models.CharField(_("变更"), max_length=30, choices=What.choices)
    actor = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="changes", verbose_name=_("操作人"))
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("民警"))
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("账户"))
    note = models.CharField(_("理由"), max_length=200, blank=True)
    detail = models.JSONField(_("内容"), default=dict)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("变更记录")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.at}"


class TokenScopes(models.TextChoices):
    READ = "read", _("只读")  # safe methods only
    ACT = "act", _("可办理")  # may also take steps


def token_digest(secret: str) -> bytes:
    """What is kept of a secret. A plain hash does: the secret is 256 random bits, not a word somebody chose."""
    return hashlib.sha256(secret.encode()).digest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, at: datetime) -> "ApiTokenQuerySet":
        return self.filter(revoked_at__isnull=True, ends_at__gt=at)


class ApiToken(models.Model):
    """A key with which a program acts as an account. Only its digest is kept: the secret is shown once."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(_("用途"), max_length=60)
    scope = models.CharField(_("权限"), max_length=10, choices=TokenScopes.choices)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now)
    ends_at = models.DateTimeField(_("到期"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def is_live(self, at: datetime) -> bool:
        return self.revoked_at is None and self.ends_at > at
