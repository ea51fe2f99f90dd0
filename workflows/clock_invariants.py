"""What must hold of the clock: each level is told once, nothing fires early, a pause costs nobody a day. Read-only.

A deadline may have moved since something was told: what counts is the one that was in force at that moment, which the
ledger of changes still says.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from workflows import clock as clocks
from workflows import kinds
from workflows.calendars import Calendar, Deadline, Pause, local_day
from workflows.models import ItemChange
from workflows.rows import found

ONE_DAY = timedelta(days=1)

TOLD_TWICE = """
SELECT item_id, what, level, count(*) FROM workflows_notice GROUP BY item_id, what, level HAVING count(*) > 1
"""
# The item itself says how far it has come; the notices say how it came there.
LEVELS = """
SELECT i.id, i.reminded, i.escalated, coalesce(n.reminded, 0), coalesce(n.escalated, 0)
FROM workflows_workitem i JOIN (
    SELECT item_id, max(level) FILTER (WHERE what = 'reminder') AS reminded,
           max(level) FILTER (WHERE what = 'escalation') AS escalated
    FROM workflows_notice GROUP BY item_id
) n ON n.item_id = i.id
WHERE (i.reminded, i.escalated) <> (coalesce(n.reminded, 0), coalesce(n.escalated, 0))
"""
# A message tells of each level that was said. Messages of before the levels were kept carry none.
SAID = """
WITH said AS (
    SELECT i.case_id, n.what AS cause, n.level::int AS level, n.at, count(*) AS n
    FROM workflows_notice n JOIN workflows_workitem i ON i.id = n.item_id WHERE n.spoken GROUP BY 1, 2, 3, 4
), told AS (
    SELECT case_id, cause, (payload ->> 'level')::int AS level, written_at AS at, count(*) AS n
    FROM workflows_outboxmessage WHERE cause IN ('reminder', 'escalation') AND payload ? 'level' GROUP BY 1, 2, 3, 4
)
SELECT case_id, cause, level, coalesce(told.n, 0), coalesce(said.n, 0)
FROM said FULL JOIN told USING (case_id, cause, level, at) WHERE coalesce(said.n, 0) <> coalesce(told.n, 0)
"""
# What was in force when something was told: the due date, and whether the clock stood still. Of what changed at that
# very moment nobody knows whether it came before or after: the benefit of the doubt.
THEN = """
CROSS JOIN LATERAL (
    SELECT least(coalesce((SELECT due_from FROM workflows_itemchange
                           WHERE item_id = i.id AND at > %(moment)s ORDER BY id LIMIT 1), i.due_at),
                 (SELECT min(due_from) FROM workflows_itemchange WHERE item_id = i.id AND at = %(moment)s)) AS due_at,
           (SELECT why FROM workflows_itemchange
            WHERE item_id = i.id AND at < %(moment)s AND why IN ('paused', 'resumed') ORDER BY id DESC LIMIT 1)
               IS NOT DISTINCT FROM 'paused'
               AND NOT EXISTS (SELECT FROM workflows_itemchange
                               WHERE item_id = i.id AND at = %(moment)s AND why = 'resumed') AS paused,
           EXISTS (SELECT FROM workflows_itemchange WHERE item_id = i.id AND due_from <> due_to) AS moved
) t
"""
# Before the due day on the morning named, on it from nine o'clock on, of a delay only after its last moment.
TOLD_EARLY = f"""
SELECT i.id, n.what, n.level, n.at FROM workflows_notice n JOIN workflows_workitem i ON i.id = n.item_id
{THEN % {"moment": "n.at"}}
WHERE t.paused
   OR CASE WHEN n.what = 'escalation' OR n.level = 3 THEN n.at < t.due_at
           WHEN n.level = 2 THEN n.at < t.due_at - interval '15 hours'
           ELSE NOT t.moved AND n.at < i.remind_at END
