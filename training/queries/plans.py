"""A plan as its officer and his manager read it: what comes next, how far the goals are, what was noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from appraisal.models import Result, ResultStatus
from people.models import Officer
from training.charts import Chart, Point, chart
from training.models import CheckIn, Enrollment, Goal, TrainingCase
from workflows import clock as clocks
from workflows.calendars import Clock, local_day
from workflows.models import CaseReason, WorkItem
from workflows.words import day_words

State = TrainingCase.State
RHYTHM = timedelta(days=14)  # between two check-ins
NOTING = (State.ACTIVE, State.MONITORING)  # when check-ins are written
SHOWN_NOTES = 20


@dataclass(frozen=True, kw_only=True)
class GoalView:
    """A goal with the figures since, against the straight line from where it began to where it should be."""

    goal: Goal
    now: float | None
    planned: float | None  # where the line stood on the day of the latest figure; none without one
    chart: Chart | None

    @property
    def ahead(self) -> float | None:
        if self.now is None or self.planned is None:
            return None
        return round(self.now - self.planned, 1)

    @property
    def behind(self) -> float | None:
        return -self.ahead if self.ahead is not None else None


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What the person does next, in one sentence; `step` names the step of the case that does it."""

    words: str
    hint: str = ""
    due: date | None = None
    step: str = ""
    label: str = ""
    notes: bool = False  # the next thing is a check-in


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything the page of a plan shows."""

    case: TrainingCase
    next: NextStep
    item: WorkItem | None
    goals: Sequence[GoalView]
    check_ins: Sequence[CheckIn]
    seat: Enrollment | None
    reasons: Sequence[CaseReason]

    @property
    def is_open(self) -> bool:
        return self.case.closed_at is None


def my_plan(officer: Officer, clock: Clock | None = None) -> Plan | None:
    """The officer's open training case, or the one closed last."""
    mine = TrainingCase.objects.filter(officer=officer).select_related("session__course", "course", "officer__unit")
    found = mine.order_by(F("closed_at").desc(nulls_first=True), "-opened_at").first()
    return plan(found, clock or clocks.now()) if found else None


def plan(case: TrainingCase, clock: Clock) -> Plan:
    goals = list(case.goals.all())
    notes = list(case.check_ins.select_related("by__officer", "goal")[:SHOWN_NOTES])
    item = case.work_items.filter(closed_at=None).order_by("due_at").first()
    seats = case.enrollments.exclude(status=Enrollment.Status.LEFT).select_related("session__course")
    seat = seats.order_by("-placed_at").first()
    figures = _figures(case, goals)
    return Plan(
        case=case,
        next=next_step(case, notes, item, seat, clock),
        item=item,
        goals=[_goal_view(case, goal, figures, notes, clock) for goal in goals],
        check_ins=notes,
        seat=seat,
        reasons=list(case.reasons.all()),
    )


# Goals -----------------------------------------------------------------------------------------------------------
def _figures(case: TrainingCase, goals: Sequence[Goal]) -> list[tuple[date, dict[str, Any]]]:
    """The indicators of results since the case opened, oldest first. The row recorded last holds."""
    if not goals:
        return []
    results = Result.objects.filter(
        officer=case.officer_id,
        unit=case.unit_id,
        status=ResultStatus.GRADED,
        cycle__ends_on__gt=local_day(case.opened_at),
        indicators__has_any_keys=[goal.indicator for goal in goals],
    )
    latest: dict[int, tuple[date, dict[str, Any]]] = {}
    rows = results.order_by("recorded_on", "pk").values_list("cycle_id", "cycle__ends_on", "indicators")
    for cycle, day, indicators in rows:
        latest[cycle] = (day, indicators)
    return sorted(latest.values(), key=lambda row: row[0])


def _goal_view(
    case: TrainingCase,
    goal: Goal,
    figures: Sequence[tuple[date, dict[str, Any]]],
    notes: Sequence[CheckIn],
    clock: Clock,
) -> GoalView:
    begun = local_day(case.opened_at)
    points = [Point(day, float(row[goal.indicator])) for day, row in figures if goal.indicator in row]
    points += [Point(note.day, note.figure) for note in notes if note.goal_id == goal.pk and note.figure is not None]
    points.sort(key=lambda point: point.day)
    if goal.baseline is None:
        return GoalView(goal=goal, now=points[-1].value if points else None, planned=None, chart=None)
    start, end = Point(begun, goal.baseline), Point(max(goal.due, begun + timedelta(days=1)), goal.target)
    return GoalView(
        goal=goal,
        now=points[-1].value if points else goal.baseline,
        planned=planned(start, end, min(points[-1].day, end.day)) if points else None,
        chart=chart([start, *points], [start, end]),
    )


def planned(start: Point, end: Point, day: date) -> float:
    """Where the straight line from start to end stands on a day."""
    share = (day - start.day) / (end.day - start.day)
    return round(start.value + (end.value - start.value) * share, 1)


# What comes next -------------------------------------------------------------------------------------------------
def next_step(
    case: TrainingCase,
    notes: Sequence[CheckIn],
    item: WorkItem | None,
    seat: Enrollment | None,
    clock: Clock,
) -> NextStep:
    last = local_day(item.due_at) if item else None
    if case.state == State.PROPOSED:
        label = _("同意并签字")
        return NextStep(words=_("看提升计划，签字或退回商量"), due=last, step="agree", label=label)
    if case.state == State.ACTIVE:
        return _next_when_active(case, notes, seat, clock)
    return NextStep(words=_words_when_waiting(case, clock), due=last if case.state != State.MONITORING else None)


def _next_when_active(case: TrainingCase, notes: Sequence[CheckIn], seat: Enrollment | None, clock: Clock) -> NextStep:
    if seat and seat.status == Enrollment.Status.PLACED and seat.session.ends_on >= clock.day:
        said = {"course": seat.session.course.name, "place": seat.session.place}
        return NextStep(words=_("参加%(course)s，地点：%(place)s") % said, due=seat.session.starts_on)
    since = notes[0].day if notes else local_day(case.state_since)
    words = _("写第 %d 次双周记录") % (len(notes) + 1)
    return NextStep(words=words, hint=_("大约写 5 分钟"), due=since + RHYTHM, notes=True)


def _words_when_waiting(case: TrainingCase, clock: Clock) -> str:
    watched = day_words(case.watch_until, today=clock.day) if case.watch_until else ""
    words = {
        State.FLAGGED: _("单位将先核实原因，现在不需要你办任何事"),
        State.UNDER_REVIEW: _("单位正在核实原因，现在不需要你办任何事"),
        State.NOTIFIED: _("想一想你的目标，主管会与你商量"),
        State.PLANNED: _("等教育训练部门安排，现在不需要你办任何事"),
        State.PAUSED: _("计划已暂停，期限顺延，不需要你办任何事"),
        State.REASSESSED: _("已复评，等政治处告知结果"),
        State.MONITORING: _("照新办法继续做，观察到%s") % watched,
        State.HELD: _("异议正在处理，计划停着，不需要你办任何事"),
    }
    return words.get(State(case.state), _("这件事项已经结案"))
