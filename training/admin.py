"""The catalogue of courses and the classes in the Django admin. Lists and seats can only be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from training.models import ClassSession, Course, EnrollmentList


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin[Course]):
    list_display = ["code", "name", "hours", "provider", "active"]
    list_filter = ["active", "provider"]
    search_fields = ["code", "name"]


@admin.register(ClassSession)
class ClassSessionAdmin(admin.ModelAdmin[ClassSession]):
    list_display = ["course", "number", "starts_on", "ends_on", "place", "seats"]
    list_filter = ["course"]
    list_select_related = ["course"]
    date_hierarchy = "starts_on"
    autocomplete_fields = ["unit"]


@admin.register(EnrollmentList)
class EnrollmentListAdmin(admin.ModelAdmin[EnrollmentList]):
    list_display = ["session", "version", "count", "sent_at", "confirmed_at"]
    list_select_related = ["session__course"]
    exclude = ["rows", "removed"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
