"""What one reviewer wrote of one candidate."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LOWEST, HIGHEST = 1, 5


class Review(models.Model):
    """Written once by each reviewer, as a step of the case; never changed."""

    case = models.ForeignKey("talent_pool.ReserveCase", on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("评审人")
    )
    score = models.PositiveSmallIntegerField(
        _("评分"), validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]
    )
    words = models.TextField(_("评语"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("书面评审")
        constraints = [
            models.UniqueConstraint(fields=["case", "reviewer"], name="review_once_each"),
            models.CheckConstraint(condition=Q(score__range=(LOWEST, HIGHEST)), name="review_score_in_scale"),
        ]

    def __str__(self) -> str:
        return str(self.score)
