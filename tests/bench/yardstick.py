"""Opening and moving training cases in set-based SQL: rows, keys, triggers and hash chain as the product has them.

One transaction over all cases, each table written once. What the product looks up per call (the nearest desk) is looked
up here too; what it counts once per call (dates, the digest of what the call says) comes in as a value.
"""

from typing import Any

from django.db import connection, transaction

from people.roles import Role
from training.kind import KIND
from training.models import TrainingCase
from workflows import statements
from workflows.calendars import Clock
from workflows.history import Act
from workflows.kinds import Duty
from workflows.work_items import dated

# The cases that both sides are to open. `id` is ordered by time, as the product's own keys are.
WANTED = """
DROP TABLE IF EXISTS bench_wanted;
CREATE TABLE bench_wanted AS
SELECT '2025:P04:' || o.badge AS key, 'officer:' || o.id AS slot, o.id AS officer_id, u.path AS unit_path,
       CASE WHEN p.is_leader THEN above.path ELSE u.path END AS line_path, '信息采集率' AS focus,
       %(words_zh)s::text AS words_zh, %(words_en)s::text AS words_en, %(evidence)s::jsonb AS evidence
FROM people_officer o JOIN people_unit u ON u.id = o.unit_id JOIN people_unit above ON above.id = u.parent_id
JOIN people_posting p ON p.officer_id = o.id AND p.to_day IS NULL
ORDER BY o.id LIMIT %(cases)s;
ANALYZE bench_wanted;
"""
BORN = """
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT n.*, 1 AS number, sha256(decode(repeat('00', 32), 'hex') || %(digest)s || uuid_send(n.id) || int4send(1)
                                || convert_to('>flagged', 'UTF8')) AS head
FROM (SELECT uuidv7() AS id, w.* FROM bench_wanted w) n;

INSERT INTO workflows_case (id, kind, kind_version, key, slot, title, state, version, head, officer_id, unit_path,
                            line_path, opened_at, state_since)
SELECT id, 'training', 1, key, slot, '能力提升班', 'flagged', 1, head, officer_id, unit_path, line_path, %(at)s, %(at)s
FROM moved ON CONFLICT DO NOTHING;

INSERT INTO training_trainingcase (case_ptr_id, held_from, holds, form, focus, stage, cause, cause_note, terms,
    manager_signed, officer_signed, paused_reason, retrained, result, closing_reason)
SELECT id, '', 0, 'class', focus, 1, '', '', '[]', false, false, '', false, '', '' FROM moved;
"""
REASONS = """
INSERT INTO workflows_casereason (case_id, source, code, title_zh, title_en, words_zh, words_en, basis, evidence,
                                  added_at)
SELECT id, key, 'P04', %(title_zh)s, %(title_en)s, words_zh, words_en, %(basis)s, evidence, %(at)s
FROM moved;
"""
MOVED = """
CREATE TEMP TABLE moved ON COMMIT DROP AS
SELECT c.id, c.unit_path, c.line_path, c.version + 1 AS number,
       sha256(c.head || %(digest)s || uuid_send(c.id) || int4send(c.version + 1)
              || convert_to('flagged>under_review', 'UTF8')) AS head
FROM workflows_case c JOIN training_trainingcase t ON t.case_ptr_id = c.id
WHERE c.id = ANY(%(ids)s::uuid[]) AND c.state = 'flagged' AND c.officer_id IS DISTINCT FROM %(officer)s
ORDER BY c.id FOR NO KEY UPDATE OF c;

UPDATE workflows_case c SET state = 'under_review', version = m.number, head = m.head, state_since = %(at)s,
                            closed_at = NULL, outcome = ''
FROM moved m WHERE m.id = c.id;

UPDATE workflows_workitem i SET closed_at = %(at)s, closed_by_id = %(actor)s
FROM moved m WHERE i.case_id = m.id AND i.closed_at IS NULL;
"""
# The nearest desk: the deepest path at or above the unit's where somebody holds the role; else the root's.
DESKS = """
CREATE TEMP TABLE desk ON COMMIT DROP AS
SELECT DISTINCT ON (p.path) p.path, coalesce(g.path, '/' || split_part(p.path, '/', 2) || '/') AS desk
FROM (SELECT DISTINCT {path} AS path FROM moved) p
CROSS JOIN LATERAL generate_series(2, array_length(string_to_array(p.path, '/'), 1) - 1) depth
LEFT JOIN (SELECT DISTINCT g.path FROM people_rolegrant g JOIN people_account a ON a.id = g.account_id AND a.is_active
           WHERE g.role = %(role)s AND g.from_day <= %(day)s AND (g.to_day IS NULL OR g.to_day >= %(day)s)
             AND (g.ended_at IS NULL OR g.ended_at::date > %(day)s)) g
       ON g.path = array_to_string((string_to_array(p.path, '/'))[:depth], '/') || '/'
ORDER BY p.path, length(g.path) DESC NULLS LAST;
"""
ENTRIES = """
INSERT INTO workflows_transitionrecord (case_id, number, step, source, target, actor_id, note, inputs, at, hash)
SELECT id, number, %(step)s, %(source)s, %(target)s, %(actor)s, '', '{{}}', %(at)s, head FROM moved;

INSERT INTO workflows_workitem (case_id, kind, duty, opened_at, counted_from, role, desk, remind_at, due_at, rule,
                                provisional, wake_at, calendar_id)
SELECT m.id, 'training', %(target)s, %(at)s, %(day)s, %(role)s, d.desk, %(remind_at)s, %(due_at)s, %(rule)s,
       %(provisional)s, %(wake_at)s, %(version)s
FROM moved m JOIN desk d ON d.path = m.{path};

INSERT INTO workflows_outboxmessage (case_id, number, topic, role, desk, written_at, available_at)
SELECT m.id, m.number, %(topic)s, %(role)s, d.desk, %(at)s, %(at)s FROM moved m JOIN desk d ON d.path = m.{path};
"""
ENTERED_BY_UNIT = (DESKS + ENTRIES).format(path="unit_path")
ENTERED_BY_LINE = (DESKS + ENTRIES).format(path="line_path")


def open_cases(act: Act, clock: Clock, *, reason: dict[str, str] | None = None) -> None:
    """Open all that is wanted; with the words of a reason, each case with its reason."""
    said = _said(act, clock, source="", target="flagged", role=Role.HR, topic="training.flagged")
    _send(BORN + ENTERED_BY_UNIT + (REASONS if reason else ""), said | (reason or {}))


def review(act: Act, clock: Clock, *, ids: str, officer: int | None) -> None:
    """Hand the cases over to the line managers, as `TrainingCase.review` does. `ids` is an array literal."""
    topic = "training.review"
    said = _said(act, clock, source="flagged", target="under_review", role=Role.UNIT_HEAD, topic=topic)
    _send(MOVED + ENTERED_BY_LINE, said | {"ids": ids, "officer": officer})


def _said(act: Act, clock: Clock, *, source: str, target: str, role: str, topic: str) -> dict[str, Any]:
    duty: Duty = KIND.duties[TrainingCase.State(target)]
    return {
        "digest": act.digest,
        "step": act.step,
        "actor": act.actor_id,
        "at": act.at,
        "day": clock.day,
        "source": source,
        "target": target,
        "role": str(role),
        "topic": topic,
        "version": clock.calendar.version or None,
        **dated(clock, duty.due, duty.remind)._asdict(),
    }


@transaction.atomic
def _send(text: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements.OPEN_DOOR)
        cursor.execute(text, values)
        cursor.execute(statements.SHUT_DOOR)
