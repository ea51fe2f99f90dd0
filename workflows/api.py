"""Cases, work and steps over the API: the same doors, forms and refusals as the pages."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from people.access import log_looks
from people.api import caller
from people.models import Account, Officer, Unit
from workflows import access, actions, desk, kinds, queries, standing
from workflows import clock as clocks
from workflows.desk import Filter
from workflows.forms import StepForm
from workflows.kinds import Kind, Step
from workflows.models import Case, CaseReason, WorkItem
from workflows.paging import Cursor
from workflows.refusals import Outcome, Reason, Refusal
from workflows.taking import STATUS, form_for

MOST = 5_000  # cases in one call


# What is read ----------------------------------------------------------------------------------------------------


class CaseRow(serializers.ModelSerializer[Case]):
    officer = serializers.SlugRelatedField[Officer](slug_field="badge", read_only=True)
    unit = serializers.SlugRelatedField[Unit](slug_field="code", read_only=True)
    state_label = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            *("id", "kind", "key", "title", "state", "state_label", "version", "officer", "unit"),
            *("opened_at", "state_since", "closed_at", "outcome"),
        ]

    def get_state_label(self, case: Case) -> str:
        kind = kinds.find(case.kind)
        return standing.state_label(kind, case.state) if kind else case.state


class ReasonRow(serializers.ModelSerializer[CaseReason]):
    class Meta:
        model = CaseReason
        fields = ["code", "title_zh", "title_en", "words_zh", "words_en", "basis", "evidence", "added_at"]


class HappeningRow(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    actor = serializers.CharField()
    at = serializers.DateTimeField()
    note = serializers.CharField()
    change = serializers.CharField()
    inputs = serializers.DictField()


class NeedRow(serializers.Serializer[Any]):
    words = serializers.CharField()
    met = serializers.BooleanField()


class StepRow(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    harm = serializers.BooleanField()
    permitted = serializers.BooleanField()
    open = serializers.BooleanField()
    missing = NeedRow(source="lacking", many=True)
    needs = NeedRow(many=True)
    targets = serializers.ListField(child=serializers.CharField())


class ItemRow(serializers.ModelSerializer[WorkItem]):
    case = CaseRow(read_only=True)
    due = serializers.SerializerMethodField()

    class Meta:
        model = WorkItem
        fields = ["id", "case", "kind", "duty", "role", "desk", "opened_at", "due_at", "provisional", "due"]

    def get_due(self, item: WorkItem) -> str:
        return str(self.context["words"](item))


class TurnRow(serializers.Serializer[Any]):
    title = serializers.CharField()
    desk = serializers.CharField()
    mine = serializers.BooleanField()
    due_at = serializers.DateTimeField(source="item.due_at")


class WholeCase(serializers.Serializer[Any]):
    case = CaseRow()
    turns = TurnRow(many=True)
    steps = StepRow(many=True)
    reasons = ReasonRow(many=True)
    history = HappeningRow(source="happenings", many=True)
    sound = serializers.BooleanField()


class CaseFilter(django_filters.FilterSet):
    open = django_filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")
    badge = django_filters.CharFilter(field_name="officer__badge")
    unit = django_filters.CharFilter(method="below")

    class Meta:
        model = Case
        fields = ["kind", "state", "key"]

    def below(self, rows: QuerySet[Case], _name: str, code: str) -> QuerySet[Case]:
        """The cases of a unit and of all below it."""
        path = Unit.objects.filter(code=code).values_list("path", flat=True).first()
        return rows.filter(unit_path__startswith=path) if path else rows.none()


class NewestFirst(CursorPagination):
    ordering = "-id"
    page_size = 50
    page_size_query_param = "size"
    max_page_size = 500


# What is sent ----------------------------------------------------------------------------------------------------


class StepCall(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    inputs = serializers.DictField(required=False, default=dict)
    version = serializers.IntegerField(required=False, min_value=1)
    request_key = serializers.UUIDField(required=False)


class SetCall(serializers.Serializer[Any]):
    cases = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    inputs = serializers.DictField(required=False, default=dict)
    versions = serializers.DictField(child=serializers.IntegerField(min_value=1), required=False, default=dict)
    request_key = serializers.UUIDField(required=False)


class RefusalRow(serializers.Serializer[Any]):
    case = serializers.UUIDField()
    code = serializers.CharField()
    words = serializers.CharField()


class OutcomeRow(serializers.Serializer[Any]):
    taken = serializers.ListField(child=serializers.UUIDField())
    repeated = serializers.ListField(child=serializers.UUIDField())
    refused = RefusalRow(many=True)


class Problem(serializers.Serializer[Any]):
    """What every refused call answers: a stable word, a sentence, and which fields were wrong."""

    code = serializers.CharField()
    words = serializers.CharField()
    fields = serializers.DictField(required=False)  # type: ignore[assignment]


PROBLEMS: Mapping[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)


# Doors -----------------------------------------------------------------------------------------------------------


class Cases(viewsets.ReadOnlyModelViewSet[Case]):
    """The cases the caller may see."""

    serializer_class = CaseRow
    pagination_class = NewestFirst
    filterset_class = CaseFilter
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        return access.visible(caller(self.request)).select_related("officer", "unit")

    @extend_schema(responses={200: WholeCase, 404: Problem})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One case with whose turn it is, the steps and what they lack, the reasons and the whole history."""
        account = caller(request)
        case = access.get_case(account, identity(kwargs["pk"]))
        if case.officer:
            log_looks(account, [case.officer], page="api:case")
        return Response(WholeCase(queries.case_page(case, account, clocks.now(), whole=True)).data)

    @extend_schema(request=StepCall, responses={200: OutcomeRow, **PROBLEMS})
    @action(detail=True, methods=["post"], url_path=r"steps/(?P<step>\w+)", filterset_class=None, pagination_class=None)
    def steps(self, request: Request, pk: str, step: str) -> Response:
        """Take a step on one case. A refusal answers 403, 409 or 422 with its code and its words."""
        account = caller(request)
        case = access.get_case(account, identity(pk))
        call = read(StepCall(data=request.data))
        kind = kinds.get(case.kind)
        seen = {case.pk: call["version"]} if "version" in call else {}
        outcome = take([case], kind, step_of(kind, step), call=call, seen=seen, account=account)
        if refusal := outcome.refused.get(case.pk):
            return Response(refused(refusal), status=STATUS[refusal.reason])
        return Response(told(outcome))


