"""The catalogue is kept by hand; cases and the book of numbers are only read here."""

from django.contrib import admin

from rewards.models import Award, CertificateBook, ResourceCase, RewardCase
from workflows.admin import Window


@admin.register(Award)
class AwardAdmin(admin.ModelAdmin[Award]):
    list_display = ("code", "name_en", "rank", "organ", "notice_days", "entitlement", "needs_discipline", "bonus")
    ordering = ("rank", "code")


@admin.register(CertificateBook)
class CertificateBookAdmin(Window):
    list_display = ("year", "last")


@admin.register(RewardCase)
class RewardCaseAdmin(Window):
    list_display = ("key", "award", "state", "unit_path", "certificate", "granted_on", "outcome")
    list_filter = ("award",)
    search_fields = ("key", "certificate")
    ordering = ("-id",)


@admin.register(ResourceCase)
class ResourceCaseAdmin(Window):
    list_display = ("key", "state", "unit_path", "priority", "asked", "allocated", "outcome")
    search_fields = ("key",)
    ordering = ("-id",)
