"""Policies as data, the runs that put them to a cycle, and the decisions that came of it."""

from datetime import date
from typing import Any, Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from appraisal.models import Cycle
from people.models import Officer, Unit
from people.roles import Role
from workflows import kinds
from workflows.models import Case

ROOT_DEPTH = 2  # slashes in "/B00/"
HARMFUL = ("post_adjustment", "training")
TONES = {"open": "info", "held": "hold", "blocked": "bad", "over_quota": "warn", "withdrawn": "mute"}


def may_rule(policy: Any, actor: Any) -> bool:
    """Policies are HR's, at the root of the bureau, and the machine's that installs the shipped ones."""
    return any(role in (Role.HR, Role.SYSTEM) and path.count("/") <= ROOT_DEPTH for role, path in actor.grants)


class PolicyState(models.TextChoices):
    DRAFT = "draft", _("草案")
    IN_FORCE = "in_force", _("施行中")
    RETIRED = "retired", _("已废止")


class Policy(models.Model):
    """One version of a policy: its YAML text, and from when to when it is in force."""

    code = models.CharField(_("代码"), max_length=40)
    version = models.CharField(_("版本"), max_length=20)
    title_zh = models.CharField(_("名称"), max_length=100)
    title_en = models.CharField(_("英文名称"), max_length=100)
    text = models.TextField(_("条文"))
    state = FSMField(_("状态"), default=PolicyState.DRAFT, choices=PolicyState.choices, protected=True)
    from_day = models.DateField(_("施行日"))
    to_day = models.DateField(_("废止日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("政策")
        ordering = ["code", "-from_day"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @transition(field=state, source=PolicyState.DRAFT, target=PolicyState.IN_FORCE, permission=may_rule)
    def enact(self) -> None:
        """From its day on it decides. Called by `linkage.register` alone, which records who and why."""

    @transition(field=state, source=PolicyState.IN_FORCE, target=PolicyState.RETIRED, permission=may_rule)
    def retire(self, *, to_day: date) -> None:
        self.to_day = to_day


class PolicyRecord(models.Model):
    """One step of a policy, with who and why. Append-only."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="records")
    step = models.CharField(max_length=30)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.policy} {self.step}"


class Run(models.Model):
    """One evaluation of a policy on a cycle as known on a day. Kept whole, so that two runs can be compared.

    A second run of the same day is kept only when it says something else: `digest` is over all it decided.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="runs")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="runs")
    as_of = models.DateField(_("以何日所知为准"))
    number = models.PositiveSmallIntegerField(default=1)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("运行时间"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("联动运行")
        ordering = ["-as_of", "-number"]
        constraints = [models.UniqueConstraint(fields=["cycle", "as_of", "number"], name="run_numbered")]

    def __str__(self) -> str:
        return f"{self.cycle} {self.as_of:%Y-%m-%d} #{self.number}"


def outcome_title(outcome: str) -> str:
    """What a kind calls an outcome: 能力提升计划 for `training:plan`; the bare word where no kind knows it."""
    name, _colon, word = outcome.partition(":")
    kind = kinds.find(name)
    if kind is None or kind.from_decision is None:
        return word
    return kind.from_decision(kinds.DecisionView(rule="", cycle="", outcome=word))[0]


class DecisionStatus(models.TextChoices):
    OPEN = "open", _("认定")
    HELD = "held", _("暂缓")
    BLOCKED = "blocked", _("不予认定")
    OVER_QUOTA = "over_quota", _("超出名额")
    WITHDRAWN = "withdrawn", _("已撤回")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def live(self) -> Self:
        return self.filter(live=True)

    def to_open(self) -> Self:
        """Decided, and no case carries it yet."""
        return self.live().filter(status=DecisionStatus.OPEN, case=None)


class Decision(models.Model):
    """What a rule says of one subject in one run.

    Of all runs of a cycle one decision per rule and subject is *live*: the latest run's, and beside them those of
    earlier runs whose case still goes on though the latest run no longer says so; these are proposals to withdraw.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="decisions")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(_("规则"), max_length=40)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="decisions")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="decisions")
    status = models.CharField(_("状态"), max_length=12, choices=DecisionStatus.choices)
    outcome = models.CharField(_("结果"), max_length=60)  # kind:word
    focus = models.CharField(_("重点"), max_length=50, db_default="")
    dose = models.CharField(_("剂量"), max_length=40, db_default="")
    live = models.BooleanField(db_default=False)
    # Counts up when the rule decides again what was withdrawn: the second time opens a case of its own.
    attempt = models.PositiveSmallIntegerField(db_default=1)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="decisions")
    words_zh = models.TextField(_("理由"), db_default="")
    words_en = models.TextField(db_default="")
    evidence = models.JSONField(db_default=[])

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("认定")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "rule", "officer"],
                condition=Q(live=True, officer__isnull=False),
                name="decision_one_live_of_officer",
            ),
            models.UniqueConstraint(
                fields=["cycle", "rule", "unit"],
                condition=Q(live=True, unit__isnull=False),
                name="decision_one_live_of_unit",
            ),
            models.CheckConstraint(
                condition=Q(officer__isnull=True) ^ Q(unit__isnull=True), name="decision_has_one_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "rule", "status"], name="decisions_of_run"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.outcome} {self.status}"

    @property
    def subject(self) -> Officer | Unit:
        return cast(Officer | Unit, self.officer or self.unit)  # one of them is there, by constraint

    @property
    def subject_path(self) -> str:
        """The unit that decides who may see it."""
        return self.officer.unit.path if self.officer else cast(Unit, self.unit).path

    @property
    def kind(self) -> str:
        return self.outcome.partition(":")[0]

    @property
    def title(self) -> str:
        return outcome_title(self.outcome)

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def fired(self) -> str:
        """How its reason is drawn: held, no, or with harm."""
        if self.status != DecisionStatus.OPEN:
            return "held" if self.status == DecisionStatus.HELD else "no"
        return "harm" if self.kind in HARMFUL else ""

    @property
    def word(self) -> str:
        return self.outcome.partition(":")[2]


class DecisionRecord(models.Model):
    """A person's change of a decision: withdrawn, by whom and why. Append-only."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="records")
    status = models.CharField(max_length=12, choices=DecisionStatus.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.decision_id} {self.status}"
