"""Starts the embedded Valkey before the first message is sent, and before a worker or beat looks for it."""

from typing import Any

from celery import signals
from django.conf import settings

from config.embedded import places


def start_when_first_needed() -> None:
    """Called once, when the Celery application is made."""
    for moment in (signals.before_task_publish, signals.celeryd_init, signals.beat_init):
        moment.connect(acquire, dispatch_uid="embedded valkey")


def acquire(**_: Any) -> None:
    """Nothing to do where REDIS_URL names a server, or where this process holds the embedded one already."""
    if settings.EMBEDDED_VALKEY is not None:
        places.valkey(settings.EMBEDDED_VALKEY).acquire()
