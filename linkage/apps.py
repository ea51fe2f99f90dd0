"""The app as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinkageConfig(AppConfig):
    name = "linkage"
    verbose_name = _("联动")

    def ready(self) -> None:
        from linkage import decision_list, jobs, parts, report_exports, report_jobs
        from linkage.models import Decision, Policy, Run
        from people import permissions, record
        from people.roles import Role

        jobs.register()
        report_jobs.register()
        report_exports.offer()
        decision_list.offer()
        record.section(30, _("认定"), "linkage/_record.html", parts.decisions)
        for role in (Role.ADMINISTRATOR, Role.AUDITOR):
            permissions.allow(role, Policy, Run, *([Decision] if role == Role.AUDITOR else []))
