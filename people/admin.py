"""Master data in the Django admin. Forms call the actions; accounts, grants, looks and changes are only shown."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from people.actions import add_officer, add_unit, correct_officer, correct_unit, move_unit
from people.models import AccessLog, Account, ApiToken, Change, Officer, Posting, RoleGrant, Unit
from people.refusals import Refused


def acting(request: HttpRequest) -> Account:
    """Who acts. The admin lets nobody in who is not signed in."""
    account = request.user
    if not isinstance(account, Account):
        raise TypeError("The admin was entered without an account.")
    return account


class UnitForm(ModelForm[Unit]):
    """A unit keeps a parent once it has one: there is one root."""

    def clean_parent(self) -> Unit | None:
        parent: Unit | None = self.cleaned_data["parent"]
        if self.initial.get("parent") and parent is None:
            raise ValidationError(_("单位须有上级"))
        return parent


class Refusing(admin.ModelAdmin[Any]):
    """Shows what an action refused as a message. Nothing was saved: the admin's view is one transaction."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.get_full_path())


@admin.register(Unit)
class UnitAdmin(Refusing):
    form = UnitForm
    list_display = ["code", "name", "kind", "parent", "peer_group"]
    list_filter = ["kind", "peer_group"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> list[str]:
        return ["code"] if obj else []

    def save_model(self, request: HttpRequest, obj: Unit, form: ModelForm[Unit], change: bool) -> None:
        if not change:
            add_unit(unit=obj, actor=acting(request))
            return
        if {"name", "kind", "peer_group"} & set(form.changed_data):
            correct_unit(unit=obj, fields=form.changed_data, actor=acting(request))
        if "parent" in form.changed_data and obj.parent:
            move_unit(unit=obj, parent=obj.parent, actor=acting(request))


@admin.register(Officer)
class OfficerAdmin(Refusing):
    list_display = ["badge", "name", "unit", "post_type", "rank", "employment"]
    list_filter = ["post_type", "employment"]
    list_select_related = ["unit"]
    search_fields = ["badge__startswith", "name__startswith"]
    autocomplete_fields = ["unit"]

    def get_readonly_fields(self, request: HttpRequest, obj: Officer | None = None) -> list[str]:
        # Where he serves has its own page, which closes the old posting and passes on what is open.
        return ["badge", "unit", "post_type"] if obj else []

    def save_model(self, request: HttpRequest, obj: Officer, form: ModelForm[Officer], change: bool) -> None:
        if change:
            correct_officer(officer=obj, fields=form.changed_data, actor=acting(request))
        else:
            add_officer(officer=obj, actor=acting(request))


class Window(admin.ModelAdmin[Any]):
    """Rows to look at: whoever wants to change them does so on the product's pages."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Posting)
class PostingAdmin(Window):
    list_display = ["officer", "unit", "post_type", "is_leader", "from_day", "to_day"]
    list_select_related = ["officer", "unit"]
    search_fields = ["officer__badge__startswith", "officer__name__startswith"]


@admin.register(Account)
class AccountAdmin(Window):
    list_display = ["username", "shown_name", "is_machine", "is_active", "last_login"]
    list_select_related = ["officer"]
    list_filter = ["is_active", "is_machine"]
    search_fields = ["username__startswith", "officer__name__startswith"]
    fields = ["username", "first_name", "email", "officer", "is_machine", "is_active", "language", "last_login"]


@admin.register(RoleGrant)
class RoleGrantAdmin(Window):
    list_display = ["account", "role", "unit", "from_day", "to_day", "granted_by", "reason", "ended_at", "ended_by"]
    list_select_related = ["account", "unit", "granted_by", "ended_by"]
    list_filter = ["role"]
    search_fields = ["account__username__startswith"]


@admin.register(ApiToken)
class ApiTokenAdmin(Window):
    list_display = ["account", "name", "scope", "created_at", "ends_at", "revoked_at", "last_used_at"]
    list_select_related = ["account"]


@admin.register(AccessLog)
class AccessLogAdmin(Window):
    list_display = ["at", "account", "officer", "role", "page"]
    list_select_related = ["account", "officer"]
    search_fields = ["officer__badge__exact", "account__username__exact"]
    show_full_result_count = False


@admin.register(Change)
class ChangeAdmin(Window):
    list_display = ["at", "what", "actor", "officer", "unit", "account", "note"]
    list_select_related = ["actor", "officer", "unit", "account"]
    list_filter = ["what"]
    show_full_result_count = False
