"""What the database refuses, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from people.models import Account
from tests.errand.models import Errand
from workflows.actions import advance
from workflows.models import Case, CaseReason, ItemChange, TransitionRecord, WorkItem

pytestmark = pytest.mark.django_db
NOW = "2026-01-01T00:00Z"


def raw(sql):
    def write():
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return write


@pytest.mark.parametrize(
    "write",
    [
        lambda: Case.objects.update(state="done"),
        lambda: Case.objects.update(version=9),
        lambda: Case.objects.update(head=b""),
        lambda: Case.objects.update(outcome="done"),
        lambda: Case.objects.update(closed_at=NOW),
        lambda: Errand.objects.filter(place="").update(state="done"),
        lambda: Case.objects.create(kind="errand", kind_version=1, key="y", version=1, head=b"", opened_at=NOW),
        lambda: Case.objects.all()._raw_delete("default"),
        lambda: TransitionRecord.objects.update(note="x"),
        lambda: TransitionRecord.objects.all()._raw_delete("default"),
        lambda: TransitionRecord.objects.create(case=Case.objects.get(), number=9, actor_id=1, at=NOW, hash=b""),
        lambda: CaseReason.objects.update(words_zh="x"),
        lambda: ItemChange.objects.all()._raw_delete("default"),
        raw("INSERT INTO workflows_case (id, kind, key) VALUES (gen_random_uuid(), 'errand', 'z')"),
        raw("DELETE FROM workflows_case"),
    ],
)  # fmt: skip
def test_every_other_writer_is_refused(make, hr, clock, write):
    advance(make(), Errand.accept, actor=hr, clock=clock)  # the door is shut again behind it
    with pytest.raises(DatabaseError, match="not allowed"), transaction.atomic():
        write()


@pytest.mark.parametrize("table", ["transitionrecord", "case", "casereason", "itemchange"])
def test_nothing_is_truncated_outside_a_test_database(make, table):
    make()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL workflows.truncate = ''")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="not allowed"), transaction.atomic():
        raw(f"TRUNCATE workflows_{table} CASCADE")()


def test_a_state_cannot_be_set_on_an_instance(make):
    make()
    with pytest.raises(AttributeError):
        Errand.objects.get().state = "done"


def test_an_account_of_the_history_cannot_be_deleted(make, hr, stranger):
    make()
    for account in (hr, stranger):
        account.role_grants.all().delete()
    with pytest.raises(DatabaseError, match="stands in the history"), transaction.atomic():
        Account.objects.filter(pk=hr.pk)._raw_delete("default")
    assert Account.objects.filter(pk=stranger.pk)._raw_delete("default") == 1


def test_what_is_not_guarded_can_be_written(make):
    make()
    assert Case.objects.update(unit_path="/B00/", line_path="/B00/") == 1
    assert WorkItem.objects.update(desk="/B00/") == 1
