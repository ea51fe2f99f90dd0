"""What the pages of the linkage ask for."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appraisal.models import Cycle
from linkage.models import Policy, PolicyState


def not_to_come(day: date) -> date:
    if day > timezone.localdate():
        raise forms.ValidationError(_("不能以将来的日期为准，最晚为今天。"))
    return day


class DayForm(forms.Form):
    """On which day's knowledge a cycle is decided."""

    as_of = forms.DateField(
        label=_("以何日所知为准"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "input"}),
        help_text=_("只看到这一天为止录入的结果和事实。"),
        error_messages={"invalid": _("这不是日期，应写作 2026-03-31。"), "required": _("请填写日期。")},
    )

    def clean_as_of(self) -> date:
        return not_to_come(self.cleaned_data["as_of"])


class OpenForm(forms.Form):
    """Which decisions to open: those ticked, or all that wait."""

    everything = forms.BooleanField(required=False)
    decisions = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, *args: Any, waiting: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedMultipleChoiceField, self.fields["decisions"])
        field.choices = [(pk, pk) for pk in waiting]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("everything") and not data.get("decisions"):
            raise forms.ValidationError(_("没有选中任何一条，什么都没有开立。"))
        return data


class ReportForm(forms.Form):
    """What to look ahead at: which version, on which cycle, as known on which day."""

    policy = forms.ModelChoiceField(
        label=_("政策版本"),
        queryset=Policy.objects.exclude(state=PolicyState.DISCARDED),
        empty_label=None,
        help_text=_("草案、待批或施行中的版本都可以；与该周期施行中的版本比较。"),
    )
    cycle = forms.ModelChoiceField(
        label=_("考核周期"),
        queryset=Cycle.objects.all(),
        to_field_name="code",
        empty_label=None,
        help_text=_("未定案的周期也可以预览。"),
    )
    as_of = DayForm.base_fields["as_of"]

    def clean_as_of(self) -> date:
        return not_to_come(self.cleaned_data["as_of"])


class BacktestForm(forms.Form):
    """Which version to put to all past cycles."""

    policy = ReportForm.base_fields["policy"]


class WithdrawForm(forms.Form):
    """Why a decision no longer holds."""

    note = forms.CharField(
        label=_("撤回的原因"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
        help_text=_("写明依据；本人和审计人员看得到。"),
        error_messages={"required": _("请写明原因。")},
    )
