"""Walking a case through the real engine: steps by people, days that pass, the clock's own steps."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from workflows import actions, deadlines, effects, kinds, rows
from workflows.calendars import ZONE, Calendar, Clock
from workflows.kinds import Kind, Moment
from workflows.models import OutboxMessage, TransitionRecord, WorkItem

# The Qingming holiday of 2026: Saturday 4 April to Monday 6 April.
CALENDAR = Calendar(days={date(2026, 4, 6): False}, years=range(2020, 2040))
START = datetime(2026, 3, 30, 1, tzinfo=UTC)  # Monday, 9:00 in Haizhou


@dataclass
class Walk:
    kind: Kind
    case_id: object
    clock: Clock

    @property
    def case(self):
        return self.kind.model.objects.get(pk=self.case_id)

    @property
    def state(self):
        return self.case.state

    @property
    def duty(self):
        """The open work item."""
        return WorkItem.objects.get(case=self.case_id, closed_at=None)

    def last_day(self):
        return self.duty.due_at.astimezone(ZONE).date()

    def outcome(self, name, actor, *, note="", **inputs):
        step = kinds.steps(self.kind)[name]
        return actions.advance([self.case_id], step, actor=actor, clock=self.clock, note=note, inputs=inputs)

    def take(self, name, actor, **inputs):
        outcome = self.outcome(name, actor, **inputs)
        assert outcome.taken == [self.case_id], {r.reason: str(r.words) for r in outcome.refused.values()}
        self.pass_time(hours=1)
        return self

    def why_not(self, name, actor, **inputs):
        outcome = self.outcome(name, actor, **inputs)
        assert not outcome.taken
        return str(outcome.refused[self.case_id].words)

    def pass_time(self, **span):
        self.clock = replace(self.clock, at=self.clock.at + timedelta(**span))

    def go_to(self, day):
        """The morning of a day; the clock makes its round."""
        self.clock = replace(self.clock, at=datetime(day.year, day.month, day.day, 9, tzinfo=ZONE))
        deadlines.sweep(self.clock)
        return self

    def outlive(self):
        """The day after the present duty's last day."""
        return self.go_to(self.last_day() + timedelta(days=1))

    def moment(self, actor):
        return Moment(actor=actor, at=self.clock.at, calendar=self.clock.calendar)

    def be_held(self, actor):
        outcome = effects.hold([self.case_id], self.moment(actor), note="异议已受理")
        assert outcome.taken == [self.case_id]
        return self

    def be_released(self, actor):
        outcome = effects.release([self.case_id], self.moment(actor), note="异议已处理")
        assert outcome.taken == [self.case_id]
        return self

    @property
    def steps(self):
        return list(
            TransitionRecord.objects.filter(case=self.case_id).order_by("number").values_list("step", flat=True)
        )

    def told(self, topic):
        """Whom messages of a topic went to: role, desk, officer."""
        found = OutboxMessage.objects.filter(case=self.case_id, topic=topic).order_by("id")
        return list(found.values_list("role", "desk", "officer"))


def begin(kind, *, title, subject, actor, fields=None, at=START):
    """Open a case about an officer or a unit of the station."""
    clock = Clock(at=at, calendar=CALENDAR)
    unit = getattr(subject, "unit", None) or subject
    who = {"officer_id": subject.pk} if unit is not subject else {"unit_id": subject.pk}
    opening = actions.Opening(
        key=f"test:{title}:{subject.pk}",
        title=title,
        unit_path=unit.path,
        line_path=unit.path,
        fields=fields or {},
        **who,
    )
    (case,) = actions.open_cases([opening], kind, actor=actor, clock=clock).cases
    return Walk(kind, case, replace(clock, at=at + timedelta(hours=1)))


def put(walk, state, **fields):
    """Put a case into a state without a step: for pages that only look."""
    walk.kind.model.objects.filter(pk=walk.case_id).update(**fields)
    with rows.writer() as cursor:
        cursor.execute("UPDATE workflows_case SET state = %s WHERE id = %s", [state, walk.case_id])
    return walk


def press(client, walk, step, **data):
    """Fill in a step's form on the case page and send it off."""
    address = f"/cases/{walk.case_id}/{step}/"
    assert client.get(address).status_code == 200
    page = client.post(address, data)
    assert page.status_code == 302, page.content.decode()
    return walk
