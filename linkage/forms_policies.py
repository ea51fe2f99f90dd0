"""What the pages of policies ask for: a step, a draft to begin, a text to write, two versions to compare."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linkage.editing import WORD, shipped
from linkage.models import Policy
from linkage.models.policies import LONGEST_NOTE
from linkage.pages import language

LARGEST = 512 * 1024  # characters and bytes; the language itself allows no more bytes


def _note(label: Any, *, needed: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=needed,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明理由。")},
    )


def _day(label: Any, text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("这不是日期，应写作 2026-03-31。"), "required": _("请填写日期。")},
    )


class StepForm(forms.Form):
    """A step of a policy: the revision the reader saw, so that nobody answers for a text he has not read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("revision", policy.revision)
        super().__init__(*args, **kwargs)


class NoteForm(StepForm):
    note = _note(_("说明"), needed=False)


class ReasonForm(StepForm):
    note = _note(_("理由"), needed=True)


class PublishForm(StepForm):
    from_day = _day(_("施行日"), _("不早于今天。周期末日在这一天或之后的考核，按本版本认定。"))
    note = _note(_("说明"), needed=False)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        first = max(policy.from_day, timezone.localdate())
        super().__init__(*args, policy=policy, initial={"from_day": first}, **kwargs)

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("施行日不能早于今天：已作出的认定不因新版本而改变。"))
        return day


class EndForm(StepForm):
    to_day = _day(_("最后一天"), _("到这一天为止施行。尚未施行的，填施行日的前一天即不再施行。"))
    note = _note(_("理由"), needed=True)


PLANNED = _("公布时再确定，可以改。")


def _text(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("条文"),
        strip=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "autocomplete": "off", "wrap": "off"}),
        **kwargs,
    )


class EditForm(forms.Form):
    """A draft as it is written."""

    text = _text(error_messages={"required": _("条文不能为空。")})
    from_day = _day(_("拟施行日"), PLANNED)
    note = forms.CharField(label=_("改了什么"), required=False, max_length=LONGEST_NOTE)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def clean_text(self) -> str:
        return unix_lines(self.cleaned_data["text"])


def unix_lines(text: str) -> str:
    """Browsers send CR LF; a line that looks the same is the same."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class DraftForm(forms.Form):
    """From what a new version is begun."""

    source = forms.ChoiceField(label=_("从哪一份开始"))
    version = forms.RegexField(
        WORD,
        label=_("新版本号"),
        max_length=20,
        help_text=_("例如 2027.1；字母、数字、点和短横线。"),
        error_messages={"invalid": _("版本号只能用字母、数字、点和短横线。"), "required": _("请填写版本号。")},
    )
    from_day = _day(_("拟施行日"), PLANNED)
    deciding = forms.BooleanField(label=_("作为认定所用政策的新版本"), required=False)

    def __init__(self, *args: Any, versions: Iterable[Policy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [(f"policy:{p.pk}", f"{p.title_zh} {p.version}（{p.get_state_display()}）") for p in versions]
        title = f"title_{language()}"
        files = [(f"file:{key}", f"{getattr(file, title)}（{file.code}）") for key, file in shipped().items()]
        choices = [(_("已有版本"), kept), (_("随产品提供的规则库"), files)]
        cast(forms.ChoiceField, self.fields["source"]).choices = choices


class ImportForm(forms.Form):
    """A text from elsewhere: a file, or pasted."""

    file = forms.FileField(label=_("YAML 文件"), required=False, help_text=_("UTF-8 编码，不超过 512 KB。"))
    text = _text(required=False, help_text=_("没有文件时，把全文贴在这里。"))
    from_day = _day(_("拟施行日"), PLANNED)
    note = forms.CharField(label=_("来源"), required=False, max_length=LONGEST_NOTE)

    def clean_file(self) -> str:
        return uploaded(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        given = data.get("file") or unix_lines(data.get("text") or "")
        if not given.strip() and not self.errors:
            raise forms.ValidationError(_("请选择文件，或把全文贴在文本框里。"))
        return {**data, "text": given}


def uploaded(file: Any) -> str:
    """The text of an uploaded file; empty where none was sent."""
    if not file:
        return ""
    if file.size > LARGEST:
        raise forms.ValidationError(_("文件超过 512 KB。"))
    try:
        return unix_lines(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        words = _("文件不是 UTF-8 编码（第 %(place)s 个字节）。请另存为 UTF-8 后再传。")
        raise forms.ValidationError(words % {"place": error.start + 1}) from None


class CompareForm(forms.Form):
    """Two versions, or one and a file."""

    old = forms.ChoiceField(label=_("原来的"))
    new = forms.ChoiceField(label=_("新的"), required=False)
    file = forms.FileField(label=_("或者与文件对照"), required=False)

    def __init__(self, *args: Any, versions: Iterable[Policy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(p.pk), f"{p.code} {p.version}（{p.get_state_display()}）") for p in versions]
        cast(forms.ChoiceField, self.fields["old"]).choices = choices
        cast(forms.ChoiceField, self.fields["new"]).choices = [("", "—"), *choices]

    def clean_file(self) -> str:
        return uploaded(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not data.get("new") and not data.get("file"):
            raise forms.ValidationError(_("请选择另一个版本，或一个文件。"))
        return data


class LocalForm(forms.Form):
    """A branch's own value of a parameter."""

    name = forms.ChoiceField(label=_("参数"))
    value = forms.CharField(
        label=_("本分局取值"), required=False, max_length=100, help_text=_("留空表示恢复为政策的取值。")
    )
    from_day = _day(_("起"), _("不早于今天。周期末日在这一天或之后的考核适用。"))
    to_day = forms.DateField(
        label=_("止"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("这不是日期，应写作 2026-03-31。")},
    )
    note = _note(_("理由"), needed=True)

    def __init__(self, *args: Any, left: Iterable[Any], **kwargs: Any) -> None:
        kwargs["initial"] = {"from_day": timezone.localdate()}
        super().__init__(*args, **kwargs)
        choices = [(one.name, f"{one.name}（{one.param.value}）") for one in left]
        cast(forms.ChoiceField, self.fields["name"]).choices = choices
