"""From detection to admission: the steps and fields of a candidate who is no member yet."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE

from people.roles import Role
from talent_pool.models.review import HIGHEST, LOWEST
from talent_pool.models.states import NOTICE_DAYS, Discipline, ReserveState, Stream, Tier
from talent_pool.permissions import by_nominator, by_reviewer, office
from talent_pool.votes import Vote
from workflows import public_notice
from workflows.refusals import Unmet, by_role, by_subject, guard
from workflows.steps import step

State = ReserveState

FEWEST_REVIEWS = 2  # one opinion is no review
SHORTEST_GROUNDS = 10  # characters

CANDIDATE = [
    State.DETECTED,
    State.NOMINATED,
    State.TESTED,
    State.INSPECTED,
    State.SUBMITTED,
    State.DECIDED,
    State.ON_NOTICE,
]


@guard(_("民主测评结果已登记"))
def has_peer_review(case: Any) -> bool:
    return bool(case.peer_ballots)


@guard(_("书面评审至少 2 份"))
def has_reviews(case: Any) -> bool:
    return bool(case.review_count >= FEWEST_REVIEWS)


@guard(_("考察报告已提交"))
def has_report(case: Any) -> bool:
    return bool(case.report)


@guard(_("纪检督察已出具意见，无影响使用的问题"))
def discipline_is_clear(case: Any) -> bool:
    return bool(case.discipline == Discipline.CLEAR)


@guard(_("尚未入库（已入库的由党委写明原因移出）"))
def is_no_member(case: Any) -> bool:
    return case.admitted_on is None


class Candidacy(models.Model):
    """What is known of a candidate, and how he becomes a member. `window` is the cycle he was detected in."""

    window = models.CharField(_("提名窗口"), max_length=20, default="")
    stream = models.CharField(_("方向"), max_length=10, choices=Stream.choices, default=Stream.DEPUTY)
    tier = models.CharField(_("层次"), max_length=10, choices=Tier.choices, default=Tier.LONG_TERM)
    grounds = models.TextField(_("提名理由"), default="")
    nominator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("提名人")
    )
    peer_ballots = models.PositiveSmallIntegerField(_("民主测评有效票"), default=0)
    peer_in_favour = models.PositiveSmallIntegerField(_("同意票"), default=0)
    review_count = models.PositiveSmallIntegerField(_("书面评审份数"), default=0)
    review_sum = models.PositiveSmallIntegerField(default=0)
    report = models.TextField(_("考察报告"), default="")
    discipline = models.CharField(_("纪检督察意见"), max_length=10, choices=Discipline.choices, default=Discipline.NONE)
    discipline_words = models.TextField(_("意见说明"), default="")
    vote_members = models.PositiveSmallIntegerField(_("应到人数"), null=True)
    vote_recused = models.PositiveSmallIntegerField(_("回避人数"), null=True)
    vote_present = models.PositiveSmallIntegerField(_("实到人数"), null=True)
    vote_in_favour = models.PositiveSmallIntegerField(_("赞成票"), null=True)
    notice_from = models.DateField(_("公示开始"), null=True)
    notice_until = models.DateField(_("公示截止"), null=True)  # of notices begun before `notice_from` was kept

    class Meta:
        abstract = True

    @property
    def notice_ends(self) -> date | None:
        return public_notice.last_day(self.notice_from, NOTICE_DAYS, self.notice_until)

    @property
    def review_mean(self) -> float | None:
        return round(self.review_sum / self.review_count, 2) if self.review_count else None

    @step(State.DETECTED, State.NOMINATED, _("提名"), by=by_nominator)
    def nominate(self, *, grounds: str, stream: str = Stream.DEPUTY) -> None:
        if len(grounds.strip()) < SHORTEST_GROUNDS:
            raise Unmet(_("提名理由写得太短：请写明实绩和适合的岗位。"))
        if stream not in Stream.values:
            raise Unmet(_("请选择方向。"))
        self.grounds, self.stream = grounds.strip(), stream

    @step(State.DETECTED, State.REJECTED, _("不予提名"), by=by_nominator, harm=True)
    def pass_over(self) -> None:
        pass

    @step(State.NOMINATED, State.TESTED, _("审核通过，组织测评"), by=office(Role.HR))
    def call_reviews(self) -> None:
        pass

    @step(State.NOMINATED, State.DETECTED, _("退回补充"), by=office(Role.HR))
    def send_back(self) -> None:
        pass

    @step(
        [State.NOMINATED, State.TESTED, State.INSPECTED], State.REJECTED, _("审核不通过"), by=office(Role.HR), harm=True
    )
    def screen_out(self) -> None:
        pass

    @step(State.TESTED, None, _("登记民主测评"), by=office(Role.HR))
    def record_peer_review(self, *, ballots: int, in_favour: int) -> None:
        if not 0 <= in_favour <= ballots or not ballots:
            raise Unmet(_("有效票至少 1 张，同意票不超过有效票。"))
        self.peer_ballots, self.peer_in_favour = ballots, in_favour

    # The effect of the state keeps the review under the name of who wrote it, and refuses a second one of his.
    @step(State.TESTED, None, _("提交书面评审"), by=by_reviewer)
    def write_review(self, *, score: int, words: str) -> None:
        if not LOWEST <= score <= HIGHEST:
            raise Unmet(_("评分为 1 至 5。"))
        if not words.strip():
            raise Unmet(_("请写评语：分数要有根据。"))
        self.review_count += 1
        self.review_sum += score
        self.__dict__["written_review"] = (score, words.strip())

    @step(State.TESTED, State.INSPECTED, _("进入考察"), by=office(Role.HR), asks=[has_peer_review, has_reviews])
    def begin_inspection(self) -> None:
        pass

    @step(State.INSPECTED, None, _("提交考察报告"), by=office(Role.HR))
    def file_report(self, *, report: str) -> None:
        if not report.strip():
            raise Unmet(_("考察报告是空的。"))
        self.report = report.strip()

    @step(State.INSPECTED, None, _("出具纪检督察意见"), by=office(Role.INSPECTOR))
    def state_discipline(self, *, finding: str, words: str = "") -> None:
        if finding not in (Discipline.CLEAR, Discipline.CONCERN):
            raise Unmet(_("请选择有无影响使用的问题。"))
        if finding == Discipline.CONCERN and not words.strip():
            raise Unmet(_("有问题的，请写明是什么问题。"))
        self.discipline, self.discipline_words = finding, words.strip()

    @step(
        State.INSPECTED, State.SUBMITTED, _("提交党委研究"), by=office(Role.HR), asks=[has_report, discipline_is_clear]
    )
    def submit(self) -> None:
        pass

    @step(
        State.SUBMITTED,
        RETURN_VALUE(State.DECIDED, State.REJECTED),
        _("登记党委表决"),
        by=office(Role.COMMITTEE),
        harm=True,
    )
    def decide(self, *, members: int, present: int, in_favour: int, recused: int = 0, tier: str = Tier.READY) -> str:
        """The figures decide, not who enters them: without a quorum there is no decision, without a majority a no."""
        vote = Vote(members=members, recused=recused, present=present, in_favour=in_favour)
        if not vote.is_possible or tier not in Tier.values:
            raise Unmet(_("人数对不上：回避少于应到，实到不超过应到减回避，赞成票不超过实到。"))
        if not vote.has_quorum:
            words = _(
                "到会不足三分之二，不能表决：应到 {entitled} 人（不含回避），至少到会 {quorum} 人，实到 {present} 人。"
            )
            raise Unmet(words.format(entitled=vote.entitled, quorum=vote.quorum, present=present))
        self.vote_members, self.vote_recused = members, recused
        self.vote_present, self.vote_in_favour = present, in_favour
        self.tier = tier
        return State.DECIDED if vote.is_carried else State.REJECTED

    @step(State.DECIDED, State.ON_NOTICE, _("发布公示"), by=office(Role.HR), harm=True)
    def publish(self) -> None:
        pass

    @step(
        [State.DECIDED, State.ON_NOTICE, State.HELD],
        State.REJECTED,
        _("不予入库"),
        by=office(Role.COMMITTEE),
        asks=[is_no_member],
        harm=True,
    )
    def reject(self) -> None:
        pass

    # The committee has voted; with the notice over and nothing open, nobody has anything left to decide.
    @step(State.ON_NOTICE, State.ADMITTED, _("公示期满，入库"), by=by_role(Role.SYSTEM))
    def admit(self) -> None:
        pass

    @step(CANDIDATE, State.WITHDRAWN, _("本人放弃"), by=by_subject, harm=True)
    def give_up(self) -> None:
        pass
