"""Two beats or ten do the work of one: each turn of a tick is won once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from workflows import slots, tasks
from workflows.models import Slot

HOUR = timedelta(hours=1)
BEATS = 10


@pytest.mark.django_db
def test_a_turn_is_done_once():
    done = []
    assert slots.in_turn("sweep", lambda: done.append(1) or {"n": 1}, length=HOUR)
    assert not slots.in_turn("sweep", lambda: done.append(2) or {"n": 1}, length=HOUR)
    assert done == [1]
    turn = Slot.objects.get()
    assert (turn.name, turn.figures) == ("sweep", {"n": 1})
    assert turn.done_at is not None


@pytest.mark.django_db
def test_each_tick_has_turns_of_its_own():
    assert slots.win("sweep", length=HOUR)
    assert slots.win("deliver", length=HOUR)


@pytest.mark.django_db
def test_the_next_turn_is_won_anew():
    first = slots.win("sweep", length=HOUR)
    Slot.objects.filter(pk=first).update(at=Now() - 2 * HOUR)
    assert slots.win("sweep", length=HOUR)


@pytest.mark.django_db
def test_a_day_begins_at_midnight_in_haizhou():
    slots.win("day", length=slots.DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_char(at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI') FROM workflows_slot")
        assert cursor.fetchone() == ("00:00",)


@pytest.mark.django_db
def test_a_turn_whose_worker_was_killed_is_taken_over_and_a_done_one_is_not():
    long_ago = Now() - timedelta(hours=1)
    killed = slots.win("day", length=slots.DAY)
    assert slots.win("day", length=slots.DAY) is None
    Slot.objects.filter(pk=killed).update(won_at=long_ago)
    assert slots.win("day", length=slots.DAY) == killed
    Slot.objects.filter(pk=killed).update(won_at=long_ago, done_at=Now())
    assert slots.win("day", length=slots.DAY) is None


@pytest.mark.django_db
def test_a_turn_that_failed_says_so_and_is_not_done():
    def fail():
        raise ValueError("not for the table")

    with pytest.raises(ValueError, match="not for"):
        slots.in_turn("sweep", fail, length=HOUR)
    turn = Slot.objects.get()
    assert (turn.error, turn.done_at) == ("ValueError", None)


@pytest.mark.django_db(transaction=True)
def test_of_ten_beats_that_call_at_once_one_does_the_work():
    start, done = threading.Barrier(BEATS), []

    def beat():
        start.wait()
        slots.in_turn("sweep", lambda: done.append(1) or {"n": 1}, length=slots.DAY)
        connection.close()

    beats = [threading.Thread(target=beat) for _ in range(BEATS)]
    for thread in beats:
        thread.start()
    for thread in beats:
        thread.join()
    assert done == [1]


@pytest.mark.django_db
@pytest.mark.parametrize("task", [tasks.turn_the_day, tasks.keep_house], ids=lambda task: task.name)
def test_a_task_that_is_called_twice_works_once(task):
    task()
    task()
    turn = Slot.objects.get()
    assert turn.name == task.name.rpartition(".")[2]
    assert turn.done_at is not None


@pytest.mark.django_db
def test_old_turns_go():
    number = slots.win("sweep", length=HOUR)
    Slot.objects.filter(pk=number).update(at=Now() - slots.KEPT - HOUR)
    slots.win("sweep", length=HOUR)
    assert slots.forget_old() == 1
    assert Slot.objects.count() == 1
