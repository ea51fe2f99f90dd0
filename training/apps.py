"""The app as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("能力提升")

    def ready(self) -> None:
        from training.kind import KIND
        from workflows import kinds

        kinds.register(KIND)
