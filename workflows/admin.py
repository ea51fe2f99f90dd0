"""The admin is a window: cases, history, work and messages are read here; only the calendar is kept by hand.

Who may look through it is said in `workflows.apps` (`people.permissions.allow`).
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.models import Account
from workflows import calendar_changes, outbox
from workflows import clock as clocks
from workflows.models import (
    CalendarDay,
    CalendarVersion,
    CalendarYear,
    Case,
    ItemChange,
    LocalDay,
    Notice,
    OutboxMessage,
    TransitionRecord,
    WorkItem,
)
from workflows.words import listed


class Window(admin.ModelAdmin[Any]):
    """A list to read. What is seen is still asked of `has_view_permission`; nothing else is allowed to anybody."""

    list_per_page = 50
    show_full_result_count = False  # counting millions of rows is not worth the number

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Case)
class CaseAdmin(Window):
    list_display = ("key", "kind", "title", "state", "unit_path", "opened_at", "closed_at", "outcome")
    list_filter = ("kind",)
    search_fields = ("key",)
    ordering = ("-id",)


@admin.register(TransitionRecord)
class TransitionRecordAdmin(Window):
    list_display = ("case_id", "number", "step", "source", "target", "actor", "at")
    list_select_related = ("actor",)
    search_fields = ("case__id",)
    ordering = ("-id",)


@admin.register(WorkItem)
class WorkItemAdmin(Window):
    list_display = ("case_id", "duty", "role", "desk", "due_at", "provisional", "closed_at")
    list_filter = ("kind", "role", ("closed_at", admin.EmptyFieldListFilter))
    ordering = ("-id",)


@admin.register(ItemChange)
class ItemChangeAdmin(Window):
    list_display = ("item_id", "why", "due_from", "due_to", "desk_from", "desk_to", "actor", "at")
    list_select_related = ("actor",)
    ordering = ("-id",)


class ReplayForm(ActionForm):
    reason = forms.CharField(label=gettext_lazy("重发理由"), required=False)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(Window):
    list_display = ("id", "topic", "cause", "role", "desk", "written_at", "attempts", "sent_at", "dead_at", "error")
    list_filter = ("cause", ("dead_at", admin.EmptyFieldListFilter), ("sent_at", admin.EmptyFieldListFilter))
    exclude = ("payload",)  # what is told may be about people
    ordering = ("-id",)
    action_form = ReplayForm
    actions = ("replay",)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("workflows.replay_outboxmessage"))

    @admin.action(description=gettext_lazy("重发所选消息"), permissions=["replay"])
    def replay(self, request: HttpRequest, chosen: QuerySet[OutboxMessage]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, _("请写明重发理由。"), messages.ERROR)
            return
        again = 0
        for message in chosen:
            try:
                outbox.replay(message.pk, actor=request.user, reason=reason)  # type: ignore[arg-type]
                again += 1
            except outbox.NotReplayable:
                self.message_user(request, _("第 %d 号消息还在发送中。") % message.pk, messages.WARNING)
        self.message_user(request, _("已重发 %d 条。") % again)


class Kept(admin.ModelAdmin[Any]):
    """Rows kept by hand. Each change is a version of the calendars, and every open deadline is counted again."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._publish(request, _("修改：%s") % obj if change else _("新增：%s") % obj)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        said = str(obj)
        super().delete_model(request, obj)
        self._publish(request, _("删除：%s") % said)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        said = listed(queryset)
        super().delete_queryset(request, queryset)
        self._publish(request, _("删除：%s") % said)

    def _publish(self, request: HttpRequest, what: str) -> None:
        if not isinstance(request.user, Account):
            raise TypeError("The admin was entered without an account.")
        moved = calendar_changes.publish(what, actor=request.user, clock=clocks.now())
        clocks.forget()
        transaction.on_commit(clocks.forget)  # another thread may have read the old one meanwhile
        words = ngettext("%d 项未办待办的期限改变。", "%d 项未办待办的期限改变。", len(moved))
        self.message_user(request, words % len(moved))


@admin.register(CalendarDay)
class CalendarDayAdmin(Kept):
    list_display = ("day", "working", "name")
    date_hierarchy = "day"


@admin.register(CalendarYear)
class CalendarYearAdmin(Kept):
    list_display = ("year", "source")


@admin.register(LocalDay)
class LocalDayAdmin(Kept):
    list_display = ("unit", "day", "working", "name")
    list_select_related = ("unit",)
    autocomplete_fields = ("unit",)
    date_hierarchy = "day"


@admin.register(CalendarVersion)
class CalendarVersionAdmin(Window):
    list_display = ("id", "what", "actor", "moved", "at")
    list_select_related = ("actor",)


@admin.register(Notice)
class NoticeAdmin(Window):
    list_display = ("item_id", "what", "level", "spoken", "at")
    list_filter = ("what", "level", "spoken")
    ordering = ("-id",)
