"""The SQL of the two writers; what they only add goes by COPY (`rows.copy`).

Plain statements in a row: one statement with seven CTEs took longer to plan than a single case takes to move.
"""

OPEN_DOOR = "SELECT set_config('workflows.door', 'open', true)"
SHUT_DOOR = "SELECT set_config('workflows.door', '', true)"

REPEATED = """
SELECT case_id, step, actor_id, note, inputs FROM workflows_transitionrecord
WHERE case_id = ANY(%(ids)s::uuid[]) AND request_key = %(request_key)s
"""

# ON CONFLICT and not COPY: of two openers the second waits, and learns that it came second. Any constraint counts:
# the key may be taken, or the slot.
BEAR = """
INSERT INTO workflows_case (id, kind, kind_version, key, slot, title, state, version, head, officer_id, unit_id,
                            unit_path, line_path, opened_at, state_since)
SELECT n.id, %(kind)s, %(kind_version)s, n.key, n.slot, n.title, %(initial)s, 1, decode(n.head, 'hex'),
       n.officer_id, n.unit_id, n.unit_path, n.line_path, %(at)s, %(at)s
FROM unnest(%(ids)s::uuid[], %(keys)s::text[], %(slots)s::text[], %(titles)s::text[], %(heads)s::text[],
            %(officers)s::bigint[], %(units)s::bigint[], %(unit_paths)s::text[], %(line_paths)s::text[])
     AS n(id, key, slot, title, head, officer_id, unit_id, unit_path, line_path)
ON CONFLICT DO NOTHING
RETURNING id
"""

MOVE = """
UPDATE workflows_case c
SET state = m.state, version = c.version + 1, head = decode(m.head, 'hex'), outcome = s.outcome,
    state_since = CASE WHEN c.state = m.state THEN c.state_since ELSE %(at)s::timestamptz END,
    closed_at = CASE WHEN s.outcome <> '' THEN coalesce(c.closed_at, %(at)s::timestamptz) END
FROM unnest(%(ids)s::uuid[], %(targets)s::text[], %(heads)s::text[]) AS m(id, state, head)
JOIN unnest(%(states)s::text[], %(outcomes)s::text[]) AS s(state, outcome) USING (state)
WHERE c.id = m.id
"""

SETTLE = """
UPDATE workflows_workitem SET closed_at = %(at)s, closed_by_id = %(actor)s
WHERE case_id = ANY(%(ids)s::uuid[]) AND closed_at IS NULL
"""

# A reason is known by its source: brought again, it is left out.
ADD_REASONS = """
INSERT INTO workflows_casereason (case_id, source, code, title_zh, title_en, words_zh, words_en, basis, evidence,
                                  added_at)
SELECT r.*, %(at)s
FROM unnest(%(cases)s::uuid[], %(source)s::text[], %(code)s::text[], %(title_zh)s::text[], %(title_en)s::text[],
            %(words_zh)s::text[], %(words_en)s::text[], %(basis)s::text[], %(evidence)s::jsonb[]) AS r
ON CONFLICT (source) DO NOTHING
"""
