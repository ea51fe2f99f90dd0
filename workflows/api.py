"""Cases, work and steps over the API: the same doors, forms and refusals as the pages."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
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
from people.models import Account, Unit
from workflows import access, actions, claims, desk, kinds, pausing, queries, standing
from workflows import clock as clocks
from workflows.api_rows import (
    PROBLEMS,
    AssignCall,
    CaseRow,
    ItemRow,
    OutcomeRow,
    PauseCall,
    Problem,
    ResumeCall,
    SetCall,
    StepCall,
    WholeCase,
    WorkCall,
    WorkRow,
)
from workflows.capacity import in_turn
from workflows.claims import Claimed
from workflows.desk import Filter
from workflows.forms import StepForm
from workflows.kinds import Kind, Step
from workflows.models import Case
from workflows.paging import Cursor
from workflows.refusals import Outcome, Reason, Refusal
from workflows.taking import STATUS, form_for


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

    @extend_schema(request=PauseCall, responses={204: None, **PROBLEMS})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def pause(self, request: Request, pk: str) -> Response:
        """Stop the clock of the case's work."""
        account = caller(request)
        case = access.get_case(account, identity(pk))
        pausing.pause(case, actor=account, **read(PauseCall(data=request.data)))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=ResumeCall, responses={204: None, **PROBLEMS})
    @action(detail=True, methods=["post"], filterset_class=None, pagination_class=None)
    def resume(self, request: Request, pk: str) -> Response:
        """Let the clock go on with the time that was left."""
        account = caller(request)
        case = access.get_case(account, identity(pk))
        pausing.resume(case, actor=account, **read(ResumeCall(data=request.data)))
        return Response(status=status.HTTP_204_NO_CONTENT)


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
        parameters=[OpenApiParameter(name) for name in ("kind", "due", "claim", "after", "before")],
    )
    def list(self, request: Request) -> Response:
        clock, asked = clocks.now(), request.query_params
        claim, reader = asked.get("claim", ""), caller(request).pk
        chosen = Filter(kind=asked.get("kind", ""), due=asked.get("due", ""), claim=claim, reader=reader)
        cursor = Cursor(after=asked.get("after", ""), before=asked.get("before", ""))
        page = desk.page(caller(request), chosen, cursor, clock=clock)
        rows = ItemRow(page.rows, many=True, context={"words": desk.words_of(clock)})
        return Response({"next": page.next, "previous": page.previous, "results": rows.data})

    @extend_schema(request=WorkCall, responses={200: WorkRow, **PROBLEMS})
    @action(detail=False, methods=["post"])
    def claim(self, request: Request) -> Response:
        """Take work of the caller's desks on. What a colleague has already is refused with his name."""
        call = read(WorkCall(data=request.data))
        return worked(call, claims.claim(Q(pk__in=call["items"]), actor=caller(request)))

    @extend_schema(request=WorkCall, responses={200: WorkRow, **PROBLEMS})
    @action(detail=False, methods=["post"])
    def release(self, request: Request) -> Response:
        """Put work back into the pool of its desk."""
        call = read(WorkCall(data=request.data))
        return worked(call, claims.release(Q(pk__in=call["items"]), actor=caller(request)))

    @extend_schema(request=AssignCall, responses={200: WorkRow, **PROBLEMS})
    @action(detail=False, methods=["post"])
    def assign(self, request: Request) -> Response:
        """Hand work to somebody of the same desk, by his username."""
        call = read(AssignCall(data=request.data))
        to = get_object_or_404(Account, username=call["to"], is_machine=False)
        return worked(call, claims.assign(Q(pk__in=call["items"]), to=to, actor=caller(request), note=call["note"]))


def worked(call: Mapping[str, Any], outcome: Claimed) -> Response:
    """What became of each item; one the caller may not see is as good as not there."""
    missing = set(call["items"]) - {*outcome.done, *outcome.refused}
    refused = outcome.refused | dict.fromkeys(missing, str(Reason.NOT_FOUND.label))
    rows = [{"item": item, "words": words} for item, words in sorted(refused.items())]
    return Response(WorkRow({"done": outcome.done, "refused": rows}).data)


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

    def taken(group: Sequence[Case], actor: Account) -> Outcome:
        return actions.advance(
            [case.pk for case in group],
            step,
            actor=actor,
            note=form.cleaned_data["note"],
            inputs=form.inputs(),
            seen=seen,
            request_key=call.get("request_key"),
        )

    return in_turn(standing.named(cases, step, account), account, taken)


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
