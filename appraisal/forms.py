"""What the pages of the appraisal ask for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.grades import grades
from appraisal.models import CycleKind, FactKind, Objection, ResultStatus
from people.models import Account, Officer, RoleGrant
from people.roles import Role
from workflows.forms import StepForm
from workflows.models import Case

LONG = 2_000
NOT_GRADED = [ResultStatus.UNGRADED, ResultStatus.PENDING]


def prefixes(path: str) -> list[str]:
    """`/`, `/B00/`, `/B00/F01/`: the paths at or above one."""
    codes = path.strip("/").split("/")
    return ["/", *("/" + "".join(f"{code}/" for code in codes[: n + 1]) for n in range(len(codes)))]


def second_assessors(case: Case) -> Q:
    """Officers who head a unit that is not in the line of the subject: neither his own nor one above it."""
    outside = RoleGrant.objects.in_force(timezone.localdate()).filter(
        role=Role.UNIT_HEAD, account__is_active=True, account__officer__isnull=False
    )
    line = RoleGrant.objects.in_force(timezone.localdate()).filter(
        role=Role.UNIT_HEAD, path__in=prefixes(case.unit_path)
    )
    return Q(account__in=outside.values("account")) & ~Q(account__in=line.values("account")) & ~Q(pk=case.officer_id)


class AssessorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Officer) -> str:
        return f"{obj.name} · {obj.unit.name}"


class AssignForm(StepForm):
    assessor = AssessorField(
        queryset=Officer.objects.none(),
        label=gettext_lazy("复核人"),
        help_text=gettext_lazy("本人及上级单位的负责人不在其中：复核要由另一条线的负责人来做。"),
    )

    def __init__(self, *args: Any, cases: Sequence[Case], actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, cases=cases, actor=actor, **kwargs)
        allowed = Officer.objects.select_related("unit")
        for case in cases:
            allowed = allowed.filter(second_assessors(case))
        field = self.fields["assessor"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = allowed if cases else Officer.objects.none()


class FindingForm(StepForm):
    finding = forms.CharField(label=gettext_lazy("复核意见"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 4}))


class ChangeForm(FindingForm):
    """The change asked for. Against a case there is nothing to grade."""

    status = forms.ChoiceField(label=gettext_lazy("变更后状态"), choices=ResultStatus.choices)
    grade = forms.ChoiceField(label=gettext_lazy("变更后等次"), required=False)
    score = forms.FloatField(label=gettext_lazy("变更后得分"), required=False, min_value=0, max_value=1_000)

    def __init__(self, *args: Any, cases: Sequence[Case], actor: Account, **kwargs: Any) -> None:
        super().__init__(*args, cases=cases, actor=actor, **kwargs)
        results = Objection.objects.filter(pk__in=[case.pk for case in cases]).values_list("result__cycle__kind")
        kinds = {kind for (kind,) in results}
        if kinds == {None}:
            for name in ("status", "grade", "score"):
                del self.fields[name]
            return
        words = grades(next((kind for kind in kinds if kind), CycleKind.ANNUAL), unit=False)
        field = self.fields["grade"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "—"), *((word, word) for word in words)]

    def clean(self) -> dict[str, Any]:
        return with_grade(self, super().clean() or {})

    def inputs(self) -> dict[str, Any]:
        return {name: value for name, value in super().inputs().items() if value is not None}


def with_grade(form: forms.Form, said: dict[str, Any]) -> dict[str, Any]:
    """A grade belongs to a graded result, and to no other."""
    if said.get("status") == ResultStatus.GRADED and not said.get("grade") and "grade" not in form.errors:
        form.add_error("grade", _("已定等次的结果要写明等次"))
    if said.get("status") in NOT_GRADED and (said.get("grade") or said.get("score") is not None):
        form.add_error("status", _("不定等次或暂缓的结果没有等次和得分"))
    return said


class ObjectionForm(forms.Form):
    grounds = forms.CharField(
        label=gettext_lazy("异议的理由"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("写清哪里不对、有什么依据。提出异议不会让结果变得更差。"),
    )


class CycleForm(forms.Form):
    code = forms.RegexField(
        r"^[\w-]+$", label=gettext_lazy("代码"), max_length=20, help_text=gettext_lazy("如 2026、2026Q1、2026-01")
    )
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=CycleKind.choices)
    starts_on = forms.DateField(label=gettext_lazy("首日"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("末日"), widget=forms.DateInput(attrs={"type": "date"}))


class CycleStepForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("说明"), max_length=LONG, required=False, widget=forms.Textarea)


class CorrectionForm(forms.Form):
    """A result told anew: status, grade, score and each indicator, and why."""

    status = forms.ChoiceField(label=gettext_lazy("状态"), choices=ResultStatus.choices)
    grade = forms.ChoiceField(label=gettext_lazy("等次"), required=False)
    score = forms.FloatField(label=gettext_lazy("得分"), required=False, min_value=0, max_value=1_000)
    reason = forms.CharField(
        label=gettext_lazy("更正的原因"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, words: Sequence[str], indicators: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["grade"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "—"), *((word, word) for word in words)]
        self.names = {f"indicator_{number}": name for number, name in enumerate(indicators)}
        for key, name in self.names.items():
            self.fields[key] = forms.FloatField(label=name, required=False)
        self.order_fields(["status", "grade", "score", *self.names, "reason"])

    def clean(self) -> dict[str, Any]:
        return with_grade(self, super().clean() or {})

    def indicators(self) -> dict[str, float]:
        return {
            name: self.cleaned_data[key] for key, name in self.names.items() if self.cleaned_data.get(key) is not None
        }


class FactForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=FactKind.choices)
    level = forms.CharField(label=gettext_lazy("级别"), max_length=50, required=False)
    from_day = forms.DateField(label=gettext_lazy("起"), widget=forms.DateInput(attrs={"type": "date"}))
    to_day = forms.DateField(
        label=gettext_lazy("止"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("没有结束的不填；到这一天就不再有效。"),
    )
    note = forms.CharField(label=gettext_lazy("依据或原因"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(value, label) for value, label in FactKind.choices if value in kinds]


class FactChangeForm(forms.Form):
    """The same fact told anew: with an end, or that it never was."""

    to_day = forms.DateField(label=gettext_lazy("止"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    withdrawn = forms.BooleanField(label=gettext_lazy("撤销：从未有过这件事实"), required=False)
    note = forms.CharField(label=gettext_lazy("依据或原因"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}))
