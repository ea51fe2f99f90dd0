"""What must hold between cases, history, work and messages, and that each breach is named."""

import pytest
from django.db import connection

from tests.errand.models import Errand
from workflows import invariants
from workflows.actions import advance
from workflows.models import Case, OutboxMessage, WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_anchors(settings, tmp_path):
    """An anchor that another test of this process wrote speaks of another history."""
    settings.ANCHORS = tmp_path


@pytest.fixture
def cases(make, hr, clock):
    ids = make(4, fields={"purpose": "x", "place": "y"})
    advance(ids[1:], Errand.accept, actor=hr, clock=clock)
    advance(ids[2:], Errand.remark, actor=hr, clock=clock, inputs={"text": "t"})
    advance(ids[3:], Errand.finish, actor=hr, clock=clock)
    return ids


def tamper(sql):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("case", "transitionrecord"):
            cursor.execute(f"ALTER TABLE workflows_{table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        for table in ("case", "transitionrecord"):
            cursor.execute(f"ALTER TABLE workflows_{table} ENABLE TRIGGER USER")


def test_all_is_well(cases):
    assert list(invariants.breaches()) == []


def test_it_is_a_fixed_number_of_reads(cases, make, django_assert_max_num_queries):
    make(40)
    with django_assert_max_num_queries(16):
        list(invariants.breaches())


@pytest.mark.parametrize(
    ("breach", "told"),
    [
        (lambda: tamper("UPDATE workflows_case SET state = 'planned' WHERE state = 'asked'"), "state planned"),
        (lambda: tamper("UPDATE workflows_case SET version = 9 WHERE state = 'asked'"), "version 9"),
        (lambda: tamper("DELETE FROM workflows_transitionrecord WHERE number = 2"), "rows"),
        (lambda: tamper("UPDATE workflows_transitionrecord SET note = 'x' WHERE number = 1"), "is broken"),
        (lambda: WorkItem.objects.filter(case__state="done").update(closed_at=None), "closed, with open work"),
        (lambda: WorkItem.objects.filter(duty="asked").update(closed_at="2026-01-01T00:00Z"), "waiting in asked"),
        (lambda: WorkItem.objects.filter(closed_at=None).update(duty="held"), "waiting in accepted"),
        (lambda: OutboxMessage.objects.filter(number=1).first().delete(), "0 messages on errand for 1"),
        (lambda: OutboxMessage.objects.filter(number=1).update(topic="other"), "1 messages on other for 0"),
        (lambda: OutboxMessage.objects.filter(number=1).update(number=2), "has 2 messages"),
    ],
)
def test_each_breach_is_named(cases, breach, told):
    breach()
    assert any(told in words for words in invariants.breaches()), list(invariants.breaches())


def test_other_causes_are_not_counted(cases, clock):
    OutboxMessage.objects.create(
        topic="reminder", cause="reminder", case=Case.objects.first(), written_at=clock.at, available_at=clock.at
    )
    assert list(invariants.breaches()) == []
