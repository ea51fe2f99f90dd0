"""Each guard taken out of the product turns the test red that stands for it: the tests look where they say they do."""

from contextlib import contextmanager
from functools import partial

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.faults import test_interleavings as interleavings
from tests.workflows import test_outbox as deliveries
from tests.workflows import test_races as races
from tests.workflows.test_outbox import planned  # noqa: F401 - of a guarding test
from workflows import actions, rows, statements

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

DEFINITION = "SELECT indexdef FROM pg_indexes WHERE indexname = %s"
OF_CONSTRAINT = """
SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'u' AND pg_get_constraintdef(oid) = %s
"""


@contextmanager
def without(word):
    """Every statement of every connection without a word of it."""
    make = BaseDatabaseWrapper.ensure_connection

    def leave_out(execute, sql, params, many, context):
        return execute(str(sql).replace(word, ""), params, many, context)

    def ensure(wrapper):
        if leave_out not in wrapper.execute_wrappers:
            wrapper.execute_wrappers.append(leave_out)
        make(wrapper)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseDatabaseWrapper, "ensure_connection", ensure)
        try:
            yield
        finally:
            connection.execute_wrappers.remove(leave_out)


@contextmanager
def without_version_check():
    order = actions.StepOrder
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(actions, "StepOrder", lambda **said: order(**said | {"seen": {}}))
        yield


@contextmanager
def without_reading_again():
    """What was read before the lock is taken for what is there after it."""
    lock, lock_of = rows.lock, rows._lock_of

    def stale(model, ids):
        names, statement = lock_of(model)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(rows, "_lock_of", lambda _: (names, statement.partition(" FOR NO KEY")[0]))
            read = lock(model, ids)
        lock(model, ids)
        return read

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rows, "lock", stale)
        yield


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def without_index(name):
    [(definition,)] = run(DEFINITION, name)
    run(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        call_command("flush", "--no-input", verbosity=0)  # the doubles that were let in
        run(definition)


@contextmanager
def without_key(table, columns):
    [(name, table, definition)] = run(OF_CONSTRAINT, table, f"UNIQUE ({columns})")
    run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    try:
        yield
    finally:
        call_command("flush", "--no-input", verbosity=0)
        run(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


@pytest.fixture
def scene(request):
    """The fixtures that a test function asks for, so that it can be called within a test."""

    def scene(function):
        code = function.__code__
        return {name: request.getfixturevalue(name) for name in code.co_varnames[: code.co_argcount]}

    return scene


TWICE = """
INSERT INTO workflows_transitionrecord (case_id, number, step, source, target, actor_id, note, inputs, at, hash)
SELECT case_id, number, step, source, target, actor_id, note, inputs, at, hash FROM workflows_transitionrecord
"""


def test_a_history_row_cannot_be_written_twice(make):
    make()
    with transaction.atomic():
        run(statements.OPEN_DOOR)
        with pytest.raises(IntegrityError), transaction.atomic():
            run(TWICE)


MUTATIONS = {
    "the version check": (without_version_check, interleavings.test_of_two_who_take_the_same_step_one_wins),
    "the lock": (
        partial(without, 'FOR NO KEY UPDATE OF "workflows_case"'),
        interleavings.test_of_two_who_take_different_steps_one_wins,
    ),
    "reading again after the lock": (
        without_reading_again,
        interleavings.test_of_two_who_take_different_steps_one_wins,
    ),
    "SKIP LOCKED of the relay": (
        partial(without, "SKIP LOCKED"),
        interleavings.test_a_relay_leaves_what_another_is_just_claiming_and_does_not_wait,
    ),
    "SKIP LOCKED of the sweep": (
        partial(without, "SKIP LOCKED"),
        interleavings.test_two_sweeps_take_each_expiry_once_and_neither_waits,
    ),
    "the fence of a claim": (partial(without, " AND claim = %(claim)s"), deliveries.test_a_lost_claim_marks_nothing),
    "the key of a case": (
        partial(without_key, "workflows_case", "kind, key"),
        interleavings.test_of_two_who_open_the_same_case_one_opens_it,
    ),
    "the slot of a case": (
        partial(without_index, "case_one_in_slot"),
        races.test_of_eight_who_open_the_same_cases_each_case_opens_once,
    ),
    "the number of a record": (
        partial(without_key, "workflows_transitionrecord", "case_id, number"),
        test_a_history_row_cannot_be_written_twice,
    ),
    "one entry per message": (
        partial(without_key, "workflows_inboxentry", "message_id"),
        deliveries.test_what_was_sent_is_not_sent_again,
    ),
}


@pytest.mark.parametrize("guard", MUTATIONS)
def test_without_its_guard_a_test_is_red(guard, scene):
    mutation, guarding = MUTATIONS[guard]
    given = scene(guarding)
    with mutation(), pytest.raises((AssertionError, pytest.fail.Exception)):
        guarding(**given)
