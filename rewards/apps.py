"""The app as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RewardsConfig(AppConfig):
    name = "rewards"
    verbose_name = _("奖励与资源")

    def ready(self) -> None:
        from people.permissions import allow
        from people.roles import Role
        from rewards import models
        from rewards.kind import RESOURCE, REWARD
        from workflows import kinds

        kinds.register(REWARD)
        kinds.register(RESOURCE)
        allow(Role.ADMINISTRATOR, models.Award, actions=("view", "add", "change"))
        allow(Role.ADMINISTRATOR, models.CertificateBook)
        allow(Role.AUDITOR, models.Award, models.CertificateBook, models.RewardCase, models.ResourceCase)
