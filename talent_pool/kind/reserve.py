"""The promotion reserve as the engine sees it: who must act by when, and who is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from people.roles import Role
from talent_pool import effects, forms
from talent_pool.models import ReserveCase
from talent_pool.models.states import NOTICE_DAYS, Removal
from talent_pool.models.states import ReserveState as State
from workflows import public_notice
from workflows.calendars import Deadline
from workflows.kinds import DecisionView, Dispatch, Duty, Kind


def opening(decision: DecisionView) -> tuple[str, Mapping[str, Any]]:
    return decision.outcome, {"window": decision.cycle}


# Where no text is named, the days are the bureau's own.
DUTIES: Mapping[str, Duty] = {
    State.DETECTED: Duty(
        role=Role.UNIT_HEAD, title=_("提名或不予提名"), due=Deadline(number=20), remind=Deadline(number=15)
    ),
    State.NOMINATED: Duty(role=Role.HR, title=_("审核提名"), due=Deadline(number=5)),
    State.TESTED: Duty(
        role=Role.HR, title=_("组织民主测评和书面评审"), due=Deadline(number=20), remind=Deadline(number=15)
    ),
    State.INSPECTED: Duty(
        role=Role.HR, title=_("考察并提交党委研究"), due=Deadline(number=30), remind=Deadline(number=20)
    ),
    State.SUBMITTED: Duty(
        role=Role.COMMITTEE, title=_("研究并表决后备人选"), due=Deadline(number=20), remind=Deadline(number=15)
    ),
    State.DECIDED: Duty(role=Role.HR, title=_("发布入库公示"), due=Deadline(number=5)),
    # 公务员职务与职级并行规定(2019) 20: 公示期不少于5个工作日.
    State.ON_NOTICE: Duty(
        role=Role.HR,
        title=_("公示期内受理异议"),
        due=lambda case: public_notice.due(case.notice_from, NOTICE_DAYS, case.notice_until),
        usual=Deadline(number=NOTICE_DAYS),
        expiry=ReserveCase.admit,
    ),
    State.ADMITTED: Duty(
        role=Role.HR,
        title=_("年度复核"),
        due=lambda case: case.review_on,
        usual=effects.REVIEW,
        expiry=ReserveCase.call_review,
    ),
    State.IN_REVIEW: Duty(
        role=Role.HR, title=_("年度复核：留库、暂停或移出"), due=Deadline(number=20), remind=Deadline(number=15)
    ),
    # 后备干部工作规定: 一般两年左右集中调整补充.
    State.RETAINED: Duty(
        role=Role.HR,
        title=_("任期届满前安排使用或重新提名"),
        due=lambda case: case.term_until,
        usual=effects.TERM,
        remind=Deadline(number=9, unit="months"),
        expiry=ReserveCase.expire,
    ),
    State.SUSPENDED: Duty(
        role=Role.INSPECTOR,
        title=_("跟进调查或处分，恢复或移出"),
        due=Deadline(number=3, unit="months"),
        remind=Deadline(number=2, unit="months"),
    ),
    State.POST_PROPOSED: Duty(role=Role.COMMITTEE, title=_("研究拟任人选"), due=Deadline(number=20)),
    State.POST_NOTICE: Duty(
        role=Role.HR,
        title=_("任前公示期内受理异议"),
        due=lambda case: public_notice.due(case.post_notice_from, NOTICE_DAYS, case.post_notice_until),
        usual=Deadline(number=NOTICE_DAYS),
        expiry=ReserveCase.begin_trial,
    ),
    # 党政领导干部选拔任用工作条例: 试用期一年.
    State.ON_TRIAL: Duty(
        role=Role.HR,
        title=_("试用期满考核"),
        due=lambda case: case.trial_until,
        usual=effects.TRIAL,
        remind=Deadline(number=11, unit="months"),
    ),
    State.TRIAL_ENDED: Duty(role=Role.COMMITTEE, title=_("决定正式任用或退回"), due=Deadline(number=20)),
    # An objection is reviewed in 10 working days and approved again in 5.
    State.HELD: Duty(role=Role.HR, title=_("跟进异议处理"), due=Deadline(number=15)),
}

DISPATCHES: Mapping[str, Sequence[Dispatch]] = {
    State.DETECTED: [
        Dispatch(
            topic="reserve.detected",
            role=Role.UNIT_HEAD,
            title_zh="{subject}：符合后备干部提名条件，请决定是否提名",
            title_en="{subject}: may be nominated to the promotion reserve; please decide",
        )
    ],
    State.TESTED: [
        Dispatch(
            topic="reserve.review",
            role=role,
            title_zh="{subject}：{title}进入测评，请提交书面评审",
            title_en="{subject}: {title} is being assessed; please write your review",
        )
        for role in (Role.LEADER, Role.COMMITTEE)
    ],
    State.INSPECTED: [
        Dispatch(
            topic="reserve.discipline",
            role=Role.INSPECTOR,
            title_zh="{subject}：{title}进入考察，请出具纪检督察意见",
            title_en="{subject}: {title} is under inspection; please state any disciplinary concern",
        )
    ],
    State.ON_NOTICE: [
        Dispatch(
            topic="reserve.notice",
            role=Role.UNIT_HEAD,
            title_zh="{subject}：{title}开始公示",
            title_en="{subject}: public notice of {title} has begun",
        ),
        Dispatch(
            topic="reserve.notice",
            role=Role.OFFICER,
            title_zh="拟将你纳入后备干部库，正在公示",
            title_en="Your admission to the promotion reserve is on public notice",
        ),
    ],
    State.ADMITTED: [
        Dispatch(
            topic="reserve.admitted",
            role=Role.OFFICER,
            title_zh="你已在后备干部库；入库不等于任职承诺",
            title_en="You are in the promotion reserve; this is no promise of a post",
        )
    ],
    State.REMOVED: [
        Dispatch(
            topic="reserve.removed",
            role=Role.OFFICER,
            title_zh="你已移出后备干部库，原因见事项；以后符合条件可以再次提名",
            title_en="You have left the promotion reserve; the case says why. You may be nominated again",
        )
    ],
    State.EXPIRED: [
        Dispatch(
            topic="reserve.expired",
            role=role,
            title_zh="{subject}：后备干部任期届满，已出库",
            title_en="{subject}: the term in the promotion reserve has ended",
        )
        for role in (Role.OFFICER, Role.HR)
    ],
    State.POST_NOTICE: [
        Dispatch(
            topic="reserve.post",
            role=Role.OFFICER,
            title_zh="对你的拟任职务正在任前公示",
            title_en="The post proposed for you is on public notice",
        )
    ],
    State.ON_TRIAL: [
        Dispatch(
            topic="reserve.trial",
            role=role,
            title_zh="{subject}：试用期开始，为期一年",
            title_en="{subject}: the trial year has begun",
        )
        for role in (Role.OFFICER, Role.UNIT_HEAD)
    ],
    State.CONFIRMED: [
        Dispatch(
            topic="reserve.confirmed",
            role=Role.OFFICER,
            title_zh="你已正式任用",
            title_en="You have been confirmed in the post",
        )
    ],
    State.RETURNED: [
        Dispatch(
            topic="reserve.returned",
            role=Role.OFFICER,
            title_zh="试用期满后未正式任用，理由见事项",
            title_en="You were not confirmed after the trial year; the case says why",
        )
    ],
}

RESERVE = Kind(
    name="reserve",
    title=_("后备干部"),
    icon="reserve",
    model=ReserveCase,
    initial=State.DETECTED,
    path=[
        State.DETECTED,
        State.NOMINATED,
        State.TESTED,
        State.INSPECTED,
        State.SUBMITTED,
        State.DECIDED,
        State.ON_NOTICE,
        State.ADMITTED,
    ],
    openers=[Role.SYSTEM, Role.HR],
    readers=[Role.HR, Role.UNIT_HEAD, Role.LEADER, Role.COMMITTEE, Role.INSPECTOR, Role.AUDITOR],
    tones={
        State.DETECTED: "mute",
        State.NOMINATED: "info",
        State.TESTED: "info",
        State.INSPECTED: "info",
        State.SUBMITTED: "warn",
        State.DECIDED: "info",
        State.ON_NOTICE: "info",
        State.ADMITTED: "ok",
        State.IN_REVIEW: "info",
        State.RETAINED: "ok",
        State.SUSPENDED: "hold",
        State.POST_PROPOSED: "warn",
        State.POST_NOTICE: "info",
        State.ON_TRIAL: "info",
        State.TRIAL_ENDED: "warn",
        State.CONFIRMED: "ok",
        State.RETURNED: "mute",
        State.HELD: "hold",
        State.REJECTED: "bad",
        State.WITHDRAWN: "mute",
        State.REMOVED: "mute",
        State.EXPIRED: "mute",
    },
    duties=DUTIES,
    effects={
        State.NOMINATED: [effects.name_nominator],
        State.TESTED: [effects.keep_reviews],
        State.ON_NOTICE: [effects.date_notice],
        State.ADMITTED: [effects.date_term],
        State.POST_PROPOSED: [effects.forget_post],
        State.POST_NOTICE: [effects.date_post_notice],
        State.ON_TRIAL: [effects.date_trial],
        State.CONFIRMED: [effects.await_trial_end],
    },
    dispatches=DISPATCHES,
    outcomes={
        State.CONFIRMED: "confirmed",
        State.RETURNED: "returned",
        State.REJECTED: "rejected",
        State.WITHDRAWN: "withdrawn",
        State.REMOVED: "removed",
        State.EXPIRED: "expired",
    },
    forms={
        "nominate": forms.NominationForm,
        "record_peer_review": forms.PeerReviewForm,
        "write_review": forms.ReviewForm,
        "file_report": forms.ReportForm,
        "state_discipline": forms.DisciplineForm,
        "decide": forms.VoteForm,
        "retain": forms.YearlyReviewForm,
        "remove": forms.RemovalForm,
        "propose_post": forms.PostForm,
        "end_trial": forms.TrialReportForm,
    },
    hold=ReserveCase.hold,
    release=ReserveCase.release,
    from_decision=opening,
    withdraw=ReserveCase.withdraw,
    suspend=ReserveCase.suspend,
    resume=ReserveCase.resume,
    revoke=ReserveCase.remove,
    grounds=dict(Removal.choices),
    panel="talent_pool/_panel.html",
)
