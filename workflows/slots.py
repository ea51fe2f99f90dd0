"""Each turn of a tick is done once, however many beats call: the first to write the turn's row does the work.

A turn whose worker was killed is taken over after a while; what a tick does is safe to do twice. The database's clock
says which turn it is, so that hosts whose clocks differ agree.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from workflows.models import Slot

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
TAKEN_OVER_AFTER = timedelta(minutes=15)  # longer than a tick's hard time limit
KEPT = timedelta(days=2)

# Turns of a day begin at local midnight, shorter ones at multiples of their length.
START = "date_bin(%(length)s, clock_timestamp(), date_trunc('day', now() AT TIME ZONE %(zone)s) AT TIME ZONE %(zone)s)"
WIN = f"""
INSERT INTO workflows_slot (name, at, won_at) VALUES (%(name)s, {START}, clock_timestamp())
ON CONFLICT (name, at) DO UPDATE SET won_at = clock_timestamp(), error = ''
WHERE workflows_slot.done_at IS NULL AND workflows_slot.won_at < clock_timestamp() - %(patience)s::interval
RETURNING id
"""  # noqa: S608 - put together of our own words


def in_turn(name: str, work: Callable[[], Mapping[str, int]], *, length: timedelta) -> bool:
    """Do the work unless somebody does or did it in this turn. False: it was somebody else's."""
    number = win(name, length=length)
    if number is None:
        return False
    try:
        figures = work()
    except Exception as error:
        Slot.objects.filter(pk=number).update(error=type(error).__name__)
        raise
    Slot.objects.filter(pk=number).update(done_at=Now(), figures=dict(figures))
    if any(figures.values()):
        log.info("a tick was done", extra={"action": "tick_done", "tick": name, "figures": dict(figures)})
    return True


def win(name: str, *, length: timedelta) -> int | None:
    """The key of the turn's row, if it is ours now."""
    values: dict[str, Any] = {"name": name, "length": length, "zone": settings.TIME_ZONE, "patience": TAKEN_OVER_AFTER}
    with connection.cursor() as cursor:
        cursor.execute(WIN, values)
        row = cursor.fetchone()
    return row[0] if row else None


def forget_old() -> int:
    """The turns of the last days are enough to see how the clock stands."""
    gone, _of = Slot.objects.filter(at__lt=Now() - KEPT).delete()
    return gone
