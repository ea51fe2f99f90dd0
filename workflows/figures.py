"""The machinery in numbers, for monitors: what waits, how long, what is late, how long the ticks take."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

Values = Sequence[tuple[Sequence[str], float]]

WAITING = """
SELECT count(*), coalesce(extract(epoch FROM now() - min(available_at)), 0) FROM (
    SELECT available_at FROM workflows_outboxmessage
    WHERE sent_at IS NULL AND dead_at IS NULL AND available_at <= now() ORDER BY available_at LIMIT 100000) AS due
"""
BY_TOPIC = """
SELECT topic, count(*) FROM workflows_outboxmessage WHERE sent_at IS NULL AND dead_at IS NULL GROUP BY topic
"""
DEAD = "SELECT count(*) FROM workflows_outboxmessage WHERE sent_at IS NULL AND dead_at IS NOT NULL"
PARCELS = """
SELECT channel, count(*) FILTER (WHERE dead_at IS NULL AND available_at <= now()),
    count(*) FILTER (WHERE dead_at IS NOT NULL),
    coalesce(extract(epoch FROM now() - min(available_at) FILTER (WHERE dead_at IS NULL AND available_at <= now())), 0)
FROM workflows_parcel WHERE sent_at IS NULL GROUP BY channel
"""
OVERDUE = "SELECT kind, count(*) FROM workflows_workitem WHERE closed_at IS NULL AND due_at < now() GROUP BY kind"
UNSWEPT = """
SELECT coalesce(extract(epoch FROM now() - min(wake_at)), 0) FROM workflows_workitem
WHERE closed_at IS NULL AND wake_at <= now()
"""
JOBS = "SELECT state, count(*) FROM workflows_job WHERE state IN ('queued', 'running') GROUP BY state"
OLDEST_JOB = """
SELECT coalesce(extract(epoch FROM now() - min(queued_at)), 0) FROM workflows_job WHERE state = 'queued'
"""
TICKS = """
SELECT DISTINCT ON (name) name, extract(epoch FROM done_at - won_at), extract(epoch FROM now() - done_at)
FROM workflows_slot WHERE done_at IS NOT NULL AND at > now() - interval '2 days' ORDER BY name, at DESC
"""
CANARY = """
SELECT extract(epoch FROM arrived_at - sent_at), extract(epoch FROM now() - sent_at) FROM workflows_canary
WHERE arrived_at IS NOT NULL ORDER BY sent_at DESC LIMIT 1
"""
# The statistics of the server: counting the history itself would read all of it.
RECORDS = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'workflows_transitionrecord'"


@dataclass(frozen=True, kw_only=True)
class Figure:
    name: str
    words: str
    labels: Sequence[str] = ()
    values: Values = ()


def all_figures() -> list[Figure]:
    return [figure for part in PARTS for figure in part()]


def outbox() -> Iterator[Figure]:
    [(count, oldest)] = rows(WAITING)
    yield one("outbox_due_messages", "Messages that are due and not sent.", count)
    yield one("outbox_oldest_seconds", "Since when the oldest of them is due.", oldest)
    yield labelled("outbox_waiting_messages", "Unsent messages, those not due included.", "topic", BY_TOPIC)
    yield one("outbox_dead_messages", "Messages given up after the last try and waiting for a person.", *rows(DEAD)[0])


def parcels() -> Iterator[Figure]:
    """What leaves by mail, webhook, calendar and folder."""
    found = rows(PARCELS)
    told = (
        ("parcels_due", "Parcels of a channel that are due and not sent."),
        ("parcels_dead", "Parcels given up and waiting for a person."),
        ("parcels_oldest_seconds", "Since when the oldest due parcel waits."),
    )
    for place, (name, words) in enumerate(told, start=1):
        values = [((str(row[0]),), float(row[place])) for row in found]
        yield Figure(name=name, words=words, labels=("channel",), values=values)


def work() -> Iterator[Figure]:
    yield labelled("overdue_work_items", "Open work past its day.", "kind", OVERDUE)
    yield one("sweep_behind_seconds", "Since when the oldest work item waits for the clock.", *rows(UNSWEPT)[0])
    yield one("history_records", "History rows written since the statistics began.", *(rows(RECORDS) or [(0,)])[0])


def jobs() -> Iterator[Figure]:
    yield labelled("jobs", "Long jobs that wait or run.", "state", JOBS)
    yield one("jobs_oldest_queued_seconds", "Since when the oldest waiting job waits.", *rows(OLDEST_JOB)[0])


def ticks() -> Iterator[Figure]:
    found = rows(TICKS)
    took = [((name,), float(seconds)) for name, seconds, _age in found]
    ages = [((name,), float(age)) for name, _seconds, age in found]
    yield Figure(name="tick_seconds", words="How long the last turn of a tick took.", labels=("tick",), values=took)
    yield Figure(name="tick_age_seconds", words="How long ago it ended.", labels=("tick",), values=ages)


def canary() -> Iterator[Figure]:
    for latency, age in rows(CANARY):
        yield one("canary_latency_seconds", "The way of the last canary from tick to receiver.", latency)
        yield one("canary_age_seconds", "How long ago it was sent.", age)


PARTS: Sequence[Callable[[], Iterator[Figure]]] = (outbox, parcels, work, jobs, ticks, canary)


def one(name: str, words: str, value: Any) -> Figure:
    return Figure(name=name, words=words, values=[((), float(value))])


def labelled(name: str, words: str, label: str, statement: str) -> Figure:
    values = [((str(key),), float(count)) for key, count in rows(statement)]
    return Figure(name=name, words=words, labels=(label,), values=values)


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
