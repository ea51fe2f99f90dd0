"""How each file becomes rows. Master data is added or brought up to date by its code; results and facts are only added.

A result or fact that is there already in every word is not added again, so that the same folder loaded twice changes
nothing. Rows are added in the order of the file: of two recorded on one day the later line must have the higher id.
"""

from appraisal.loading.saving import Merge

UNITS = Merge(
    name="units",
    columns=("code text", "name text", "parent text", "kind text", "peer_group text", "path text"),
    statements=(
        (
            "changed",
            """UPDATE people_unit u SET name = s.name, kind = s.kind, peer_group = coalesce(s.peer_group, '')
            FROM stage s WHERE u.code = s.code
            AND (u.name, u.kind, u.peer_group) IS DISTINCT FROM (s.name, s.kind, coalesce(s.peer_group, ''))""",
        ),
        (
            "added",
            """INSERT INTO people_unit (code, name, kind, peer_group, path)
            SELECT code, name, kind, coalesce(peer_group, ''), path FROM stage s
            WHERE NOT EXISTS (SELECT FROM people_unit u WHERE u.code = s.code) ORDER BY path""",
        ),
        (
            "",
            """UPDATE people_unit u SET parent_id = p.id FROM stage s JOIN people_unit p ON p.code = s.parent
            WHERE u.code = s.code AND u.parent_id IS NULL""",
        ),
    ),
)

OFFICERS = Merge(
    name="officers",
    columns=(
        "badge text", "name text", "sex text", "born_on date", "joined_on date", "unit text", "post_type text",
        "rank text", "employment text", "email text",
    ),
    statements=(
        (
            "changed",
            """UPDATE people_officer o SET name = s.name, sex = s.sex, born_on = s.born_on, joined_on = s.joined_on,
            unit_id = u.id, post_type = s.post_type, rank = coalesce(s.rank, ''), employment = s.employment,
            email = coalesce(s.email, '')
            FROM stage s JOIN people_unit u ON u.code = s.unit WHERE o.badge = s.badge
            AND (o.name, o.sex, o.born_on, o.joined_on, o.unit_id, o.post_type, o.rank, o.employment, o.email)
            IS DISTINCT FROM (s.name, s.sex, s.born_on, s.joined_on, u.id, s.post_type, coalesce(s.rank, ''),
            s.employment, coalesce(s.email, ''))""",
        ),
        (
            "added",
            """INSERT INTO people_officer
            (badge, name, sex, born_on, joined_on, unit_id, post_type, rank, employment, email)
            SELECT s.badge, s.name, s.sex, s.born_on, s.joined_on, u.id, s.post_type, coalesce(s.rank, ''),
            s.employment, coalesce(s.email, '')
            FROM stage s JOIN people_unit u ON u.code = s.unit
            WHERE NOT EXISTS (SELECT FROM people_officer o WHERE o.badge = s.badge) ORDER BY s.badge""",
        ),
    ),
)  # fmt: skip

# An ended stay makes room for the next one: the exclusion constraint is checked row by row, so changes go first.
POSTINGS = Merge(
    name="postings",
    columns=("badge text", "unit text", "post_type text", "is_leader bool", "from_day date", "to_day date"),
    statements=(
        (
            "changed",
            """UPDATE people_posting p SET unit_id = u.id, post_type = s.post_type, is_leader = s.is_leader,
            to_day = s.to_day
            FROM stage s JOIN people_officer o ON o.badge = s.badge JOIN people_unit u ON u.code = s.unit
            WHERE p.officer_id = o.id AND p.from_day = s.from_day
            AND (p.unit_id, p.post_type, p.is_leader, p.to_day)
            IS DISTINCT FROM (u.id, s.post_type, s.is_leader, s.to_day)""",
        ),
        (
            "added",
            """INSERT INTO people_posting (officer_id, unit_id, post_type, is_leader, from_day, to_day)
            SELECT o.id, u.id, s.post_type, s.is_leader, s.from_day, s.to_day
            FROM stage s JOIN people_officer o ON o.badge = s.badge JOIN people_unit u ON u.code = s.unit
            WHERE NOT EXISTS (SELECT FROM people_posting p WHERE p.officer_id = o.id AND p.from_day = s.from_day)
            ORDER BY s.badge, s.from_day""",
        ),
    ),
)

CYCLES = Merge(
    name="cycles",
    columns=("code text", "kind text", "starts_on date", "ends_on date"),
    statements=(
        # An ended cycle comes with its results as they were settled; one that still runs is collecting.
        (
            "added",
            """WITH new AS (
                INSERT INTO appraisal_cycle (code, kind, starts_on, ends_on, state)
                SELECT code, kind, starts_on, ends_on,
                CASE WHEN ends_on < %(today)s THEN 'final' ELSE 'collecting' END
                FROM stage s WHERE NOT EXISTS (SELECT FROM appraisal_cycle c WHERE c.code = s.code)
                ORDER BY ends_on, code RETURNING id, state
            )
            INSERT INTO appraisal_cyclerecord (cycle_id, step, source, target, actor_id, note, figures, at)
            SELECT id, 'load', '', state, %(loader)s, '', '{}', %(at)s FROM new""",
        ),
    ),
)

