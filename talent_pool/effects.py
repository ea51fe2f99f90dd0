"""What entering a state does to the rows of these linkages beside the step itself."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talent_pool.models import PostAdjustmentCase, ReserveCase, Review
from workflows.calendars import Deadline, local_day
from workflows.kinds import Moment
from workflows.refusals import Reason, Refusal

TERM = Deadline(number=2, unit="years")  # 后备干部工作规定: 一般两年左右集中调整补充
REVIEW = Deadline(number=1, unit="years")
TRIAL = Deadline(number=1, unit="years")  # 党政领导干部选拔任用工作条例: 试用期一年


def name_nominator(cases: Sequence[ReserveCase], moment: Moment) -> Mapping[UUID, Refusal]:
    for case in cases:
        case.nominator_id = moment.actor.pk
    return {}


def keep_reviews(cases: Sequence[ReserveCase], moment: Moment) -> Mapping[UUID, Refusal]:
    """Write down the reviews that the step left on the cases; a second one by the same person is refused."""
    written = [case for case in cases if "written_review" in case.__dict__]
    if not written:
        return {}
    had = set(
        Review.objects.filter(case__in=[case.pk for case in written], reviewer=moment.actor).values_list(
            "case", flat=True
        )
    )
    Review.objects.bulk_create(_review(case, moment) for case in written if case.pk not in had)
    return {key: Refusal(Reason.UNMET, _("你已提交过书面评审。")) for key in had}


def _review(case: ReserveCase, moment: Moment) -> Review:
    score, words = case.__dict__.pop("written_review")
    return Review(case_id=case.pk, reviewer=moment.actor, score=score, words=words, at=moment.at)


def date_notice(cases: Sequence[ReserveCase], moment: Moment) -> Mapping[UUID, Refusal]:
    """The notice runs once: an objection holds the case, not the notice."""
    for case in cases:
        case.notice_from = case.notice_from or local_day(moment.at)
    return {}


def date_term(cases: Sequence[ReserveCase], moment: Moment) -> Mapping[UUID, Refusal]:
    """The term runs from the first admission: who comes back from a pause or an appointment gets no new one."""
    day = local_day(moment.at)
    term, review = moment.calendar.due(day, TERM).day, moment.calendar.due(day, REVIEW).day
    for case in cases:
        if case.admitted_on is None:
            case.admitted_on, case.term_until, case.review_on = day, term, review
    return {}


def date_post_notice(cases: Sequence[ReserveCase], moment: Moment) -> Mapping[UUID, Refusal]:
    for case in cases:
        case.post_notice_from = case.post_notice_from or local_day(moment.at)
    return {}


def forget_post(cases: Sequence[ReserveCase], moment: Moment) -> Mapping[UUID, Refusal]:
    """A later proposal has a notice of its own."""
    for case in cases:
        case.post_notice_from = case.post_notice_until = None
    return {}


def date_trial(cases: Sequence[ReserveCase], moment: Moment) -> Mapping[UUID, Refusal]:
    last = moment.calendar.due(local_day(moment.at), TRIAL).day
    for case in cases:
        case.trial_until = case.trial_until or last
    return {}


def await_trial_end(cases: Sequence[ReserveCase], moment: Moment) -> Mapping[UUID, Refusal]:
    """Who fails may go back at any time; to be confirmed one serves the whole year."""
    day = local_day(moment.at)
    return {
        case.pk: Refusal(Reason.UNMET, _("试用期到 {day} 才满，期满后才能正式任用。").format(day=case.trial_until))
        for case in cases
        if case.trial_until and day <= case.trial_until
    }


def date_service(cases: Sequence[PostAdjustmentCase], moment: Moment) -> Mapping[UUID, Refusal]:
    """The day of service starts the clocks of review and appeal (公务员法(2018) 95)."""
    for case in cases:
        case.notified_on = case.notified_on or local_day(moment.at)
    return {}
