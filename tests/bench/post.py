"""The post with one real worker process: messages per second, and how soon after a step its message is in an inbox."""

import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from config.programs import all_programs
from tests.bench import alone, cases
from tests.bench.bureau import sql
from tests.bench.figures import Reading

GOAL = "2 s"
LOOK_SECONDS = 0.005  # how exactly it is known when an entry is there
PAUSE_SECONDS = 0.2  # between two steps, up to so long
GIVEN_UP = 300
# A claimed message is due when its lease ends: only those of tomorrow are not waited for.
WAITING = (
    "SELECT count(*) FROM workflows_outboxmessage WHERE sent_at IS NULL AND available_at < now() + interval '1 hour'"
)
ALL_ARE_DUE = "UPDATE workflows_outboxmessage SET available_at = now() WHERE sent_at IS NULL"
FIRST_IS_DUE = """
UPDATE workflows_outboxmessage SET available_at = now() WHERE id = (SELECT min(id) FROM workflows_outboxmessage)
"""
NEW_ENTRIES = "SELECT id, case_id FROM workflows_inboxentry WHERE id > %s ORDER BY id"


def figures(messages: int, steps: int, desk: cases.Desk) -> Iterator[Reading]:
    cases.want(messages)
    ids: list[UUID] = []
    cases.refill(ids, desk)
    sql("UPDATE workflows_outboxmessage SET available_at = now() + interval '1 day'")
    with working():
        rate = _delivering(messages)
        name = f"messages delivered by one worker process, of {messages:,}"
        yield Reading(name=name, amount=rate, unit="per second")
        taken = alone.p95(_from_step_to_inbox(ids[:steps], desk))
        yield Reading(name="from a step to its message in an inbox, p95", amount=taken, unit="s", goal=GOAL)
    cases.clear()


@contextmanager
def working() -> Iterator[None]:
    """The product's own worker, with one process, and its beat."""
    home = Path(settings.HOME)
    programs = {program.name: program for program in all_programs(address="", home=home)}
    worker = [*map(str, programs["worker"].argv)]
    worker[worker.index("--concurrency") + 1] = "1"
    with ExitStack() as stack:
        log = stack.enter_context((home / "worker.log").open("w"))
        for argv in (worker, [*map(str, programs["beat"].argv)]):
            environment = os.environ | {**programs["worker"].environment}
            running = subprocess.Popen(argv, env=environment, stdout=log, stderr=log)
            stack.callback(running.wait)
            stack.callback(running.terminate)
        yield


def _delivering(messages: int) -> float:
    """Messages in a second, from the first batch that is seen marked to the last: the beat's own wait is not work."""
    sql(FIRST_IS_DUE)
    _wait_until(0)  # the worker is there
    sql(ALL_ARE_DUE)
    begun, left = time.perf_counter(), messages - 1
    first = _wait_until(left - 1)
    if first:
        begun, left = time.perf_counter(), first
    _wait_until(0)
    return left / (time.perf_counter() - begun)


def _wait_until(most: int) -> int:
    """Wait until no more than so many messages are due; how many there are then."""
    end = time.monotonic() + GIVEN_UP
    while (waiting := _waiting()) > most:
        assert time.monotonic() < end, "the worker does not deliver: see worker.log"
        time.sleep(LOOK_SECONDS)
    return waiting


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def _from_step_to_inbox(ids: Sequence[UUID], desk: cases.Desk) -> list[float]:
    """Steps at random moments, so that they meet the beat anywhere in its second."""
    seen: dict[UUID, float] = {}
    watcher = threading.Thread(target=_watch, args=[seen, len(ids)])
    watcher.start()
    taken = {}
    for case in ids:
        desk.review([case])
        taken[case] = time.perf_counter()
        time.sleep(random.uniform(0, PAUSE_SECONDS))  # noqa: S311 - no secret
    watcher.join()
    assert seen.keys() == taken.keys(), "messages are missing"
    return [seen[case] - at for case, at in taken.items()]


def _watch(seen: dict[UUID, float], wanted: int) -> None:
    """Note when each entry is there, as another session sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM workflows_inboxentry")
        last = cursor.fetchone()[0]
        end = time.monotonic() + GIVEN_UP
        while len(seen) < wanted and time.monotonic() < end:
            cursor.execute(NEW_ENTRIES, [last])
            for last, case in cursor.fetchall():  # noqa: B007 - the last one is where the next look begins
                seen[case] = time.perf_counter()
            time.sleep(LOOK_SECONDS)
    connection.close()
