"""Forms of the pages of training that are not steps of a case."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from people.models import Account, Unit
from training.access import CARERS
from training.models import ClassSession, Enrollment, Feeling, Goal, TrainingCase


class SessionForm(forms.ModelForm[ClassSession]):
    """A class to come. Its number is the next one of the course."""

    class Meta:
        model = ClassSession
        fields = ["course", "starts_on", "ends_on", "place", "seats", "trainer", "unit"]
        widgets = {
            "starts_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "ends_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(path__in=actor.paths(*CARERS))
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].initial = units.first()
        self.fields["seats"].widget.attrs["min"] = 1

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("starts_on") and said.get("ends_on") and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", _("结业日不能早于开班日"))
        if said.get("seats") == 0:
            self.add_error("seats", _("至少要有一席"))
        return said


class EnrollForm(forms.Form):
    """The people chosen for a class."""

    session = forms.ModelChoiceField(label=_("培训班"), queryset=ClassSession.objects.none())
    cases = forms.ModelMultipleChoiceField(label=_("人员"), queryset=TrainingCase.objects.none())


class ReceiptForm(forms.Form):
    count = forms.IntegerField(min_value=0)
    checksum = forms.CharField(max_length=64)


class VerdictForm(forms.Form):
    """One seat of a class: what to say of it, and the mark."""

    status = forms.ChoiceField(
        label=_("结果"),
        required=False,
        choices=[
            ("", "—"),
            *[
                choice
                for choice in Enrollment.Status.choices
                if choice[0] not in (Enrollment.Status.PLACED, Enrollment.Status.LEFT)
            ],
        ],
    )
    mark = forms.IntegerField(label=_("成绩"), required=False, min_value=0, max_value=100)

    def __init__(self, data: QueryDict | None, *, seat: Enrollment) -> None:
        super().__init__(data, prefix=f"seat-{seat.pk}")
        self.seat = seat
        self.fields["status"].widget.attrs["aria-label"] = f"{seat.officer.name} {self.fields['status'].label}"
        self.fields["mark"].widget.attrs["aria-label"] = f"{seat.officer.name} {self.fields['mark'].label}"
        if not self.is_bound:
            attended = seat.status == Enrollment.Status.ATTENDED
            self.initial = {"status": seat.status if attended else "", "mark": seat.mark}


class CheckInForm(forms.Form):
    words = forms.CharField(
        label=_("这两周做了什么"),
        help_text=_("一两句话就行，例如“回访 12 户，改了登门时间”。"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    feeling = forms.ChoiceField(
        label=_("感觉怎么样"), choices=Feeling.choices, required=False, widget=forms.RadioSelect
    )
    goal = forms.ModelChoiceField(
        label=_("说的是哪个目标"), queryset=Goal.objects.none(), required=False, empty_label=_("不指定")
    )
    figure = forms.FloatField(label=_("现在的数"), required=False)

    def __init__(self, *args: Any, case: TrainingCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = case.goals.all()  # type: ignore[attr-defined]
        self.fields["goal"].label_from_instance = lambda goal: goal.indicator  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("figure") is not None and said.get("goal") is None:
            self.add_error("goal", _("写了数，请选是哪个目标"))
        return said
