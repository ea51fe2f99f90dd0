"""The app as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppraisalConfig(AppConfig):
    name = "appraisal"
    verbose_name = _("考核")

    def ready(self) -> None:
        from appraisal import jobs, models, parts, result_list
        from appraisal.actions.facts import receive_fact
        from appraisal.kind import KIND
        from people import permissions, record
        from people.roles import Role
        from workflows import kinds, outbox

        kinds.register(KIND)
        jobs.register()
        result_list.offer()
        outbox.receive("fact", lambda message: receive_fact(message.payload))
        record.section(20, _("考核结果与事实"), "appraisal/_record.html", parts.record)
        permissions.allow(Role.ADMINISTRATOR, models.SchemeWeight, actions=("view", "add", "change", "delete"))
        permissions.allow(Role.ADMINISTRATOR, models.Cycle, models.CycleRecord)
        known = (models.Cycle, models.CycleRecord, models.SchemeWeight, models.Result, models.Fact)
        permissions.allow(Role.AUDITOR, *known, models.Workload, models.Staffing)
