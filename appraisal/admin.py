"""Schemes and new cycles are kept by hand; results, facts and the steps of a cycle are only read here."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from appraisal.models import Cycle, CycleRecord, Fact, Result, SchemeWeight, Staffing, Workload


class Window(admin.ModelAdmin[Any]):
    """A list to read; nothing else is allowed to anybody."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(SchemeWeight)
class SchemeWeightAdmin(admin.ModelAdmin[SchemeWeight]):
    list_display = ("applies_to", "position", "indicator", "weight")
    list_filter = ("applies_to",)


@admin.register(Cycle)
class CycleAdmin(Window):
    """A cycle begins and moves on its own page, where every step is written down."""

    list_display = ("code", "kind", "starts_on", "ends_on", "state", "notice_until")
    list_filter = ("kind", "state")
    search_fields = ("code",)


@admin.register(CycleRecord)
class CycleRecordAdmin(Window):
    list_display = ("cycle", "step", "source", "target", "actor", "at")
    list_select_related = ("cycle", "actor")


@admin.register(Result)
class ResultAdmin(Window):
    list_display = ("cycle", "officer", "unit", "status", "recorded_on", "recorded_by")
    list_filter = ("status",)
    list_select_related = ("cycle", "officer", "unit", "recorded_by")
    search_fields = ("officer__badge", "unit__code", "cycle__code")


@admin.register(Fact)
class FactAdmin(Window):
    list_display = ("kind", "officer", "unit", "level", "from_day", "to_day", "recorded_on", "withdrawn")
    list_filter = ("kind",)
    list_select_related = ("officer", "unit")
    search_fields = ("officer__badge", "unit__code")


@admin.register(Workload)
class WorkloadAdmin(Window):
    list_display = ("officer", "month", "calls", "cases", "duty_hours", "leave_days")
    list_select_related = ("officer",)
    search_fields = ("officer__badge", "month")


@admin.register(Staffing)
class StaffingAdmin(Window):
    list_display = ("unit", "month", "establishment", "present")
    list_select_related = ("unit",)
    search_fields = ("unit__code", "month")
