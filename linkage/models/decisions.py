"""What the rules said of each subject in a run, and what people changed of it."""

from typing import Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal.models import Cycle
from linkage.models.runs import Run
from people.models import Officer, Unit
from workflows import kinds
from workflows.models import Case

RESTRICTION = "restriction"  # outcomes that open no case: what they forbid is read in the register
HARMFUL = ("post_adjustment", "training", RESTRICTION)
TONES = {"open": "info", "held": "hold", "blocked": "bad", "over_quota": "warn", "withdrawn": "mute"}


def outcome_title(outcome: str) -> str:
    """What a kind calls an outcome: 能力提升计划 for `training:plan`; the bare word where no kind knows it."""
    name, _colon, word = outcome.partition(":")
    kind = kinds.find(name)
    if kind is None or kind.from_decision is None:
        return word
    try:
        return kind.from_decision(kinds.DecisionView(rule="", cycle="", outcome=word))[0]
    except ValueError:  # a word of a policy that the kind does not know
        return word


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
        """Decided, and no case carries it yet; a restriction stands in the register and needs no case."""
        waiting = self.live().filter(status=DecisionStatus.OPEN, case=None)
        return waiting.exclude(outcome__startswith=f"{RESTRICTION}:")


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
