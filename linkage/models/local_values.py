"""A branch's own values of a policy's local parameters, from a day on; each change is a row, none is ever changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Unit


class LocalParameter(models.Model):
    """What a branch sets for a parameter. Of the rows that hold on a day the one written last counts.

    An empty value gives the parameter back to the policy. Append-only by a trigger.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("单位"))
    code = models.CharField(_("政策"), max_length=40)
    name = models.CharField(_("参数"), max_length=100)
    value = models.CharField(_("取值"), max_length=100, blank=True)
    from_day = models.DateField(_("起"))
    to_day = models.DateField(_("止"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("理由"))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("本地参数")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["code", "unit"], name="local_values_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_day__isnull=True) | Q(to_day__gte=F("from_day")), name="local_value_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.name}"

    def holds(self, day: object) -> bool:
        return self.from_day <= day and (self.to_day is None or self.to_day >= day)  # type: ignore[operator]
