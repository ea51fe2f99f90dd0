"""What a step asks of whoever takes it. A linkage's own questions are a subclass, used by page and API alike."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from people.models import Account
from workflows.models import Case

NOTE = "note"
NOTE_LENGTH = 2000


def plain(value: Any) -> Any:
    """A cleaned value as the history can keep it: rows by their keys, days and numbers as text."""
    if isinstance(value, Model):
        return plain(value.pk)
    if isinstance(value, QuerySet):
        return [plain(row.pk) for row in value]
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


class StepForm(forms.Form):
    """Asks for a note alone. `cases` are those the step is for (one on the case page, many from a list)."""

    note = forms.CharField(
        label=_("说明"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("记入办理历史，有权查看这件事项的人都能看到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, cases: Sequence[Case], actor: Account, harm: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cases = cases
        self.actor = actor
        self.order_fields([name for name in self.fields if name != NOTE])
        if harm:
            self.fields[NOTE].required = True
            self.fields[NOTE].label = _("理由")
        for field in self.fields.values():
            field.error_messages["required"] = _("请填写这一项")
            if isinstance(field, forms.DateField) and not isinstance(field, forms.DateTimeField):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def inputs(self) -> dict[str, Any]:
        """The keyword arguments of the step, as JSON can carry them."""
        return {name: plain(value) for name, value in self.cleaned_data.items() if name != NOTE}
