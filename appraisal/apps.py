"""The app as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppraisalConfig(AppConfig):
    name = "appraisal"
    verbose_name = _("考核")

    def ready(self) -> None:
        from appraisal.kind import KIND
        from workflows import kinds

        kinds.register(KIND)
