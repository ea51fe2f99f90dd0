"""What the API of cases and work reads and answers."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from people.models import Account, Officer, Unit
from workflows import kinds, standing
from workflows.models import Case, CaseReason, WorkItem

MOST = 5_000  # cases or work items in one call


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
    on_behalf_of = serializers.CharField()
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
    claimed_by = serializers.SlugRelatedField[Account](slug_field="username", read_only=True)

    class Meta:
        model = WorkItem
        fields = [
            *("id", "case", "kind", "duty", "role", "desk", "opened_at", "due_at", "provisional", "calendar", "due"),
            *("paused_at", "pause_until", "claimed_by"),
        ]

    def get_due(self, item: WorkItem) -> str:
        return str(self.context["words"](item))


class TurnRow(serializers.Serializer[Any]):
    title = serializers.CharField()
    desk = serializers.CharField()
    mine = serializers.BooleanField()
    due_at = serializers.DateTimeField(source="item.due_at")
    provisional = serializers.BooleanField(source="item.provisional")
    paused_at = serializers.DateTimeField(source="item.paused_at")
    claimed_by = serializers.CharField(source="item.claimed_by.username", default=None)
    in_place_of = serializers.CharField(source="lent_by")


class PausesRow(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    expected = serializers.DateField()
    reason = serializers.CharField()
    by = serializers.CharField()


class WholeCase(serializers.Serializer[Any]):
    case = CaseRow()
    turns = TurnRow(many=True)
    steps = StepRow(many=True)
    reasons = ReasonRow(many=True)
    history = HappeningRow(source="happenings", many=True)
    pauses = PausesRow(many=True)
    unpublished = serializers.ListField(child=serializers.IntegerField())
    sound = serializers.BooleanField()


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


class PauseCall(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)
    expected = serializers.DateField(required=False, allow_null=True)


class ResumeCall(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class WorkCall(serializers.Serializer[Any]):
    items = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=MOST)


class AssignCall(WorkCall):
    to = serializers.CharField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class NotDone(serializers.Serializer[Any]):
    item = serializers.IntegerField()
    words = serializers.CharField()


class WorkRow(serializers.Serializer[Any]):
    done = serializers.ListField(child=serializers.IntegerField())
    refused = NotDone(many=True)


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
