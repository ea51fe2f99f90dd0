"""From admission to the end: the steps and fields of a member of the pool."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from people.roles import Role
from talent_pool.models.states import Removal, ReserveState, Tier
from talent_pool.permissions import office
from workflows.refusals import Unmet, by_role, guard

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
    post_notice_until = models.DateField(_("任前公示截止"), null=True)
    trial_until = models.DateField(_("试用期至"), null=True)
    trial_report = models.TextField(_("试用期考核报告"), default="")

    class Meta:
        abstract = True

    @transition(
        field="state",
        source=State.ADMITTED,
        target=State.IN_REVIEW,
        permission=office(Role.HR, Role.SYSTEM),
        custom={"label": _("开始年度复核"), "harm": False},
    )
    def call_review(self) -> None:
        pass

    @transition(
        field="state",
        source=State.IN_REVIEW,
        target=State.RETAINED,
        permission=office(Role.HR),
        custom={"label": _("留库"), "harm": False},
    )
    def retain(self, *, words: str, tier: str = "") -> None:
        if not words.strip():
            raise Unmet(_("请写明复核意见。"))
        if tier and tier not in Tier.values:
            raise Unmet(_("请选择层次。"))
        self.review_words, self.tier = words.strip(), tier or self.tier

    @transition(
        field="state",
        source=[*MEMBER, State.SUSPENDED, State.HELD],
        target=State.REMOVED,
        conditions=[is_member],
        permission=office(Role.COMMITTEE),  # whoever admitted ends it
        custom={"label": _("移出人选库"), "harm": True},
    )
    def remove(self, *, reason: str) -> None:
        if reason not in Removal.values:
            raise Unmet(_("请选择出库原因。"))
        self.removal = reason

    @transition(
        field="state",
        source=MEMBER,
        target=State.EXPIRED,
        permission=by_role(Role.SYSTEM),
        custom={"label": _("任期届满"), "harm": True},
    )
    def expire(self) -> None:
        pass

    @transition(
        field="state",
        source=[State.ADMITTED, State.RETAINED],
        target=State.POST_PROPOSED,
        conditions=[is_ready],
        permission=office(Role.HR),
        custom={"label": _("提出任用"), "harm": False},
    )
    def propose_post(self, *, post: str) -> None:
        if not post.strip():
            raise Unmet(_("请写明拟任职务。"))
        self.post, self.post_from = post.strip(), self.state

    @transition(
        field="state",
        source=State.POST_PROPOSED,
        target=State.POST_NOTICE,
        permission=office(Role.COMMITTEE),
        custom={"label": _("同意任用并公示"), "harm": True},
    )
    def publish_post(self) -> None:
        pass

    @transition(
        field="state",
        source=[State.POST_PROPOSED, State.POST_NOTICE],
        target=RETURN_VALUE(State.ADMITTED, State.RETAINED),
        permission=office(Role.COMMITTEE),
        custom={"label": _("不予任用，回到库中"), "harm": True},
    )
    def drop_post(self) -> str:
        return self.post_from

    # The committee agreed when it published; with the notice over and nothing open, nobody has anything left to decide.
    @transition(
        field="state",
        source=State.POST_NOTICE,
        target=State.ON_TRIAL,
        permission=by_role(Role.SYSTEM),
        custom={"label": _("公示期满，试用"), "harm": False},
    )
    def begin_trial(self) -> None:
        pass

    @transition(
        field="state",
        source=State.ON_TRIAL,
        target=State.TRIAL_ENDED,
        permission=office(Role.HR),
        custom={"label": _("提交试用期考核报告"), "harm": False},
    )
    def end_trial(self, *, report: str) -> None:
        if not report.strip():
            raise Unmet(_("试用期考核报告是空的。"))
        self.trial_report = report.strip()

    @transition(
        field="state",
        source=State.TRIAL_ENDED,
        target=State.CONFIRMED,
        permission=office(Role.COMMITTEE),
        custom={"label": _("正式任用"), "harm": True},
    )
    def confirm(self) -> None:
        pass

    @transition(
        field="state",
        source=State.TRIAL_ENDED,
        target=State.RETURNED,
        permission=office(Role.COMMITTEE),
        custom={"label": _("不予任用，退回"), "harm": True},
    )
    def return_to_post(self) -> None:
        pass