class Steps(APIView):
    """One step on many cases of a kind: each is judged alone, and the answer says what became of each."""

    @extend_schema(request=SetCall, responses={200: OutcomeRow, **PROBLEMS})
    def post(self, request: Request, kind: str, step: str) -> Response:
        account, found = caller(request), kinds.find(kind)
        if found is None:
            raise Http404
        transition = step_of(found, step)
        call = read(SetCall(data=request.data))
        cases = in_sight(found, call["cases"], account)
        versions = {identity(key): version for key, version in call["versions"].items()}
        outcome = take(cases, found, transition, call=call, seen=versions, account=account)
        for key in set(call["cases"]) - {case.pk for case in cases}:
            outcome.refused[key] = Refusal(Reason.NOT_FOUND)
        return Response(told(outcome))


class WorkItems(viewsets.ViewSet):
    """The work on the caller's desks and his own, first what is due first."""

    @extend_schema(
        responses=ItemRow(many=True),
        parameters=[OpenApiParameter(name) for name in ("kind", "due", "after", "before")],
    )
    def list(self, request: Request) -> Response:
        clock, asked = clocks.now(), request.query_params
        chosen = Filter(kind=asked.get("kind", ""), due=asked.get("due", ""))
        cursor = Cursor(after=asked.get("after", ""), before=asked.get("before", ""))
        page = desk.page(caller(request), chosen, cursor, clock=clock)
        rows = ItemRow(page.rows, many=True, context={"words": desk.words_of(clock)})
        return Response({"next": page.next, "previous": page.previous, "results": rows.data})


def identity(text: str) -> UUID:
    """A key that is no UUID is the key of no case."""
    try:
        return UUID(text)
    except ValueError as error:
        raise access.CaseNotFound from error


def step_of(kind: Kind, name: str) -> Step:
    step = kinds.steps(kind).get(name)
    if step is None:
        raise Http404
    return step


def read(call: serializers.Serializer[Any]) -> dict[str, Any]:
    call.is_valid(raise_exception=True)
    return dict(call.validated_data)


def in_sight(kind: Kind, keys: Sequence[UUID], account: Account) -> list[Case]:
    seen = access.visible(account).filter(kind=kind.name, pk__in=keys).values("pk")
    return list(kind.model._default_manager.filter(pk__in=seen))


def take(
    cases: Sequence[Case],
    kind: Kind,
    step: Step,
    *,
    call: Mapping[str, Any],
    seen: Mapping[UUID, int],
    account: Account,
) -> Outcome:
    form = filled(cases, kind, step, call=call, account=account)
    return actions.advance(
        [case.pk for case in cases],
        step,
        actor=account,
        note=form.cleaned_data["note"],
        inputs=form.inputs(),
        seen=seen,
        request_key=call.get("request_key"),
    )


def filled(cases: Sequence[Case], kind: Kind, step: Step, *, call: Mapping[str, Any], account: Account) -> StepForm:
    """The step's own form, as on the page."""
    name = step.__name__
    harm = any(edge.custom.get("harm") for edge in kinds.edges(step))
    form = form_for(kind, name)({**call["inputs"], "note": call["note"]}, cases=cases, actor=account, harm=harm)
    if unknown := sorted(set(call["inputs"]) - set(form.fields)):
        raise Unprocessable({field: [_("这一步没有这一项")] for field in unknown})
    if not form.is_valid():
        raise Unprocessable({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    return form


class Unprocessable(serializers.ValidationError):
    """The call could be read, but the step cannot be taken with what it says."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY


def refused(refusal: Refusal) -> dict[str, str]:
    return {"code": str(refusal.reason), "words": standing.refusal_words(refusal)}


def told(outcome: Outcome) -> dict[str, Any]:
    rows = [{"case": key, **refused(refusal)} for key, refusal in outcome.refused.items()]
    return OutcomeRow({"taken": outcome.taken, "repeated": outcome.repeated, "refused": rows}).data


router = SimpleRouter()
router.register("cases", Cases)
router.register("work-items", WorkItems, basename="work-item")
