"""The app as Django sees it."""

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = _("事项引擎")

    def ready(self) -> None:
        from people import events, record
        from people.permissions import allow
        from people.roles import Role
        from workflows import canary, case_list, desk_list, list_exports, models, parts, routing
        from workflows.checks import check_kinds

        checks.register(check_kinds)
        canary.listen()
        list_exports.register()
        case_list.offer()
        desk_list.offer()
        record.section(40, _("事项"), "workflows/_record.html", parts.cases)
        events.on_move(routing.follow_officers)
        events.on_grant(routing.follow_grants)
        events.on_unit_move(routing.follow_unit)
        windows = (models.Case, models.TransitionRecord, models.WorkItem, models.ItemChange, models.OutboxMessage)
        allow(Role.AUDITOR, *windows, models.Notice, models.CalendarVersion)
        allow(Role.ADMINISTRATOR, models.OutboxMessage, actions=("view", "replay"))
        calendar = (models.CalendarDay, models.CalendarYear, models.LocalDay)
        allow(Role.ADMINISTRATOR, models.CalendarVersion)
        allow(Role.ADMINISTRATOR, *calendar, actions=("view", "add", "change", "delete"))
