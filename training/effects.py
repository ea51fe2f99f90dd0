"""What follows in our own rows when a case enters a state. Set-based: one read and one write, however many cases."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from people.roles import Role
from training.models import RANK, ClassSession, Enrollment, Form, Goal, TrainingCase
from workflows import kinds
from workflows.actions import Opening
from workflows.calendars import Deadline
from workflows.effects import open_kind
from workflows.kinds import DecisionView, Moment
from workflows.models import Case, CaseReason
from workflows.refusals import Reason, Refusal

Refusals = Mapping[UUID, Refusal]
NONE: Refusals = {}
WATCHED = Deadline(number=12, unit="months")
LIVE = ~Q(status=Enrollment.Status.LEFT)


def write_goals(cases: Sequence[Case], moment: Moment) -> Refusals:
    """Keep the signed terms as rows, so that progress can be asked for by indicator."""
    owned = cast(Sequence[TrainingCase], cases)
    wanted = {(case.pk, term["indicator"]) for case in owned for term in case.terms}
    held = Goal.objects.filter(case__in=[case.pk for case in owned]).values_list("pk", "case_id", "indicator")
    Goal.objects.filter(pk__in=[pk for pk, case, indicator in held if (case, indicator) not in wanted]).delete()
    Goal.objects.bulk_create(
        [_goal(case, term) for case in owned for term in case.terms],
        update_conflicts=True,
        unique_fields=["case", "indicator"],
        update_fields=["baseline", "target", "due", "how"],
    )
    return NONE


def _goal(case: TrainingCase, term: Mapping[str, Any]) -> Goal:
    return Goal(
        case=case,
        indicator=term["indicator"],
        baseline=term.get("baseline"),
        target=term["target"],
        due=date.fromisoformat(term["due"]),
        how=term.get("how", ""),
    )


def take_seats(cases: Sequence[Case], moment: Moment) -> Refusals:
    """Give each case the seat it asks for, the most urgent first, and refuse those beyond the last one.

    The classes are locked first, in key order: whoever counts seats waits for whoever is just taking one.
    """
    asking: dict[int, list[TrainingCase]] = defaultdict(list)
    for case in cast(Sequence[TrainingCase], cases):
        if case.session_id is not None:
            asking[case.session_id].append(case)
    refused: dict[UUID, Refusal] = {}
    if not asking:
        return refused
    sessions = (
        ClassSession.objects.select_for_update(of=("self",)).select_related("unit").filter(pk__in=asking).order_by("pk")
    )
    locked = {session.pk: session for session in sessions}
    seated = set(Enrollment.objects.filter(LIVE, session__in=locked).values_list("session_id", "officer_id", "case_id"))
    taken = _taken(locked)
    seats: list[Enrollment] = []
    for key, waiting in asking.items():
        newcomers = sorted((case for case in waiting if (key, case.officer_id, case.pk) not in seated), key=_urgency)
        heads = {officer for session, officer, _case in seated if session == key}
        granted = _grant(locked[key], newcomers, heads, locked[key].seats - taken.get(key, 0), moment, refused)
        seats += [_seat(case, moment) for case in granted]
    Enrollment.objects.bulk_create(seats)
    return refused


def _urgency(case: TrainingCase) -> tuple[int, datetime, int]:
    """Who comes first: the graver form, then the longer wait."""
    return -RANK[Form(case.form)], case.state_since, case.pk.int


def _taken(sessions: Mapping[int, ClassSession]) -> dict[int, int]:
    counts = Enrollment.objects.filter(LIVE, session__in=sessions).order_by().values_list("session_id")
    return dict(counts.annotate(Count("pk")))


def _grant(
    session: ClassSession,
    newcomers: Sequence[TrainingCase],
    heads: set[int],
    left: int,
    moment: Moment,
    refused: dict[UUID, Refusal],
) -> list[TrainingCase]:
    granted = []
    over = session.ends_on < timezone.localdate(moment.at)
    holds = any(moment.actor.may(role, session.unit.path) for role in (Role.TRAINING_UNIT, Role.HR))
    for case in newcomers:
        if not holds:
            refused[case.pk] = Refusal(Reason.NOT_PERMITTED, _("这个班不由你安排"))
        elif over:
            refused[case.pk] = Refusal(Reason.UNMET, _("这一期已经结业，请另选一期"))
        elif case.officer_id in heads:
            refused[case.pk] = Refusal(Reason.UNMET, _("本人已在这一期名册上"))
        elif left <= 0:
            refused[case.pk] = Refusal(
                Reason.UNMET, _("名额已满：这一期共 %(seats)s 席，请另选一期") % {"seats": session.seats}
            )
        else:
            granted.append(case)
            left -= 1
    return granted


def _seat(case: TrainingCase, moment: Moment) -> Enrollment:
    seat = Enrollment(case=case, placed_at=moment.at)
    seat.session_id, seat.officer_id = cast(int, case.session_id), cast(int, case.officer_id)
    return seat


def free_seats(cases: Sequence[Case], moment: Moment) -> Refusals:
    """Whoever is not going to a class any more gives his seat back. What was attended and marked stays."""
    leaving = [case.pk for case in cases]
    waiting = Enrollment.objects.filter(case__in=leaving, status=Enrollment.Status.PLACED)
    waiting.update(status=Enrollment.Status.LEFT)
    return NONE


def stand_still(cases: Sequence[Case], moment: Moment) -> Refusals:
    for case in cast(Sequence[TrainingCase], cases):
        case.paused_on = case.paused_on or timezone.localdate(moment.at)
    return NONE


def go_on(cases: Sequence[Case], moment: Moment) -> Refusals:
    """Move the end of what was paused by the days it stood still."""
    today = timezone.localdate(moment.at)
    for case in cast(Sequence[TrainingCase], cases):
        if case.paused_on and case.ends_on:
            case.ends_on += today - case.paused_on
        case.paused_on, case.paused_until, case.paused_reason = None, None, ""
    return NONE


def watch(cases: Sequence[Case], moment: Moment) -> Refusals:
    last = moment.calendar.due(timezone.localdate(moment.at), WATCHED).day
    for case in cast(Sequence[TrainingCase], cases):
        case.watch_until = case.watch_until or last
    return NONE


def note_the_day(cases: Sequence[Case], moment: Moment) -> Refusals:
    for case in cast(Sequence[TrainingCase], cases):
        case.closed_on = timezone.localdate(moment.at)
    return NONE


def open_post_adjustment(cases: Sequence[Case], moment: Moment) -> Refusals:
    """A post is reconsidered after a failed retraining (CN-038, PD-015). A unit has no post to change."""
    people = [case for case in cast(Sequence[TrainingCase], cases) if case.officer_id is not None]
    known = {kind.name: kind for kind in kinds.registered()}
    if people and "post_adjustment" in known:
        open_kind("post_adjustment", [_adjustment(case, known["post_adjustment"]) for case in people], moment)
    return NONE


def _adjustment(case: TrainingCase, kind: kinds.Kind) -> Opening:
    title, fields = "", dict[str, Any]()
    if kind.from_decision:
        view = DecisionView(rule="training", cycle="", outcome="调整岗位", focus=case.focus)
        title, made = kind.from_decision(view)
        fields = dict(made)
    return Opening(
        key=f"training:{case.pk}",
        title=title,
        unit_path=case.unit_path,
        line_path=case.line_path,
        officer_id=case.officer_id,
        fields=fields,
        reasons=(_reason(case),),
    )


def _reason(case: TrainingCase) -> CaseReason:
    about = case.focus or "—"
    return CaseReason(
        source=f"training:{case.pk}",
        code="training",
        title_zh="再训后仍未达标",
        title_en="Not reached after retraining",
        words_zh=f"能力提升事项（{about}）再训一次后复评仍未达标。",
        words_en=f"The training case ({about}) was not reached after one retraining.",
        basis="公务员平时考核办法（试行）结果运用；中央政法委规范执法行为培训考核意见",
    )