SCHEMES = Merge(
    name="schemes",
    columns=("applies_to text", "indicator text", "weight numeric(5, 2)", "position int"),
    statements=(
        (
            "changed",
            """UPDATE appraisal_schemeweight w SET weight = s.weight, position = s.position
            FROM stage s WHERE w.applies_to = s.applies_to AND w.indicator = s.indicator
            AND (w.weight, w.position) IS DISTINCT FROM (s.weight, s.position)""",
        ),
        (
            "added",
            """INSERT INTO appraisal_schemeweight (applies_to, indicator, weight, position)
            SELECT applies_to, indicator, weight, position FROM stage s
            WHERE NOT EXISTS (SELECT FROM appraisal_schemeweight w
                WHERE w.applies_to = s.applies_to AND w.indicator = s.indicator)
            ORDER BY applies_to, position""",
        ),
    ),
)

RESULTS = Merge(
    name="results",
    columns=(
        "number int", "cycle text", "subject text", "status text", "score float8", "grade text", "recorded_on date",
        "indicators jsonb",
    ),
    statements=tuple(
        (
            "added",
            f"""INSERT INTO appraisal_result
            (cycle_id, {subject}_id, status, score, grade, indicators, recorded_on, reason, recorded_by_id, at)
            SELECT c.id, x.id, s.status, s.score, coalesce(s.grade, ''), s.indicators, s.recorded_on, '',
            %(loader)s, %(at)s
            FROM stage s JOIN appraisal_cycle c ON c.code = s.cycle JOIN {table} x ON x.{code} = s.subject
            WHERE NOT EXISTS (
                SELECT FROM appraisal_result r WHERE r.cycle_id = c.id AND r.{subject}_id = x.id
                AND r.recorded_on = s.recorded_on AND r.status = s.status AND r.grade = coalesce(s.grade, '')
                AND r.score IS NOT DISTINCT FROM s.score AND r.indicators = s.indicators)
            ORDER BY s.number""",  # noqa: S608 (three words of ours)
        )
        for subject, table, code in (("officer", "people_officer", "badge"), ("unit", "people_unit", "code"))
    ),
)  # fmt: skip

FACTS = Merge(
    name="facts",
    columns=(
        "number int", "subject text", "kind text", "level text", "from_day date", "to_day date", "amount float8",
        "recorded_on date", "note text",
    ),
    statements=tuple(
        (
            "added",
            f"""INSERT INTO appraisal_fact
            ({subject}_id, kind, level, from_day, to_day, amount, recorded_on, withdrawn, note, source,
            recorded_by_id, at)
            SELECT x.id, s.kind, coalesce(s.level, ''), s.from_day, s.to_day, s.amount, s.recorded_on, false,
            coalesce(s.note, ''), '', %(loader)s, %(at)s
            FROM stage s JOIN {table} x ON x.{code} = s.subject
            WHERE NOT EXISTS (
                SELECT FROM appraisal_fact f WHERE f.{subject}_id = x.id AND f.kind = s.kind
                AND f.level = coalesce(s.level, '') AND f.from_day = s.from_day
                AND f.to_day IS NOT DISTINCT FROM s.to_day AND f.amount IS NOT DISTINCT FROM s.amount
                AND f.recorded_on = s.recorded_on AND NOT f.withdrawn AND f.note = coalesce(s.note, ''))
            ORDER BY s.number""",  # noqa: S608 (three words of ours)
        )
        for subject, table, code in (("officer", "people_officer", "badge"), ("unit", "people_unit", "code"))
    ),
)  # fmt: skip

WORKLOAD = Merge(
    name="workload",
    columns=("badge text", "cycle text", "calls int", "cases int", "duty_hours int", "leave_days int"),
    statements=(
        (
            "changed",
            """UPDATE appraisal_workload w
            SET calls = s.calls, cases = s.cases, duty_hours = s.duty_hours, leave_days = s.leave_days
            FROM stage s JOIN people_officer o ON o.badge = s.badge WHERE w.officer_id = o.id AND w.month = s.cycle
            AND (w.calls, w.cases, w.duty_hours, w.leave_days)
            IS DISTINCT FROM (s.calls, s.cases, s.duty_hours, s.leave_days)""",
        ),
        (
            "added",
            """INSERT INTO appraisal_workload (officer_id, month, calls, cases, duty_hours, leave_days)
            SELECT o.id, s.cycle, s.calls, s.cases, s.duty_hours, s.leave_days
            FROM stage s JOIN people_officer o ON o.badge = s.badge
            WHERE NOT EXISTS (SELECT FROM appraisal_workload w WHERE w.officer_id = o.id AND w.month = s.cycle)""",
        ),
    ),
)

STAFFING = Merge(
    name="staffing",
    columns=("unit text", "cycle text", "establishment int", "present int"),
    statements=(
        (
            "changed",
            """UPDATE appraisal_staffing w SET establishment = s.establishment, present = s.present
            FROM stage s JOIN people_unit u ON u.code = s.unit WHERE w.unit_id = u.id AND w.month = s.cycle
            AND (w.establishment, w.present) IS DISTINCT FROM (s.establishment, s.present)""",
        ),
        (
            "added",
            """INSERT INTO appraisal_staffing (unit_id, month, establishment, present)
            SELECT u.id, s.cycle, s.establishment, s.present FROM stage s JOIN people_unit u ON u.code = s.unit
            WHERE NOT EXISTS (SELECT FROM appraisal_staffing w WHERE w.unit_id = u.id AND w.month = s.cycle)""",
        ),
    ),
)
