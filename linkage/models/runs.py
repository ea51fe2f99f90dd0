"""The runs that put a policy to a cycle."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.models import Cycle
from linkage.models.policies import Policy


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
