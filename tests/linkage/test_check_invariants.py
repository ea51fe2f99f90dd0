"""`check_invariants`: silent while all holds, and 1 with a sentence as soon as one thing does not."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from linkage import evaluation, opening
from linkage.models import Decision

DOOR = "SELECT set_config('workflows.door', 'open', true)"


@pytest.fixture(autouse=True)
def no_anchors(settings, tmp_path):
    """An anchor that another test of this process wrote speaks of another history."""
    settings.ANCHORS = tmp_path


@pytest.fixture
def opened(cycle, loader):
    run = evaluation.evaluate(cycle("2025"), as_of=date(2026, 1, 20), actor=loader, evidence=False)
    few = run.decisions.filter(rule__in=("P04", "P06", "P12"), status="open").values_list("pk", flat=True)
    opening.open_run(run, actor=loader, only=list(few))
    return run


def broken(statement, capsys):
    """What the command says after somebody wrote past every door."""
    with connection.cursor() as cursor:
        cursor.execute(DOOR)
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, no foreign key
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants")
    assert ended.value.code == 1
    return capsys.readouterr().out


def test_all_holds_after_opening(opened, capsys):
    call_command("check_invariants")
    assert "全部不变式成立" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE workflows_case SET state = 'planned' WHERE kind = 'training'", "state planned"),
        ("UPDATE workflows_case SET version = version + 1", "version 2"),
        ("UPDATE workflows_transitionrecord SET note = '改过'", "chain"),
        ("DELETE FROM workflows_workitem", "without exactly one open work item"),
        ("UPDATE workflows_case SET closed_at = now()", "closed, with open work"),
        ("DELETE FROM workflows_outboxmessage", "0 messages"),
        ("UPDATE appraisal_cycle SET state = 'objections' WHERE code = '2025'", "cycle 2025"),
        ("UPDATE linkage_decision SET officer_id = officer_id + 100000 WHERE case_id IS NOT NULL", "somebody else"),
        ("UPDATE linkage_decision SET status = 'held' WHERE case_id IS NOT NULL", "though it is held"),
    ],
)
def test_each_breach_is_found(opened, capsys, statement, said):
    assert said in broken(statement, capsys)


def test_it_changes_nothing(opened, capsys):
    before = list(Decision.objects.order_by("pk").values())
    call_command("check_invariants")
    assert list(Decision.objects.order_by("pk").values()) == before