"""  # noqa: S608 - words of our own
EXPIRED_EARLY = f"""
SELECT r.case_id, r.step, r.at
FROM unnest(%(kinds)s::text[], %(states)s::text[], %(steps)s::text[]) AS e(kind, state, step)
JOIN workflows_workitem i ON i.kind = e.kind AND i.duty = e.state AND i.closed_at IS NOT NULL
JOIN workflows_transitionrecord r ON r.case_id = i.case_id AND r.at = i.closed_at AND r.step = e.step
JOIN people_account a ON a.id = r.actor_id AND a.is_machine AND a.username = 'clock'
{THEN.replace("%(moment)s", "r.at")}
WHERE t.paused OR r.at <= t.due_at
"""  # noqa: S608
# Of items whose clock goes on again, each pause with its two moments. An item that went to another desk may follow
# another unit's calendar, and one reckoned by an older calendar is counted again at night.
PAUSED = """
SELECT i.id, i.counted_from, i.rule, i.due_at, i.desk, array_agg(c.why ORDER BY c.id), array_agg(c.at ORDER BY c.id)
FROM workflows_workitem i JOIN workflows_itemchange c ON c.item_id = i.id
WHERE i.closed_at IS NULL AND i.paused_at IS NULL AND i.rule <> ''
  AND coalesce(i.calendar_id, %(version)s) = %(version)s
GROUP BY i.id
HAVING bool_or(c.why = 'resumed') AND bool_and(c.desk_from = c.desk_to)
"""


def breaches() -> Iterator[str]:
    """What does not hold, one sentence each."""
    for item, what, level, times in found(TOLD_TWICE):
        yield f"work item {item}: {what} of level {level} was reached {times} times"
    for item, reminded, escalated, *levels in found(LEVELS):
        yield f"work item {item}: levels {reminded} and {escalated}, but its notices say {levels[0]} and {levels[1]}"
    for case, cause, level, told, said in found(SAID):
        yield f"case {case}: {told} messages of {cause} {level} for {said} levels said"
    for item, what, level, at in found(TOLD_EARLY):
        yield f"work item {item}: {what} of level {level} was told too early, at {at}"
    for case, step, at in found(EXPIRED_EARLY, _expiries()):
        yield f"case {case}: the clock took {step} too early, at {at}"
    yield from _time_lost()


def _expiries() -> dict[str, list[str]]:
    taken = [
        (kind.name, str(state), duty.expiry.__name__)
        for kind in kinds.registered()
        for state, duty in kind.duties.items()
        if duty.expiry
    ]
    return {name: [row[n] for row in taken] for n, name in enumerate(("kinds", "states", "steps"))}


def _time_lost() -> Iterator[str]:
    """Days are counted here one by one, in another way than the deadline was reckoned."""
    calendar = clocks.fresh()
    for item, start, rule, due_at, desk, *changes in found(PAUSED, {"version": calendar.version}):
        deadline, last = Deadline.parse(rule), local_day(due_at)
        given = _given(start, deadline, calendar.at(desk))
        left = _counted(start, last, deadline, calendar.at(desk), _pauses(*changes))
        if left != given and not (deadline.rolls and left > given):
            yield f"work item {item}: {left} days outside its pauses, of {rule} from {start}"


def _given(start: date, deadline: Deadline, calendar: Calendar) -> int:
    """The days that the deadline gives: a month has as many as it has from its start."""
    if deadline.unit in ("days", "working_days"):
        return deadline.number
    return (calendar.due(start, Deadline(number=deadline.number, unit=deadline.unit)).day - start).days


def _counted(start: date, last: date, deadline: Deadline, calendar: Calendar, pauses: Sequence[Pause]) -> int:
    days = (start + n * ONE_DAY for n in range(1, (last - start).days + 1))
    return sum(
        (deadline.unit != "working_days" or calendar.is_working(day))
        and not any(pause.stopped < day <= pause.resumed for pause in pauses)
        for day in days
    )


def _pauses(whys: Sequence[str], moments: Sequence[datetime]) -> list[Pause]:
    stopped, found = None, []
    for why, at in zip(whys, moments, strict=True):
        if why == ItemChange.Why.PAUSED:
            stopped = local_day(at)
        elif why == ItemChange.Why.RESUMED and stopped:
            found.append(Pause(stopped, local_day(at)))
            stopped = None
    return found
