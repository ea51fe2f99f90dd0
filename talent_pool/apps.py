"""The app as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalentPoolConfig(AppConfig):
    name = "talent_pool"
    verbose_name = _("后备干部与岗位调整")

    def ready(self) -> None:
        from people.permissions import allow
        from people.roles import Role
        from talent_pool import models
        from talent_pool.kind import POST_ADJUSTMENT, RESERVE
        from workflows import kinds

        kinds.register(RESERVE)
        kinds.register(POST_ADJUSTMENT)
        allow(Role.AUDITOR, models.ReserveCase, models.PostAdjustmentCase)
