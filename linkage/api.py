"""Runs and decisions over the API: read-only, and only what the caller may see."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.routers import SimpleRouter

from linkage import access
from linkage.models import Decision, Run
from people.api import caller


class RunRow(serializers.ModelSerializer[Run]):
    cycle = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    policy = serializers.StringRelatedField[Any]()

    class Meta:
        model = Run
        fields = ["id", "cycle", "policy", "as_of", "number", "made_at"]


class DecisionRow(serializers.ModelSerializer[Decision]):
    cycle = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    officer = serializers.SlugRelatedField[Any](slug_field="badge", read_only=True)
    unit = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = Decision
        fields = [
            "id",
            "run",
            "cycle",
            "rule",
            "officer",
            "unit",
            "status",
            "outcome",
            "focus",
            "dose",
            "live",
            "case",
            "words_zh",
            "words_en",
            "evidence",
        ]


class ByKey(CursorPagination):
    ordering = "-id"
    page_size = 100


class Runs(viewsets.ReadOnlyModelViewSet[Run]):
    """The runs there are, for whoever may read the linkage at all."""

    serializer_class = RunRow
    pagination_class = ByKey
    filterset_fields = ["cycle__code", "as_of"]
    queryset = Run.objects.none()

    def get_queryset(self) -> QuerySet[Run]:
        if not access.may_read(caller(self.request)):
            raise Http404
        return Run.objects.select_related("cycle", "policy")


class Decisions(viewsets.ReadOnlyModelViewSet[Decision]):
    """The decisions on subjects within the caller's units."""

    serializer_class = DecisionRow
    pagination_class = ByKey
    filterset_fields = ["run", "cycle__code", "rule", "status", "live", "officer__badge", "unit__code"]
    queryset = Decision.objects.none()

    def get_queryset(self) -> QuerySet[Decision]:
        return access.visible(caller(self.request)).select_related("cycle", "officer", "unit")


router = SimpleRouter()
router.register("runs", Runs, basename="run")
router.register("decisions", Decisions, basename="decision")
