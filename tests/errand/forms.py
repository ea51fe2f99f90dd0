"""What the steps of an errand ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.forms import StepForm


class PlanForm(StepForm):
    place = forms.CharField(label=_("地点"), max_length=50)
    days = forms.IntegerField(label=_("天数"), min_value=0)
    until = forms.DateField(label=_("最迟"), required=False)


class RemarkForm(StepForm):
    text = forms.CharField(label=_("备注"), max_length=200)
