"""The daily digest: one letter with the day's messages and what is due soon.

Messages lie in the day's parcel from the moment they are packed (`workflows.packing`). This adds a parcel for those who
were told nothing but have something due; a unique row keeps it to one a day, whenever and however often it runs.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from workflows.packing import MORNING
from workflows.unpacking import SOON

WRITE = """
INSERT INTO workflows_parcel (channel, fold, account_id, digest_day, written_at, available_at)
SELECT 'mail', 'digest:' || a.id || ':' || %(day)s, a.id, %(day)s, %(now)s, %(now)s
FROM workflows_personalchoice c
JOIN people_account a ON a.id = c.account_id AND a.is_active
LEFT JOIN people_officer o ON o.id = a.officer_id
WHERE c.mail = 'digest' AND (a.email <> '' OR coalesce(o.email, '') <> '')
  AND NOT EXISTS (SELECT FROM workflows_parcel p WHERE p.account_id = a.id AND p.digest_day = %(day)s)
  AND (
    EXISTS (SELECT FROM workflows_workitem i WHERE i.officer_id = a.officer_id AND i.closed_at IS NULL
            AND i.paused_at IS NULL AND i.due_at BETWEEN %(now)s AND %(until)s)
    OR EXISTS (SELECT FROM people_rolegrant g JOIN workflows_workitem i ON i.role = g.role AND i.desk = g.path
               AND i.officer_id IS NULL AND i.closed_at IS NULL AND i.paused_at IS NULL
               AND i.due_at BETWEEN %(now)s AND %(until)s
               WHERE g.account_id = a.id AND g.from_day <= %(day)s AND (g.to_day IS NULL OR g.to_day >= %(day)s)
                 AND (g.ended_at IS NULL OR (g.ended_at AT TIME ZONE %(zone)s)::date > %(day)s))
  )
ON CONFLICT DO NOTHING
"""


def write(now: datetime) -> int:
    """From eight o'clock on: a digest for those who have something due and none yet today."""
    local = timezone.localtime(now)
    if local.time() < MORNING:
        return 0
    said: dict[str, Any] = {"day": local.date(), "now": now, "until": now + SOON, "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(WRITE, said)
        return int(cursor.rowcount)
