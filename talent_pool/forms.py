"""What the steps of these linkages ask of whoever takes them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from talent_pool.models.candidacy import SHORTEST_GROUNDS
from talent_pool.models.review import HIGHEST, LOWEST
from talent_pool.models.states import Discipline, Removal, Stream, Tier
from talent_pool.votes import Vote
from workflows.forms import StepForm


def _text(*, rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class NominationForm(StepForm):
    grounds = forms.CharField(
        label=_("提名理由"),
        min_length=SHORTEST_GROUNDS,
        max_length=4000,
        widget=_text(rows=6),
        help_text=_("写明近年实绩、适合的岗位、群众反映；只写事实。"),
    )
    stream = forms.ChoiceField(label=_("方向"), choices=Stream.choices, initial=Stream.DEPUTY, widget=forms.RadioSelect)


class PeerReviewForm(StepForm):
    ballots = forms.IntegerField(label=_("有效票"), min_value=1, max_value=9999, help_text=_("废票不计。"))
    in_favour = forms.IntegerField(label=_("同意票"), min_value=0, max_value=9999)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "ballots" in data and data.get("in_favour", 0) > data["ballots"]:
            self.add_error("in_favour", _("同意票不能超过有效票 {ballots} 张。").format(ballots=data["ballots"]))
        return data


class ReviewForm(StepForm):
    score = forms.TypedChoiceField(
        label=_("评分"),
        choices=[(score, str(score)) for score in range(LOWEST, HIGHEST + 1)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("1 明显不适合，3 基本适合，5 非常适合。"),
    )
    words = forms.CharField(
        label=_("评语"),
        max_length=2000,
        widget=_text(),
        help_text=_("写你亲见的事；不了解的请不要提交。每人一份，提交后不能改。"),
    )


class ReportForm(StepForm):
    report = forms.CharField(
        label=_("考察报告"),
        max_length=8000,
        widget=_text(rows=8),
        help_text=_("谈话对象和人数、主要实绩、不足、考察结论、两名考察人。"),
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


class VoteForm(StepForm):
    members = forms.IntegerField(label=_("应到人数"), min_value=1, max_value=99, help_text=_("党委全体成员。"))
    recused = forms.IntegerField(
        label=_("回避人数"), min_value=0, max_value=98, initial=0, help_text=_("回避的人不计入应到，也不计入实到。")
    )
    present = forms.IntegerField(
        label=_("实到人数"), min_value=0, max_value=99, help_text=_("不含回避；不足三分之二不能表决。")
    )
    in_favour = forms.IntegerField(
        label=_("赞成票"), min_value=0, max_value=99, help_text=_("超过应到（不含回避）的半数为通过。")
    )
    tier = forms.ChoiceField(label=_("层次"), choices=Tier.choices, initial=Tier.READY, widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        vote = Vote(**{name: data[name] for name in ("members", "recused", "present", "in_favour")})
        if not vote.is_possible:
            self.add_error(None, _("人数对不上：回避少于应到，实到不超过应到减回避，赞成票不超过实到。"))
        elif not vote.has_quorum:
            words = _("到会不足三分之二，不能表决：至少到会 {quorum} 人。")
            self.add_error("present", words.format(quorum=vote.quorum))
        return data


class YearlyReviewForm(StepForm):
    words = forms.CharField(
        label=_("复核意见"),
        max_length=2000,
        widget=_text(),
        help_text=_("一年来的考核、奖惩、岗位变化，为什么仍适合。"),
    )
    tier = forms.ChoiceField(
        label=_("层次"),
        choices=[("", _("不变")), *Tier.choices],
        required=False,
        help_text=_("近期可用的才能提出任用。"),
    )


class RemovalForm(StepForm):
    reason = forms.ChoiceField(
        label=_("出库原因"),
        choices=Removal.choices,
        widget=forms.RadioSelect,
        help_text=_("本人会收到通知；以后符合条件可以再次提名。"),
    )


class PostForm(StepForm):
    post = forms.CharField(label=_("拟任职务"), max_length=100, help_text=_("单位和职务，例如：龙泉派出所副所长。"))


class TrialReportForm(StepForm):
    report = forms.CharField(
        label=_("试用期考核报告"), max_length=8000, widget=_text(rows=8), help_text=_("一年来的实绩、测评、结论。")
    )


class FindingsForm(StepForm):
    findings = forms.CharField(
        label=_("事实核实"),
        max_length=8000,
        widget=_text(rows=6),
        help_text=_("核实了哪些事实、依据哪些材料；本人能看到。"),
    )


class StatementForm(StepForm):
    statement = forms.CharField(
        label=_("陈述"),
        max_length=8000,
        widget=_text(rows=6),
        help_text=_("照本人的话写；本人放弃陈述的，写明何时、由谁告知。"),
    )


class AdjustmentForm(StepForm):
    decision = forms.CharField(
        label=_("决定内容"),
        max_length=4000,
        widget=_text(rows=6),
        help_text=_("调整到什么职务或职级、依据哪一条；会书面送达本人。"),
    )


class NotificationForm(StepForm):
    rights = forms.CharField(
        label=_("权利告知"),
        max_length=2000,
        widget=_text(),
        initial=_(
            "自知道本决定之日起 30 日内，可以向原处理机关申请复核，也可以直接提出申诉。复核、申诉期间不停止执行。"
        ),
        help_text=_("依据公务员法第九十五条，30 日为日历日。"),
    )


class EffectiveForm(StepForm):
    effective_on = forms.DateField(label=_("生效日"), help_text=_("不早于送达日。"))


class RevisitForm(StepForm):
    words = forms.CharField(
        label=_("回访复核意见"), max_length=4000, widget=_text(), help_text=_("一年来的表现，建议恢复还是延长。")
    )
