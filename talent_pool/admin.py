"""Cases are only read here. Reviews are not shown at all: who wrote what of whom is nobody's business in the admin."""

from django.contrib import admin

from talent_pool.models import PostAdjustmentCase, ReserveCase
from workflows.admin import Window


@admin.register(ReserveCase)
class ReserveCaseAdmin(Window):
    list_display = ("key", "state", "unit_path", "tier", "stream", "admitted_on", "term_until", "outcome")
    list_filter = ("tier", "stream")
    search_fields = ("key",)
    ordering = ("-id",)


@admin.register(PostAdjustmentCase)
class PostAdjustmentCaseAdmin(Window):
    list_display = ("key", "measure", "state", "unit_path", "notified_on", "effective_on", "outcome")
    list_filter = ("measure",)
    search_fields = ("key",)
    ordering = ("-id",)
