"""The app as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RewardsConfig(AppConfig):
    name = "rewards"
    verbose_name = _("奖励与资源")

    def ready(self) -> None:
        from rewards.kind import RESOURCE, REWARD
        from workflows import kinds

        kinds.register(REWARD)
        kinds.register(RESOURCE)
