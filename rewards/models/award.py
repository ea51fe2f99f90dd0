"""What may be awarded, by whom and after what notice: data that the bureau keeps itself."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Organ(models.TextChoices):
    """Whose committee approves. A case opened for the branch can also be approved by the bureau, never the reverse."""

    BUREAU = "bureau", _("市局")
    BRANCH = "branch", _("分局")


class Award(models.Model):
    """One award of the catalogue. A case takes its terms when it opens: a later change touches later cases only.

    The defaults are the strictest terms: a policy's word that nobody has entered yet comes in under them.
    """

    code = models.CharField(_("奖项"), max_length=60, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    rank = models.PositiveSmallIntegerField(_("位次"), default=0)  # the higher, the greater the honour
    organ = models.CharField(_("批准机关"), max_length=10, choices=Organ.choices, default=Organ.BUREAU)
    notice_days = models.PositiveSmallIntegerField(_("公示工作日"), default=7)
    entitlement = models.BooleanField(
        _("应得待遇"), default=False, help_text=_("符合条件即应办理，不经提名、审核和公示，例如晋档。")
    )
    needs_discipline = models.BooleanField(
        _("须纪检督察意见"), default=True, help_text=_("审核通过前须由纪检督察出具意见。")
    )
    bonus = models.DecimalField(_("奖金（元）"), max_digits=8, decimal_places=2, default=0)
    text = models.CharField(
        _("证书文字"), max_length=200, blank=True, help_text=_("印在证书上的一句话，例如“工作成绩突出，给予嘉奖”。")
    )
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("奖项目录")
        ordering = ["rank", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entitlement=False) | Q(notice_days=0), name="entitlement_needs_no_notice"
            )
        ]

    def __str__(self) -> str:
        return self.code


class CertificateBook(models.Model):
    """How many certificates a year has seen: numbers run without gaps, also when two grant at once."""

    year = models.PositiveSmallIntegerField(_("年份"), primary_key=True)
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("证书编号簿")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
