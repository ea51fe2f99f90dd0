"""Signing in, and passwords."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_failure_limit
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, PasswordResetForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def required(form: forms.BaseForm, words: dict[str, str]) -> None:
    """Say of each empty field what is missing, instead of "this field is required"."""
    for name, said in words.items():
        form.fields[name].error_messages["required"] = said


class SignInForm(AuthenticationForm):
    """Says after a wrong password how many tries are left before the account is locked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("警号或用户名")
        self.fields["password"].label = _("口令")
        required(self, {"username": _("请填写警号或用户名"), "password": _("请填写口令")})

    def get_invalid_login_error(self) -> ValidationError:
        given = {"username": self.cleaned_data.get("username")}
        left = get_failure_limit(self.request, given) - AxesProxyHandler.get_failures(self.request, given)
        return ValidationError(
            _("用户名或口令不对。再错 %(left)s 次，将暂时锁定。") % {"left": max(left, 0)}, code="invalid_login"
        )


class ChangeForm(PasswordChangeForm):
    error_messages = {
        "password_mismatch": gettext_lazy("两次输入的新口令不同。"),
        "password_incorrect": gettext_lazy("原口令不对，请重新输入。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("原口令")
        name_new_passwords(self)
        required(self, {"old_password": _("请填写原口令")})


class ResetForm(SetPasswordForm):  # type: ignore[type-arg]  # generic in the stubs only
    error_messages = {"password_mismatch": gettext_lazy("两次输入的新口令不同。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_new_passwords(self)


class ForgottenForm(PasswordResetForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("邮箱")
        self.fields["email"].error_messages["invalid"] = _("这不是一个邮箱地址，例如 name@police.example")
        required(self, {"email": _("请填写邮箱")})


def name_new_passwords(form: forms.BaseForm) -> None:
    form.fields["new_password1"].label = _("新口令")
    form.fields["new_password1"].help_text = _("至少 8 个字符，不能全是数字，不能是常见口令，也不能与姓名、警号相近。")
    form.fields["new_password2"].label = _("再输入一次新口令")
    form.fields["new_password2"].help_text = ""
    required(form, {"new_password1": _("请填写新口令"), "new_password2": _("请再输入一次新口令")})
