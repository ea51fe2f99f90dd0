"""What must hold between cases, their history, their work and their messages. Read-only, a few statements in all."""

from collections.abc import Iterator
from typing import Any

from workflows import clock_invariants, kinds
from workflows.rows import found
from workflows.verification import broken_chains, rewritten

STATES = """
SELECT c.id, c.state, c.version, r.target, r.number, r.records
FROM workflows_case c
LEFT JOIN LATERAL (
    SELECT max(number) AS number, count(*) AS records, (array_agg(target ORDER BY number DESC))[1] AS target
    FROM workflows_transitionrecord WHERE case_id = c.id
) r ON true
WHERE (c.state, c.version, c.version) IS DISTINCT FROM (r.target, r.number, r.records)
"""
CLOSED_WITH_WORK = """
SELECT DISTINCT c.id FROM workflows_case c JOIN workflows_workitem i ON i.case_id = c.id
WHERE c.closed_at IS NOT NULL AND i.closed_at IS NULL
"""
WAITING_WITHOUT_WORK = """
SELECT c.id, c.state FROM workflows_case c
JOIN unnest(%(kinds)s::text[], %(states)s::text[]) AS w(kind, state) ON w.kind = c.kind AND w.state = c.state
LEFT JOIN workflows_workitem i ON i.case_id = c.id AND i.closed_at IS NULL AND i.duty = c.state
WHERE c.closed_at IS NULL
GROUP BY c.id, c.state HAVING count(i.id) <> 1
"""
# A dispatch subscribes to a state; a history row that keeps the state enters none.
MESSAGES = """
WITH due AS (
    SELECT r.case_id, r.number, d.topic, d.n
    FROM workflows_transitionrecord r JOIN workflows_case c ON c.id = r.case_id
    JOIN unnest(%(kinds)s::text[], %(states)s::text[], %(topics)s::text[], %(counts)s::int[])
        AS d(kind, state, topic, n) ON d.kind = c.kind AND d.state = r.target
    WHERE r.source <> r.target
), told AS (
    SELECT case_id, number, topic, count(*) AS n FROM workflows_outboxmessage WHERE cause = 'step'
    GROUP BY case_id, number, topic
)
SELECT case_id, number, topic, coalesce(due.n, 0), coalesce(told.n, 0)
FROM due FULL JOIN told USING (case_id, number, topic)
WHERE coalesce(due.n, 0) <> coalesce(told.n, 0)
"""


def breaches() -> Iterator[str]:
    """What does not hold, one sentence each."""
    for case, state, version, target, number, records in found(STATES):
        yield f"case {case}: state {state}, version {version}; history: {target}, {number}, {records} rows"
    for case in broken_chains():
        yield f"case {case}: the chain of its history is broken"
    if words := rewritten():
        yield f"the heads of the history do not match the anchors: {words}"
    for (case,) in found(CLOSED_WITH_WORK):
        yield f"case {case}: closed, with open work"
    waiting = [(kind.name, str(state)) for kind in kinds.registered() for state in kind.duties]
    for case, state in found(WAITING_WITHOUT_WORK, _columns(waiting, ("kinds", "states"))):
        yield f"case {case}: waiting in {state} without exactly one open work item"
    for case, number, topic, due, told in found(MESSAGES, _columns(_subscriptions(), SUBSCRIPTION)):
        yield f"case {case}: history row {number} has {told} messages on {topic} for {due} subscriptions"
    yield from clock_invariants.breaches()


SUBSCRIPTION = ("kinds", "states", "topics", "counts")


def _subscriptions() -> list[tuple[str, str, str, int]]:
    return [
        (kind.name, str(state), topic, sum(dispatch.topic == topic for dispatch in dispatches))
        for kind in kinds.registered()
        for state, dispatches in kind.dispatches.items()
        for topic in sorted({dispatch.topic for dispatch in dispatches})
    ]


def _columns(rows: list[Any], names: tuple[str, ...]) -> dict[str, list[Any]]:
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    return dict(zip(names, columns, strict=True))
