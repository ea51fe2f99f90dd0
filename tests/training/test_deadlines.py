"""What the clock does to training cases, and what appraisal learns of their end."""

from datetime import date

import pytest

from appraisal.models import Fact
from training.kind import DUTIES
from training.models import TrainingCase
from workflows.deadlines import sweep
from workflows.models import OutboxMessage, WorkItem
from workflows.outbox import deliver_all

pytestmark = pytest.mark.django_db

# the state, whose desk, the last day when entered on Friday 20 November 2026 (only weekends free)
DUE = [
    ("flagged", "hr", date(2026, 11, 27)),
    ("under_review", "unit_head", date(2026, 12, 4)),
    ("notified", "unit_head", date(2026, 12, 4)),
    ("proposed", "officer", date(2026, 11, 27)),
    ("planned", "training_unit", date(2026, 12, 20)),
    ("active", "training_unit", date(2026, 12, 11)),
    ("paused", "unit_head", date(2026, 12, 20)),
    ("reassessed", "hr", date(2026, 11, 27)),
    ("monitoring", "unit_head", date(2027, 11, 20)),
    ("held", "hr", date(2026, 12, 11)),
]


@pytest.mark.parametrize(("state", "role", "day"), DUE, ids=[row[0] for row in DUE])
def test_each_state_lays_its_duty_on_somebody_until_a_day(walk, state, role, day, officer):
    item = WorkItem.objects.get(case=walk(state), closed_at=None)
    assert (item.duty, item.role, item.due_at.date()) == (state, role, day)
    assert item.officer_id == (officer.officer_id if role == "officer" else None)


def test_every_waiting_state_is_in_the_table():
    assert {state for state, *_rest in DUE} == set(DUTIES)


def test_the_sweep_closes_what_was_watched_to_the_end_and_no_day_earlier(walk, later):
    case = walk("monitoring")
    sweep(later(365))
    assert TrainingCase.objects.get(pk=case.pk).state == "monitoring"
    sweep(later(366))
    case = TrainingCase.objects.get(pk=case.pk)
    assert (case.state, case.outcome) == ("closed_improved", "improved")
    assert not WorkItem.objects.filter(case=case, closed_at=None).exists()


def test_appraisal_learns_of_the_closed_plan(walk, later, officer):
    walk("monitoring")
    sweep(later(366))
    deliver_all(now=later(366).at)
    fact = Fact.objects.get(kind="plan_closed")
    assert (fact.officer, fact.level, fact.from_day) == (officer.officer, "改进达标", date(2027, 11, 21))
    assert not OutboxMessage.objects.filter(dead_at__isnull=False).exists()


def test_a_late_review_is_told_above_and_stays_with_the_manager(walk, later):
    case = walk("under_review")
    sweep(later(15))
    assert TrainingCase.objects.get(pk=case.pk).state == "under_review"
    assert OutboxMessage.objects.filter(case=case, cause="escalation").exists()
