"""What the tests of training share: a fixed moment, cases of one station, a class, and a walk to any state."""

from datetime import UTC, date, datetime, timedelta

import pytest

from training.kind import KIND
from training.models import ClassSession, Course, TrainingCase
from training.queries import place_inputs
from workflows import actions
from workflows.calendars import Calendar, Clock
from workflows.effects import hold
from workflows.kinds import Moment
from workflows.models import CaseReason

GOALS = [{"indicator": "群众满意度", "baseline": 51.4, "target": 74.0, "due": "2027-02-26", "how": "每周回访 12 户"}]


@pytest.fixture
def calendar():
    """Only weekends are free."""
    return Calendar(years=range(2020, 2040))


@pytest.fixture
def clock(calendar):
    """Friday 20 November 2026, 17:00 in Haizhou."""
    return Clock(at=datetime(2026, 11, 20, 9, tzinfo=UTC), calendar=calendar)


@pytest.fixture
def later(clock):
    """The same clock some days later."""

    def later(days):
        return Clock(at=clock.at + timedelta(days=days), calendar=clock.calendar)

    return later


@pytest.fixture
def opening(station, officer):
    """What the linkage opens: by default a class for the officer of the cast."""

    def opening(key="P08:2026Q3:2200001", **more):
        fields = {"form": "class", "focus": "群众满意度", "stage": 1} | more.pop("fields", {})
        person = more.pop("officer", officer.officer)
        said = {
            "title": "能力提升班",
            "unit_path": station.path,
            "line_path": station.path,
            "officer_id": person.pk,
            "slot": f"officer:{person.pk}",
        }
        return actions.Opening(key=key, fields=fields, **(said | more))

    return opening


@pytest.fixture
def reason():
    def reason(source, code="P08"):
        return CaseReason(
            source=source,
            code=code,
            title_zh="群众满意度低于 60",
            title_en="Satisfaction below 60",
            words_zh="2026Q3 群众满意度 51.4，低于 60。",
            words_en="2026Q3: satisfaction 51.4, below 60.",
        )

    return reason


@pytest.fixture
def open_case(opening, hr, clock):
    """Open a case and return it."""

    def open_case(key="P08:2026Q3:2200001", **more):
        opened = actions.open_cases([opening(key, **more)], KIND, actor=hr, clock=clock)
        return TrainingCase.objects.get(pk=opened.by_key[key])

    return open_case


@pytest.fixture
def unit_case(open_case, station, branch):
    """A plan of the station, answered for by the branch above it."""

    def unit_case():
        return open_case(
            "P13:2026:F01P01",
            title="单位改进计划",
            officer_id=None,
            unit_id=station.pk,
            slot=f"unit:{station.pk}",
            line_path=branch.path,
            fields={"form": "unit_plan", "focus": ""},
        )

    return unit_case


@pytest.fixture
def course(db):
    """Of the catalogue; made again where a test that flushes its tables has taken it away."""
    said = {"name": "群众工作与沟通", "indicators": ["群众满意度", "服务满意度"], "hours": 40, "provider": "市局"}
    return Course.objects.get_or_create(code="QZ-01", defaults=said)[0]


@pytest.fixture
def make_session(course, bureau):
    def make_session(**fields):
        said = {
            "course": course,
            "number": ClassSession.objects.count() + 1,
            "starts_on": date(2026, 12, 7),
            "ends_on": date(2026, 12, 11),
            "place": "市局训练基地二教",
            "seats": 30,
            "trainer": "刘文清",
            "unit": bureau,
        }
        return ClassSession.objects.create(**(said | fields))

    return make_session


@pytest.fixture
def session(make_session):
    return make_session()


@pytest.fixture
def take(clock):
    """Take a step on one case, and insist that it was taken."""

    def take(case, step, actor, *, at=None, **inputs):
        outcome = actions.advance([case.pk], getattr(TrainingCase, step), actor=actor, clock=at or clock, inputs=inputs)
        assert outcome.taken == [case.pk], {str(refusal.words) for refusal in outcome.refused.values()}
        return TrainingCase.objects.get(pk=case.pk)

    return take


@pytest.fixture
def refused(clock):
    """Try a step on one case, and give the refusal."""

    def refused(case, step, actor, *, at=None, **inputs):
        outcome = actions.advance([case.pk], getattr(TrainingCase, step), actor=actor, clock=at or clock, inputs=inputs)
        assert outcome.taken == []
        return outcome.refused[case.pk]

    return refused


@pytest.fixture
def moment(hr, clock):
    return Moment(actor=hr, at=clock.at, calendar=clock.calendar)


@pytest.fixture
def walk(open_case, take, moment, session, hr, unit_head, officer, trainer):
    """A case that went the straight way to a state (side states: by the shortest way)."""
    way = [
        ("under_review", "review", hr, {}),
        ("under_review", "name_cause", unit_head, {"cause": "skill", "words": "接处警量与同所持平"}),
        ("notified", "notify", unit_head, {}),
        ("proposed", "propose", unit_head, {"goals": GOALS, "course": session.course_id}),
        ("planned", "agree", officer, {}),
        ("active", "place", trainer, place_inputs(session)),
        ("reassessed", "reassess", trainer, {"result": "met", "score": 81}),
        ("monitoring", "monitor", hr, {}),
    ]

    def walk(state, *, case=None, result="met", **more):
        case = case or open_case(**more)
        if state == "held":
            hold([case.pk], moment, "异议已受理")
            return TrainingCase.objects.get(pk=case.pk)
        straight = "active" if state == "paused" else state
        for target, step, actor, inputs in way:
            if case.state == straight and target != straight:
                break
            said = inputs | {"result": result} if step == "reassess" else inputs
            case = take(case, step, actor, **said)
        return take(case, "pause", unit_head, reason="住院") if state == "paused" else case

    return walk
