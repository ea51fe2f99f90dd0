"""Policies, runs and decisions over the API: read-only, and only what the caller may see."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django_filters.rest_framework import CharFilter, DateFilter, FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from appraisal.models import Cycle
from linkage import access, decision_list, explaining
from linkage.evaluation import SETTLED
from linkage.explaining import as_data
from linkage.models import Decision, Policy, Run
from people.api import caller
from people.models import Account, Officer, Unit


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


class PolicyRow(serializers.ModelSerializer[Policy]):
    class Meta:
        model = Policy
        fields = ["id", "code", "version", "title_zh", "title_en", "state", "from_day", "to_day", "revision"]


class PolicyText(PolicyRow):
    """One version with its text and its steps."""

    records = serializers.SerializerMethodField()

    class Meta(PolicyRow.Meta):
        fields = [*PolicyRow.Meta.fields, "text", "records"]

    def get_records(self, policy: Policy) -> list[dict[str, Any]]:
        return [dict(row) for row in policy.records.order_by("pk").values("step", "source", "target", "at", "digest")]


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


class DecisionFilter(FilterSet):
    """As the register's page filters: by kind of outcome, by a unit with all below it, by the day known."""

    kind = CharFilter(method="of_kind", label="reward, reserve, training, ...")
    below = CharFilter(method="in_unit", label="code of a unit: its own decisions and all below it")
    since = DateFilter(field_name="run__as_of", lookup_expr="gte")
    until = DateFilter(field_name="run__as_of", lookup_expr="lte")

    class Meta:
        model = Decision
        fields = ["run", "cycle__code", "rule", "status", "live", "officer__badge", "unit__code"]

    def of_kind(self, found: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        return found.filter(outcome__startswith=f"{value}:")

    def in_unit(self, found: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        return found.filter(decision_list.in_unit(value))


class Decisions(viewsets.ReadOnlyModelViewSet[Decision]):
    """The decisions on subjects within the caller's units."""

    serializer_class = DecisionRow
    pagination_class = ByKey
    filterset_class = DecisionFilter
    queryset = Decision.objects.none()

    def get_queryset(self) -> QuerySet[Decision]:
        return access.visible(caller(self.request)).select_related("cycle", "officer", "unit")


class Why(viewsets.ViewSet):
    """Why a rule decided something on a subject, or why not: about oneself, or for who reads decisions on it."""

    @extend_schema(
        parameters=[
            OpenApiParameter("cycle", str, required=True),
            OpenApiParameter("subject", str, required=True, description="badge or unit code"),
            OpenApiParameter("rule", str),
            OpenApiParameter("run", int, description="a saved run; without it the cycle's latest"),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def list(self, request: Request) -> Response:
        """Each rule with its conditions, what is missing, what blocks, its evidence, and what would turn the answer."""
        account, asked = caller(request), request.query_params
        subject = readable_subject(account, asked.get("subject", ""))
        cycle = Cycle.objects.filter(code=asked.get("cycle", "")).first()
        if cycle is None or (cycle.state not in SETTLED and not access.may_read(account)):
            raise Http404
        run = access.run_asked_for(cycle, asked.get("run", "") if access.may_read(account) else "")
        only = {rule} if (rule := asked.get("rule", "")) else None
        if run is None and not access.may_read(account):
            raise Http404
        return Response(as_data(explaining.explain(cycle, subject, run=run, only=only)))


def readable_subject(account: Account, code: str) -> Officer | Unit:
    """Himself, or whom he reads decisions on."""
    if account.officer is not None and account.officer.badge == code:
        return account.officer
    return access.subject_seen(account, code)


class Policies(viewsets.ReadOnlyModelViewSet[Policy]):
    """The versions of policies: what was published for everybody, drafts for those who work on them."""

    serializer_class = PolicyRow
    pagination_class = ByKey
    filterset_fields = ["code", "version", "state"]
    queryset = Policy.objects.none()

    def get_queryset(self) -> QuerySet[Policy]:
        return access.visible_policies(caller(self.request))

    def get_serializer_class(self) -> type[PolicyRow]:
        return PolicyText if self.action == "retrieve" else PolicyRow


router = SimpleRouter()
router.register("why", Why, basename="why")
router.register("runs", Runs, basename="run")
router.register("policies", Policies, basename="policy")
router.register("decisions", Decisions, basename="decision")
