"""What people made of facts that came late: each change of a decision that was confirmed, or left as it was."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.models import Cycle
from linkage.models.decisions import Decision
from linkage.models.runs import Run
from people.models import Officer, Unit
from workflows.models import Case


class What(models.TextChoices):
    """What a later run makes of what was decided."""

    OPEN = "open", _("补开")  # nothing was decided before
    RELEASE = "release", _("解除暂缓，开立")  # what held or blocked it has ended
    REFILL = "refill", _("递补名额")  # a seat of the quota became free
    HOLD = "hold", _("暂停办理")  # decided before, and now held
    RESUME = "resume", _("恢复办理")  # what it was suspended for has ended
    WITHDRAW = "withdraw", _("撤回")  # no longer decided; the case still goes on
    REVOKE = "revoke", _("撤销或移出")  # no longer decided; what was given would have to be taken back
    OUTCOME = "outcome", _("改变后果")  # decided otherwise: the old case ends, a new one opens


class Settled(models.TextChoices):
    DONE = "done", _("已办理")
    HANDED = "handed", _("已转有权机关")
    LEFT = "left", _("不予变更")


class LateChange(models.Model):
    """One change, with who settled it and why. Append-only: the decisions it names stay as they were."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="late_changes")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(_("规则"), max_length=40)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="late_changes")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="late_changes")
    what = models.CharField(_("变更"), max_length=10, choices=What.choices)
    settled = models.CharField(_("处理"), max_length=10, choices=Settled.choices)
    before = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="changed_by")
    after = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="made_by")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    said = models.CharField(max_length=90)  # what the run said then: settled once, it is not proposed again
    step = models.CharField(max_length=30, blank=True)
    ground = models.CharField(_("撤销依据"), max_length=30, blank=True)
    ground_words = models.CharField(max_length=100, blank=True)
    causes = models.JSONField(default=list)  # the rows that changed: {"zh", "en", "recorded_on"}
    note = models.TextField(_("说明"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("后到事实的处理")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["cycle", "rule"], name="late_changes_of_cycle")]

    def __str__(self) -> str:
        return f"{self.rule} {self.what}"

    @property
    def subject(self) -> Officer | Unit | None:
        return self.officer or self.unit
