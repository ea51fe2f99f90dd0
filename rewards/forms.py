"""What the steps of these linkages ask of whoever takes them."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from rewards.models.resource import Benefit
from rewards.models.reward import SHORTEST_DEEDS, Discipline, Revocation
from workflows.forms import StepForm


def _text(*, rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DeedsForm(StepForm):
    deeds = forms.CharField(
        label=_("事迹"),
        min_length=SHORTEST_DEEDS,
        max_length=4000,
        widget=_text(rows=6),
        help_text=_("写明何时、何事、结果如何；只写事实，不写评价。公示时会显示。"),
    )


class DisciplineForm(StepForm):
    finding = forms.ChoiceField(
        label=_("结论"),
        choices=[choice for choice in Discipline.choices if choice[0] != Discipline.NONE],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("意见说明"),
        max_length=2000,
        required=False,
        widget=_text(),
        help_text=_("有问题的须写明：什么问题、影响到何时。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("finding") == Discipline.CONCERN and not data.get("words"):
            self.add_error("words", _("有问题的，请写明是什么问题。"))
        return data


class OpinionForm(StepForm):
    opinion = forms.CharField(
        label=_("审核意见"),
        max_length=2000,
        required=False,
        widget=_text(),
        help_text=_("可以不写；写了会列入事项。"),
    )


class RevokeForm(StepForm):
    reason = forms.ChoiceField(
        label=_("撤销原因"),
        choices=Revocation.choices,
        widget=forms.RadioSelect,
        help_text=_("证书作废，奖金追回，记录保留；本人会收到通知，并可申请复核。"),
    )


class RequestForm(StepForm):
    request = forms.CharField(
        label=_("申报理由"), max_length=2000, widget=_text(), help_text=_("写明缺什么、为什么缺、用在哪里。")
    )
    lines = forms.CharField(
        label=_("申报清单"),
        max_length=4000,
        widget=_text(rows=6),
        help_text=_("每行一项：品名，数量，金额（元）。例如：执法记录仪，10，25000"),
    )

    def clean_lines(self) -> list[dict[str, Any]]:
        text = self.cleaned_data["lines"]
        numbered = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
        return [_line(number, line) for number, line in numbered]


def _line(number: int, text: str) -> dict[str, Any]:
    """One line of a request: an item, how many, and what they cost together."""
    parts = [part.strip() for part in re.split("[,，]", text)]
    try:
        item, quantity, amount = parts[0], int(parts[1]), Decimal(parts[2])
    except (IndexError, ValueError, InvalidOperation):
        item, quantity, amount = "", 0, Decimal(0)
    if len(parts) != 3 or not item or quantity < 1 or not amount.is_finite() or amount <= 0:
        raise ValidationError(
            _("第 %(number)s 行“%(text)s”看不懂。应为：品名，数量，金额（元），例如：执法记录仪，10，25000"),
            params={"number": number, "text": text.strip()},
        )
    return {"item": item, "quantity": quantity, "amount": str(amount.quantize(Decimal("0.01")))}


class PriorityForm(StepForm):
    priority = forms.IntegerField(
        label=_("优先次序"), min_value=1, max_value=999, help_text=_("1 最先保障；由评分次序和实际负担一起决定。")
    )
    opinion = forms.CharField(
        label=_("审核意见"),
        max_length=2000,
        required=False,
        widget=_text(),
        help_text=_("库存和预算能否满足，哪些项要调整。"),
    )


class AllocationForm(StepForm):
    amount = forms.DecimalField(
        label=_("安排金额（元）"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        help_text=_("不超过单位申报的金额。"),
    )


class DeliveryForm(StepForm):
    delivery = forms.CharField(
        label=_("交付说明"), max_length=2000, widget=_text(), help_text=_("交付了什么、何时、由谁接收。")
    )


class ReceiptForm(StepForm):
    receipt = forms.CharField(
        label=_("收到确认"), max_length=2000, widget=_text(), help_text=_("收到了什么；数目不符也请写明。")
    )


class BenefitForm(StepForm):
    effect = forms.ChoiceField(label=_("成效"), choices=Benefit.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("成效说明"),
        max_length=2000,
        required=False,
        widget=_text(),
        help_text=_("看哪个指标，去年多少，今年多少。"),
    )
