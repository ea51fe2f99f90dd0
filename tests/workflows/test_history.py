"""The chain of a case, the anchors, and what finds a change in either."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.errand.models import Errand
from workflows import verification
from workflows.actions import advance
from workflows.history import GENESIS, act_of, broken, link
from workflows.models import Case, TransitionRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(make, hr, clock):
    ids = sorted(make(3))
    advance(ids[1:], Errand.accept, actor=hr, clock=clock, note='Ünïcode 说明 "x"\n')
    return ids


@pytest.fixture
def anchors(tmp_path, settings):
    settings.ANCHORS = tmp_path
    return tmp_path / "history.jsonl"


def tamper(sql, values=()):
    """As somebody would who owns the database: the triggers are put aside first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE workflows_transitionrecord DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE workflows_case DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE workflows_transitionrecord ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE workflows_case ENABLE TRIGGER USER")


def verify():
    """Exit code and report of the command."""
    from io import StringIO  # noqa: PLC0415

    out, code = StringIO(), 0
    try:
        call_command("verify_history", "--json", stdout=out)
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(out.getvalue())


def test_the_stored_chain_is_the_one_that_is_counted(cases):
    head = GENESIS
    for record in TransitionRecord.objects.filter(case=cases[1]).order_by("number"):
        head = link(head, act_of(record), cases[1].bytes, record.number, source=record.source, target=record.target)
        assert bytes(record.hash) == head
    assert bytes(Case.objects.get(pk=cases[1]).head) == head


def test_a_changed_record_and_a_missing_tail_are_found(cases):
    records = list(TransitionRecord.objects.order_by("case_id", "number"))
    heads = dict(Case.objects.values_list("pk", "head"))
    assert not list(broken(records, heads))
    records[0].note = "not what was said"
    assert list(broken(records[:-1], heads)) == [cases[0], cases[2]]
    assert list(broken([], heads)) == list(heads)


def test_it_says_that_all_is_well(cases, anchors):
    assert verify() == (0, {"cases": 3, "records": 5, "broken": [], "anchors": 0, "rewritten": []})


@pytest.mark.parametrize(
    "change",
    [
        "note = note || ' '",
        "inputs = '{ }'",
        "at = at + interval '1 microsecond'",
        "actor_id = actor_id + 1",
        "step = 'plan'",
        "source = 'held'",
        "target = 'done'",
        "request_key = gen_random_uuid()",
        "hash = set_byte(hash, 31, get_byte(hash, 31) # 1)",
        "number = 7",
    ],
)
def test_a_change_of_any_value_is_found(cases, anchors, change):
    tamper(f"UPDATE workflows_transitionrecord SET {change} WHERE case_id = %s AND number = 2", [cases[1]])  # noqa: S608
    code, report = verify()
    assert (code, report["broken"]) == (1, [str(cases[1])])


def test_a_missing_tail_and_a_missing_chain_are_found(cases, anchors):
    tamper("DELETE FROM workflows_transitionrecord WHERE case_id = %s AND number = 2", [cases[1]])
    tamper("DELETE FROM workflows_transitionrecord WHERE case_id = %s", [cases[0]])
    assert verify()[1]["broken"] == sorted(map(str, cases[:2]))


def rewrite(case):
    """Change the first record of a case and count its whole chain and head anew."""
    tamper("UPDATE workflows_transitionrecord SET note = 'never said' WHERE case_id = %s AND number = 1", [case])
    head = GENESIS
    for record in TransitionRecord.objects.filter(case=case).order_by("number"):
        head = link(head, act_of(record), case.bytes, record.number, source=record.source, target=record.target)
        tamper("UPDATE workflows_transitionrecord SET hash = %s WHERE id = %s", [head, record.pk])
    tamper("UPDATE workflows_case SET head = %s WHERE id = %s", [head, case])


def test_a_rewritten_chain_is_shown_by_the_anchor_alone(cases, anchors, hr, clock):
    call_command("anchor_history")
    advance(cases[:1], Errand.accept, actor=hr, clock=clock)
    assert verify()[0] == 0  # what came after an anchor does not break it
    rewrite(cases[1])
    code, report = verify()
    assert (code, report["broken"], len(report["rewritten"])) == (1, [], 1)
    with pytest.raises(CommandError, match="was rewritten"):
        call_command("anchor_history")
    assert len(anchors.read_text().splitlines()) == 1


def test_the_file_of_anchors_is_chained_too(cases, anchors):
    for _ in range(3):
        call_command("anchor_history")
    first, _, third = anchors.read_text().splitlines(keepends=True)
    anchors.write_text(first + third)
    code, report = verify()
    assert code == 1
    assert "line 2 does not follow" in report["rewritten"][0]


def test_every_anchor_can_be_compared(cases, anchors, capsys):
    for _ in range(3):
        call_command("anchor_history")
    call_command("verify_history", "--all")
    assert "3 个" in capsys.readouterr().out
    assert len(verification.read_anchors(anchors)) == 3
