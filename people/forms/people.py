"""Moving an officer, opening and closing accounts, giving roles and tokens."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from people.forms.signing import required
from people.models import Account, Posting, TokenScopes, Unit
from people.roles import GRANTABLE, Role

LONGEST_NOTE = 200


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReasonForm(forms.Form):
    """A reason, which the history keeps."""

    reason = forms.CharField(max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("理由")
        self.fields["reason"].help_text = _("记入变更记录，不能再改。")
        required(self, {"reason": _("请写明理由")})


class MoveForm(ReasonForm):
    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), empty_label="—")
    post_type = forms.ChoiceField()
    is_leader = forms.BooleanField(required=False)
    day = forms.DateField(widget=DayInput)

    field_order = ("unit", "post_type", "is_leader", "day", "reason")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Posting.objects.order_by("post_type").values_list("post_type", flat=True).distinct()
        for name, label in {
            "unit": _("调入单位"),
            "post_type": _("岗位类别"),
            "is_leader": _("任单位负责人"),
            "day": _("起日"),
        }.items():
            self.fields[name].label = label
        self["unit"].field.queryset = units  # type: ignore[attr-defined]
        self["post_type"].field.choices = [(name, name) for name in known]  # type: ignore[attr-defined]
        self.fields["day"].initial = timezone.localdate
        self.fields["day"].error_messages["invalid"] = _("这不是一个日期，例如 2026-04-01")
        required(self, {"unit": _("请选择单位"), "post_type": _("请选择岗位类别"), "day": _("请填写起日")})


class GrantForm(ReasonForm):
    username = forms.CharField(max_length=150)
    role = forms.ChoiceField()
    to_day = forms.DateField(required=False, widget=DayInput)

    field_order = ("username", "role", "to_day", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("警号或用户名")
        self.fields["username"].help_text = _("授予已开立的账户。还没有账户的民警，先在他的账户页开立。")
        self.fields["role"].label = _("角色")
        self["role"].field.choices = [("", "—"), *((role, Role(role).label) for role in GRANTABLE)]  # type: ignore[attr-defined]
        self.fields["to_day"].label = _("止日")
        self.fields["to_day"].help_text = _("不填则长期有效，直到收回。")
        self.fields["to_day"].error_messages["invalid"] = _("这不是一个日期，例如 2026-04-01")
        required(self, {"username": _("请填写警号或用户名"), "role": _("请选择角色")})

    def clean_username(self) -> Account:
        username = self.cleaned_data["username"].strip()
        account = Account.objects.select_related("officer__unit").filter(username=username, is_machine=False).first()
        if account is None:
            raise forms.ValidationError(_("没有用户名为“%(name)s”的账户") % {"name": username})
        return account


class TokenForm(forms.Form):
    LASTING = (30, 90, 180, 366)

    name = forms.CharField(max_length=60)
    scope = forms.ChoiceField(widget=forms.RadioSelect)
    days = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("用途")
        self.fields["name"].help_text = _("写明哪个系统用它做什么，例如“人事系统读取名单”。")
        self.fields["scope"].label = _("权限")
        self["scope"].field.choices = [  # type: ignore[attr-defined]
            (TokenScopes.READ, _("只读：只能读取你能看到的内容")),
            (TokenScopes.ACT, _("可办理：也能以你的名义办理步骤")),
        ]
        self.fields["scope"].initial = TokenScopes.READ
        self.fields["days"].label = _("有效期")
        self["days"].field.choices = [(days, _("%(days)s 日") % {"days": days}) for days in self.LASTING]  # type: ignore[attr-defined]
        required(self, {"name": _("请写明用途"), "scope": _("请选择权限"), "days": _("请选择有效期")})

    @property
    def lasts(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])
