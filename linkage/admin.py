"""A window on policies, runs and decisions: nothing is added, changed or deleted here."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from linkage.models import PUBLISHED, Decision, Policy, Run


class Window(admin.ModelAdmin[Model]):
    """What the linkage keeps is written by its actions alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Policy)
class PolicyWindow(Window):
    list_display = ["code", "version", "state", "from_day", "to_day"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Drafts are for those who write them."""
        return super().get_queryset(request).filter(state__in=PUBLISHED)


@admin.register(Run)
class RunWindow(Window):
    list_display = ["cycle", "as_of", "number", "policy", "made_at", "made_by"]
    list_select_related = ["cycle", "policy", "made_by"]


@admin.register(Decision)
class DecisionWindow(Window):
    list_display = ["rule", "subject", "status", "outcome", "live", "run"]
    list_filter = ["live", "status", "rule"]
    list_select_related = ["officer", "unit", "run__cycle"]
    search_fields = ["officer__badge", "unit__code"]
    show_full_result_count = False
