"""What the page of late facts asks for: which changes to carry out or leave, why, and on which ground."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _


class LateForm(forms.Form):
    """The ticked proposals, and the reason."""

    keys = forms.MultipleChoiceField(required=False)
    note = forms.CharField(
        label=_("说明"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
        help_text=_("写明依据了什么；会写进记录和告知书，本人看得到。"),
        error_messages={"required": _("请写明说明。")},
    )

    def __init__(self, *args: Any, known: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["keys"])
        field.choices = [(key, key) for key in known]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("keys"):
            raise forms.ValidationError(_("没有选中任何一项，什么都没有改。"))
        return data

    def grounds(self) -> dict[str, str]:
        """The ground chosen beside each proposal that asks for one."""
        return {key: self.data.get(f"ground-{key}", "") for key in self.cleaned_data["keys"]}
