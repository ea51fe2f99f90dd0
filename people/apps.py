"""The app as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("人员与单位")

    def ready(self) -> None:
        from axes.models import AccessAttempt

        from people.models import AccessLog, Account, ApiToken, Change, Officer, Posting, RoleGrant, Unit
        from people.permissions import allow
        from people.roles import Role

        seen_by_both = (Posting, Account, RoleGrant, ApiToken, Change)
        allow(Role.ADMINISTRATOR, Unit, Officer, actions=("view", "add", "change"))
        allow(Role.ADMINISTRATOR, *seen_by_both)
        allow(Role.ADMINISTRATOR, AccessAttempt, actions=("view", "delete"))  # deleting one ends a lock
        allow(Role.AUDITOR, Unit, Officer, AccessLog, *seen_by_both)
