"""Receipts over the API: a department's system reads a list and confirms that it has it."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from people.api import caller
from workflows import receipts
from workflows.api import NewestFirst, read
from workflows.api_rows import PROBLEMS, Problem
from workflows.models import Receipt
from workflows.refusals import Unmet


class ReceiptRow(serializers.ModelSerializer[Receipt]):
    class Meta:
        model = Receipt
        fields = [
            *("id", "key", "role", "desk", "title_zh", "title_en", "count", "checksum", "added", "removed"),
            *("asked_at", "due_at", "escalated", "confirmed_at", "replaced_at"),
        ]


class WholeReceipt(serializers.Serializer[Any]):
    receipt = ReceiptRow()
    content = serializers.DictField()


class ReceiptCall(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=0)
    checksum = serializers.CharField(max_length=64)


class Receipts(viewsets.ReadOnlyModelViewSet[Receipt]):
    """The lists that were sent to the caller's departments."""

    serializer_class = ReceiptRow
    pagination_class = NewestFirst
    filterset_fields = ("role",)
    queryset = Receipt.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Receipt]:
        return receipts.visible(caller(self.request))

    @extend_schema(responses={200: WholeReceipt, 404: Problem})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A list with its rows and the differences to the version before. Only who may confirm it reads its names."""
        receipt, account = self.get_object(), caller(request)
        if not account.may(receipt.role, receipt.desk):
            raise Http404
        content = receipts.content(receipt, account=account)
        return Response(WholeReceipt({"receipt": receipt, "content": content}).data)

    @extend_schema(request=ReceiptCall, responses={200: ReceiptRow, **PROBLEMS})
    @action(detail=True, methods=["post"], filterset_fields=None, pagination_class=None)
    def confirm(self, request: Request, pk: str) -> Response:
        """Confirm that the list is there, by its count and checksum. A list is confirmed once."""
        receipt, call = self.get_object(), read(ReceiptCall(data=request.data))
        try:
            receipts.give(receipt, **call, actor=caller(request))
        except Unmet as unmet:
            return Response({"code": "unmet", "words": str(unmet)}, status=422)
        return Response(ReceiptRow(self.get_object()).data)
