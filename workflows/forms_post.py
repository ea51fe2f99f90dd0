"""The forms of message settings and of the allow list."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from workflows.channels import allowed
from workflows.models import AllowedAddress, DeskChoice, PersonalChoice

Kind = AllowedAddress.Kind


class PersonalForm(forms.Form):
    mail = forms.ChoiceField(widget=forms.RadioSelect)
    calendar = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mail"].label = _("邮件")
        self.fields["mail"].help_text = _("系统内的消息总会送到，这里只决定是否另发邮件。邮件里没有姓名和结果。")
        self["mail"].field.choices = PersonalChoice.Mail.choices  # type: ignore[attr-defined]
        self.fields["calendar"].label = _("把我的期限发到我的日历（邮件附件）")
        self.fields["calendar"].help_text = _("期限变动时更新日程，办结或暂停时撤销日程。")


class DeskForm(forms.Form):
    to_members = forms.BooleanField(required=False)
    mailbox = forms.EmailField(required=False)
    webhook = forms.URLField(required=False, max_length=300, assume_scheme="https")
    folder = forms.ModelChoiceField(queryset=AllowedAddress.objects.none(), required=False, empty_label="—")
    format = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "to_members": (_("给本部门持有这一角色的每个人发邮件"), _("每个人仍可按自己的设置改为汇总或不收。")),
            "mailbox": (_("部门邮箱"), _("同一批消息合成一封，附清单。")),
            "webhook": (_("接口地址"), _("部门系统接收推送的地址。保存后生成密钥，对方凭密钥验签。")),
            "folder": (_("文件夹"), _("封闭网络用：清单写成文件。文件夹由系统管理员先行允许。")),
            "format": (_("文件格式"), ""),
        }
        for name, (label, hint) in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, hint
        self["folder"].field.queryset = AllowedAddress.objects.filter(kind=Kind.FOLDER, ended_at=None)  # type: ignore[attr-defined]
        self["format"].field.choices = DeskChoice.Format.choices  # type: ignore[attr-defined]

    def clean_mailbox(self) -> str:
        address: str = self.cleaned_data["mailbox"]
        if address and settings.EMAIL_HOST and not allowed.is_allowed(Kind.MAIL, allowed.domain(address)):
            raise forms.ValidationError(_("系统管理员还没有允许向这个域名发邮件"))
        return address

    def clean_webhook(self) -> str:
        url: str = self.cleaned_data["webhook"]
        if url and not allowed.is_allowed(Kind.WEB, allowed.origin(url)):
            raise forms.ValidationError(_("系统管理员还没有允许访问这个地址"))
        return url


class AddressForm(forms.Form):
    kind = forms.ChoiceField()
    value = forms.CharField(max_length=300)
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].label = _("类别")
        self["kind"].field.choices = Kind.choices  # type: ignore[attr-defined]
        self.fields["value"].label = _("地址")
        self.fields["value"].help_text = _(
            "邮件写域名；网络地址写到端口，例如 https://training.police.example:8443；文件夹写完整路径。"
            "域名解析到内网地址的，内网地址也须单独允许。"
        )
        self.fields["reason"].label = _("理由")
        words = {"kind": _("请选择类别"), "value": _("请填写地址"), "reason": _("请写明理由")}
        for name, said in words.items():
            self.fields[name].error_messages["required"] = said
