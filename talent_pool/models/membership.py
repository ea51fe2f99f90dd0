"""From admission to the end: the steps and fields of a member of the pool."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from people.roles import Role
from talent_pool.models.states import NOTICE_DAYS, Removal, ReserveState, Tier
from talent_pool.permissions import office
from workflows import public_notice
from workflows.refusals import Unmet, by_role, guard
from workflows.steps import step

State = ReserveState

MEMBER = [State.ADMITTED, State.IN_REVIEW, State.RETAINED]
APPOINTMENT = [State.POST_PROPOSED, State.POST_NOTICE, State.ON_TRIAL, State.TRIAL_ENDED]


@guard(_("近期可用的人选（长期培养的须先在年度复核中调整层次）"))
def is_ready(case: Any) -> bool:
    return bool(case.tier == Tier.READY)


@guard(_("已在库中"))
def is_member(case: Any) -> bool:
    return case.admitted_on is not None


class Membership(models.Model):
    """A member's term, his yearly review, and the post he is proposed for."""

    tier: str  # of the candidacy
    state: str

    admitted_on = models.DateField(_("入库日"), null=True)
    term_until = models.DateField(_("任期至"), null=True)
    review_on = models.DateField(_("年度复核日"), null=True)
    review_words = models.TextField(_("年度复核意见"), default="")
    removal = models.CharField(_("出库原因"), max_length=10, choices=Removal.choices, default="")
    post = models.CharField(_("拟任职务"), max_length=100, default="")
    post_from = models.CharField(max_length=50, default="", editable=False)
    post_notice_from = models.DateField(_("任前公示开始"), null=True)
    post_notice_until = models.DateField(_("任前公示截止"), null=True)  # of notices begun before `post_notice_from`
    trial_until = models.DateField(_("试用期至"), null=True)
    trial_report = models.TextField(_("试用期考核报告"), default="")

    class Meta:
        abstract = True

    @property
    def post_notice_ends(self) -> date | None:
        return public_notice.last_day(self.post_notice_from, NOTICE_DAYS, self.post_notice_until)

    @step(State.ADMITTED, State.IN_REVIEW, _("开始年度复核"), by=office(Role.HR, Role.SYSTEM))
    def call_review(self) -> None:
        pass

    @step(State.IN_REVIEW, State.RETAINED, _("留库"), by=office(Role.HR))
    def retain(self, *, words: str, tier: str = "") -> None:
        if not words.strip():
            raise Unmet(_("请写明复核意见。"))
        if tier and tier not in Tier.values:
            raise Unmet(_("请选择层次。"))
        self.review_words, self.tier = words.strip(), tier or self.tier

    @step(
        [*MEMBER, State.SUSPENDED, State.HELD],
        State.REMOVED,
        _("移出人选库"),
        by=office(Role.COMMITTEE),
        asks=[is_member],
        harm=True,
    )
    def remove(self, *, reason: str) -> None:
        if reason not in Removal.values:
            raise Unmet(_("请选择出库原因。"))
        self.removal = reason

    @step(MEMBER, State.EXPIRED, _("任期届满"), by=by_role(Role.SYSTEM), harm=True)
    def expire(self) -> None:
        pass

    @step([State.ADMITTED, State.RETAINED], State.POST_PROPOSED, _("提出任用"), by=office(Role.HR), asks=[is_ready])
    def propose_post(self, *, post: str) -> None:
        if not post.strip():
            raise Unmet(_("请写明拟任职务。"))
        self.post, self.post_from = post.strip(), self.state

    @step(State.POST_PROPOSED, State.POST_NOTICE, _("同意任用并公示"), by=office(Role.COMMITTEE), harm=True)
    def publish_post(self) -> None:
        pass

    @step(
        [State.POST_PROPOSED, State.POST_NOTICE],
        RETURN_VALUE(State.ADMITTED, State.RETAINED),
        _("不予任用，回到库中"),
        by=office(Role.COMMITTEE),
        harm=True,
    )
    def drop_post(self) -> str:
        return self.post_from

    # The committee agreed when it published; with the notice over and nothing open, nobody has anything left to decide.
    @step(State.POST_NOTICE, State.ON_TRIAL, _("公示期满，试用"), by=by_role(Role.SYSTEM))
    def begin_trial(self) -> None:
        pass

    @step(State.ON_TRIAL, State.TRIAL_ENDED, _("提交试用期考核报告"), by=office(Role.HR))
    def end_trial(self, *, report: str) -> None:
        if not report.strip():
            raise Unmet(_("试用期考核报告是空的。"))
        self.trial_report = report.strip()

    @step(State.TRIAL_ENDED, State.CONFIRMED, _("正式任用"), by=office(Role.COMMITTEE), harm=True)
    def confirm(self) -> None:
        pass

    @step(State.TRIAL_ENDED, State.RETURNED, _("不予任用，退回"), by=office(Role.COMMITTEE), harm=True)
    def return_to_post(self) -> None:
        pass
