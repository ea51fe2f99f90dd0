"""Who stands in, and when somebody is away."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from people.forms.people import LONGEST_NOTE, DayInput
from people.forms.signing import required
from people.models import Account, RoleGrant
from people.stand_ins import UNLENT


class DaysForm(forms.Form):
    """From a day to a day, both included, for a reason."""

    from_day = forms.DateField(widget=DayInput)
    to_day = forms.DateField(widget=DayInput)
    reason = forms.CharField(max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in {"from_day": _("起日"), "to_day": _("止日（含当日）"), "reason": _("事由")}.items():
            self.fields[name].label = label
        self.fields["from_day"].initial = timezone.localdate
        for name in ("from_day", "to_day"):
            self.fields[name].error_messages["invalid"] = _("这不是一个日期，例如 2026-04-01")
        self.fields["reason"].help_text = _("例如：休假、学习、住院。记入变更记录，不能再改。")
        required(self, {"from_day": _("请填写起日"), "to_day": _("请填写止日"), "reason": _("请写明事由")})


class StandInForm(DaysForm):
    grant = forms.ModelChoiceField(queryset=RoleGrant.objects.none(), empty_label="—")
    substitute = forms.CharField(max_length=150)

    field_order = ("grant", "substitute", "from_day", "to_day", "reason")

    def __init__(self, *args: Any, principal: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = RoleGrant.objects.in_force(timezone.localdate()).filter(account=principal).exclude(role__in=UNLENT)
        self.fields["grant"].label = _("代理哪个角色")
        field = self["grant"].field
        field.queryset = held.select_related("unit", "account__officer__unit")  # type: ignore[attr-defined]
        field.label_from_instance = scope  # type: ignore[attr-defined]
        self.fields["substitute"].label = _("代理人的警号或用户名")
        self.fields["substitute"].help_text = _(
            "代理人只在这个角色、这个单位的范围内代为办理；关于他本人或被代理人的事项除外。"
        )
        required(self, {"grant": _("请选择角色"), "substitute": _("请填写警号或用户名")})

    def clean_substitute(self) -> Account:
        name = self.cleaned_data["substitute"].strip()
        account = Account.objects.select_related("officer__unit").filter(username=name, is_machine=False).first()
        if account is None:
            raise forms.ValidationError(_("没有用户名为“%(name)s”的账户") % {"name": name})
        return account


def scope(grant: RoleGrant) -> str:
    return f"{grant.get_role_display()} · {grant.unit.name if grant.unit else _('全局')}"
