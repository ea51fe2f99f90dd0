"""What the steps of a training case ask of whoever takes them."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training import access, queries
from training.models import Cause, ClassSession, Course, Form, Result, TrainingCase
from workflows.forms import NOTE, StepForm

GOALS = 3  # as many as a person can keep in mind
USUAL_PERIOD = timedelta(days=90)


class ReasonForm(StepForm):
    """A step that needs its reason: the note is demanded, and handed to the step as well."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[NOTE].required = True
        self.fields[NOTE].label = _("理由")

    def inputs(self) -> dict[str, Any]:
        return super().inputs() | {"reason": self.cleaned_data[NOTE]}


class CauseForm(StepForm):
    cause = forms.ChoiceField(label=_("主要原因"), choices=Cause.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("依据"),
        help_text=_("写明看了哪些数据，例如接处警量、在岗人数、与同岗位的差距。"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProposeForm(StepForm):
    """Up to three goals and a course. The first row starts with the indicator the case is about."""

    course = forms.ModelChoiceField(
        label=_("课程"), queryset=Course.objects.filter(active=True), required=False, empty_label=_("不上课")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = cast(TrainingCase, self.cases[0])
        drafts = case.terms or queries.draft_goals(case, timezone.localdate() + USUAL_PERIOD)
        course = queries.course_for(case.focus)
        self.fields["course"].initial = case.course_id or (course.pk if course and case.form == Form.CLASS else None)
        for number in range(1, GOALS + 1):
            self._add_goal(number, drafts[number - 1] if number <= len(drafts) else {})
        self.order_fields([name for name in self.fields if name not in {"course", NOTE}])

    def _add_goal(self, number: int, draft: dict[str, Any]) -> None:
        made: dict[str, forms.Field] = {
            "indicator": forms.CharField(label=_("目标 %d 指标") % number, max_length=50),
            "baseline": forms.FloatField(label=_("目标 %d 现值") % number),
            "target": forms.FloatField(label=_("目标 %d 要达到") % number),
            "due": forms.DateField(
                label=_("目标 %d 期限") % number, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            ),
            "how": forms.CharField(label=_("目标 %d 做法") % number, max_length=300),
        }
        for name, field in made.items():
            field.required = False
            field.initial = draft.get(name)
            self.fields[f"{name}_{number}"] = field

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        today = timezone.localdate()
        for number in range(1, GOALS + 1):
            row = {name: said.get(f"{name}_{number}") for name in ("indicator", "target", "due")}
            if not row["indicator"]:
                continue
            if row["target"] is None:
                self.add_error(f"target_{number}", _("请写要达到多少"))
            if row["due"] is None or row["due"] <= today:
                self.add_error(f"due_{number}", _("请写今天以后的期限"))
        return said

    def inputs(self) -> dict[str, Any]:
        given = super().inputs()
        rows = [
            {name: given[f"{name}_{number}"] for name in ("indicator", "baseline", "target", "due", "how")}
            for number in range(1, GOALS + 1)
        ]
        return {"goals": [row for row in rows if row["indicator"]], "course": given["course"]}


class PlaceForm(StepForm):
    session = forms.ModelChoiceField(label=_("培训班"), queryset=ClassSession.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[ClassSession]", self.fields["session"])
        field.queryset = access.sessions(self.actor).filter(ends_on__gte=timezone.localdate())

    def inputs(self) -> dict[str, Any]:
        return queries.place_inputs(self.cleaned_data["session"])


class StartForm(StepForm):
    until = forms.DateField(label=_("期满日"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = timezone.localdate() + USUAL_PERIOD
        self.fields["until"].initial = max(
            (cast(TrainingCase, case).ends_on or usual for case in self.cases), default=usual
        )

    def clean_until(self) -> Any:
        if self.cleaned_data["until"] <= timezone.localdate():
            raise forms.ValidationError(_("期满日须在今天以后"))
        return self.cleaned_data["until"]


class PauseForm(ReasonForm):
    until = forms.DateField(label=_("预计恢复"), required=False)

    def inputs(self) -> dict[str, Any]:
        given = super().inputs()
        return given | {"until": given["until"] or ""}


class ReassessForm(StepForm):
    result = forms.ChoiceField(label=_("复评"), choices=Result.choices, widget=forms.RadioSelect)
    score = forms.FloatField(label=_("得分"), required=False, min_value=0, max_value=100)


class JoinForm(StepForm):
    form = forms.ChoiceField(label=_("形式"), choices=Form.choices)
    focus = forms.CharField(label=_("要补的指标"), max_length=50, required=False)


BY_STEP: dict[str, type[StepForm]] = {
    "name_cause": CauseForm,
    "take_no_action": ReasonForm,
    "exempt": ReasonForm,
    "propose": ProposeForm,
    "decline": ReasonForm,
    "record_refusal": ReasonForm,
    "place": PlaceForm,
    "start": StartForm,
    "unplace": ReasonForm,
    "pause": PauseForm,
    "reassess": ReassessForm,
    "fail": ReasonForm,
    "relapse": ReasonForm,
    "withdraw": ReasonForm,
    "join": JoinForm,
}
