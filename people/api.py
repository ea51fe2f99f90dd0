"""People over the API: read-only, and only what the caller may see. Tokens are made on a page, never here."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import serializers, viewsets
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from people import access
from people.models import Account, Officer, Posting, Unit


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


def caller(request: Request) -> Account:
    """Who asks. The permission class has already refused those who are nobody."""
    account = request.user
    if not isinstance(account, Account):
        raise Http404
    return account


router = SimpleRouter()
router.register("units", Units)
router.register("officers", Officers)
urlpatterns = router.urls
