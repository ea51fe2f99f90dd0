"""Cycles, results and facts over the API: read what is the caller's to read; record facts as a page does."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from appraisal.access import CYCLE_READERS, get_subject, readable_facts, readable_results
from appraisal.actions import record_fact
from appraisal.actions.facts import FactSaid
from appraisal.models import Cycle, Fact, FactKind, Result
from people.api import caller
from people.roles import Role


class CycleRow(serializers.ModelSerializer[Cycle]):
    class Meta:
        model = Cycle
        fields = ["code", "kind", "starts_on", "ends_on", "state", "notice_until"]


class ResultRow(serializers.ModelSerializer[Result]):
    cycle = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    officer = serializers.SlugRelatedField[Any](slug_field="badge", read_only=True)
    unit = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = Result
        fields = [
            "id",
            "cycle",
            "officer",
            "unit",
            "status",
            "grade",
            "score",
            "indicators",
            "recorded_on",
            "reason",
        ]


class FactRow(serializers.ModelSerializer[Fact]):
    officer = serializers.SlugRelatedField[Any](slug_field="badge", read_only=True)
    unit = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = Fact
        fields = [
            "id",
            "officer",
            "unit",
            "kind",
            "level",
            "from_day",
            "to_day",
            "recorded_on",
            "withdrawn",
            "note",
            "source",
        ]


class NewFact(serializers.Serializer[Fact]):
    """A fact to record. The same kind, level and first day again tell the fact anew."""

    subject = serializers.CharField(max_length=20, help_text="badge or unit code")
    kind = serializers.ChoiceField(choices=FactKind.choices)
    level = serializers.CharField(max_length=50, required=False, allow_blank=True, default="")
    from_day = serializers.DateField()
    to_day = serializers.DateField(required=False, allow_null=True, default=None)
    withdrawn = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(max_length=2_000)


class ByKey(CursorPagination):
    ordering = "-id"
    page_size = 100


class ByCode(CursorPagination):
    ordering = "code"
    page_size = 100


class Cycles(viewsets.ReadOnlyModelViewSet[Cycle]):
    """The cycles there are, for whoever answers for some part of the bureau."""

    serializer_class = CycleRow
    pagination_class = ByCode
    lookup_field = "code"
    lookup_value_regex = "[^/.]+"
    filterset_fields = ["kind", "state"]
    queryset = Cycle.objects.none()

    def get_queryset(self) -> QuerySet[Cycle]:
        if not caller(self.request).holds(*CYCLE_READERS):
            raise Http404
        return Cycle.objects.all()


class Results(viewsets.ReadOnlyModelViewSet[Result]):
    """Every row of the results within the caller's units, superseded ones included, and of his own."""

    serializer_class = ResultRow
    pagination_class = ByKey
    filterset_fields = ["cycle__code", "officer__badge", "unit__code", "status", "grade"]
    queryset = Result.objects.none()

    def get_queryset(self) -> QuerySet[Result]:
        return readable_results(caller(self.request)).select_related("cycle", "officer", "unit")


class Facts(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Fact]):
    """Every row of the facts within the caller's units and of his own; HR and inspectors record."""

    serializer_class = FactRow
    pagination_class = ByKey
    filterset_fields = ["kind", "officer__badge", "unit__code"]
    queryset = Fact.objects.none()

    def get_queryset(self) -> QuerySet[Fact]:
        return readable_facts(caller(self.request)).select_related("officer", "unit")

    @extend_schema(request=NewFact, responses={201: FactRow})
    def create(self, request: Request) -> Response:
        said = NewFact(data=request.data)
        said.is_valid(raise_exception=True)
        told = dict(said.validated_data)
        account = caller(request)
        subject = get_subject(account, told.pop("subject"), Role.HR, Role.INSPECTOR)
        note = told.pop("note")
        fact = record_fact(subject=subject, said=FactSaid(**told), note=note, actor=account)
        return Response(FactRow(fact).data, status=201)


router = SimpleRouter()
router.register("cycles", Cycles, basename="cycle")
router.register("results", Results, basename="result")
router.register("facts", Facts, basename="fact")
