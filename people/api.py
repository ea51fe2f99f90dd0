"""People over the API, and only what the caller may see; stand-ins are set here too. Tokens are made on a page."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from people import access, stand_ins
from people.actions import end_stand_in, set_stand_in
from people.actions.stand_ins import may_keep
from people.models import Account, Officer, Posting, RoleGrant, StandIn, Unit


class UnitRow(serializers.ModelSerializer[Unit]):
    # The metaclass takes the field away before it could hide the serializer's own `parent`.
    parent = serializers.SlugRelatedField[Unit](slug_field="code", read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Unit
        fields = ["code", "name", "parent", "path", "kind", "peer_group"]


class OfficerRow(serializers.ModelSerializer[Officer]):
    unit = serializers.SlugRelatedField[Unit](slug_field="code", read_only=True)

    class Meta:
        model = Officer
        fields = ["badge", "name", "unit", "post_type", "rank", "employment"]


class PostingRow(serializers.ModelSerializer[Posting]):
    unit = serializers.SlugRelatedField[Unit](slug_field="code", read_only=True)

    class Meta:
        model = Posting
        fields = ["unit", "post_type", "is_leader", "from_day", "to_day"]


class OfficerRecord(OfficerRow):
    postings = PostingRow(many=True, read_only=True)

    class Meta(OfficerRow.Meta):
        fields = [*OfficerRow.Meta.fields, "sex", "born_on", "joined_on", "postings"]


class ByCode(CursorPagination):
    ordering = "code"
    page_size = 200


class ByBadge(CursorPagination):
    ordering = "badge"
    page_size = 100


class Units(viewsets.ReadOnlyModelViewSet[Unit]):
    """The units below the caller's roles."""

    serializer_class = UnitRow
    pagination_class = ByCode
    lookup_field = "code"
    filterset_fields = ["kind", "peer_group"]
    queryset = Unit.objects.none()

    def get_queryset(self) -> QuerySet[Unit]:
        units = access.visible_units(caller(self.request), *access.UNIT_READERS)
        return units.select_related("parent")


class Officers(viewsets.ReadOnlyModelViewSet[Officer]):
    """The officers whose record the caller may read. Reading one is written down like on a page."""

    serializer_class = OfficerRow
    pagination_class = ByBadge
    lookup_field = "badge"
    filterset_fields = ["unit__code", "post_type"]
    queryset = Officer.objects.none()

    def get_queryset(self) -> QuerySet[Officer]:
        return access.visible_officers(caller(self.request))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            officer = access.get_officer(caller(request), kwargs["badge"], page="api:officer")
        except access.NotFound as missing:
            raise Http404 from missing
        return Response(OfficerRecord(officer).data)


class StandInRow(serializers.ModelSerializer[StandIn]):
    principal = serializers.SlugRelatedField[Account](slug_field="username", read_only=True)
    substitute = serializers.SlugRelatedField[Account](slug_field="username", read_only=True)
    unit = serializers.SlugRelatedField[Unit](slug_field="code", read_only=True)

    class Meta:
        model = StandIn
        fields = ["id", "principal", "substitute", "role", "unit", "from_day", "to_day", "reason"]


class StandInCall(serializers.Serializer[Any]):
    """The role of `principal` for `unit` (none: everywhere) is lent. Without `principal`: the caller's own."""

    principal = serializers.CharField(required=False)
    substitute = serializers.CharField()
    role = serializers.CharField()
    unit = serializers.CharField(required=False, allow_null=True)
    from_day = serializers.DateField()
    to_day = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class StandIns(viewsets.ViewSet):
    """Who stands in for the caller and for whom he stands in, now and later."""

    @extend_schema(responses=StandInRow(many=True))
    def list(self, request: Request) -> Response:
        account, today = caller(request), timezone.localdate()
        rows = [*stand_ins.set_for(account, today), *stand_ins.set_on(account, today)]
        return Response(StandInRow(rows, many=True).data)

    @extend_schema(request=StandInCall, responses={201: StandInRow})
    def create(self, request: Request) -> Response:
        account = caller(request)
        call = StandInCall(data=request.data)
        call.is_valid(raise_exception=True)
        said = call.validated_data
        principal = kept(account, said.get("principal", account.username))
        held = RoleGrant.objects.in_force(timezone.localdate()).select_related("account__officer__unit", "unit")
        unit = {"unit__code": said["unit"]} if said.get("unit") else {"unit": None}
        row = set_stand_in(
            grant=get_object_or_404(held, account=principal, role=said["role"], **unit),
            substitute=get_object_or_404(Account, username=said["substitute"], is_machine=False),
            from_day=said["from_day"],
            to_day=said["to_day"],
            reason=said["reason"],
            actor=account,
        )
        return Response(StandInRow(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH)], responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """End it at once."""
        account = caller(request)
        rows = StandIn.objects.select_related("principal__officer__unit")
        row = get_object_or_404(rows, pk=pk if pk.isdecimal() else 0)
        if account.pk != row.substitute_id and not may_keep(account, row.principal):
            raise Http404
        end_stand_in(stand_in=row, actor=account)
        return Response(status=status.HTTP_204_NO_CONTENT)


def kept(account: Account, username: str) -> Account:
    """The account of this name, if it is the caller's or of a unit whose people he keeps."""
    found = Account.objects.select_related("officer__unit").filter(username=username).first()
    if found is None or not may_keep(account, found):
        raise Http404
    return found


def caller(request: Request) -> Account:
    """Who asks. The permission class has already refused those who are nobody."""
    account = request.user
    if not isinstance(account, Account):
        raise Http404
    return account


router = SimpleRouter()
router.register("units", Units)
router.register("officers", Officers)
router.register("stand-ins", StandIns, basename="stand-in")
urlpatterns = router.urls
