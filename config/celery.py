"""Celery says when; what is to be done stands in PostgreSQL."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from django.conf import settings

from config.embedded import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("trilink")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # for the threads of the web server too, not only for the one that made it
app.autodiscover_tasks()
broker.start_when_first_needed()


@signals.setup_logging.connect
def set_up_logging(**_: Any) -> None:
    """Our own lines instead of Celery's, which tell what an error said."""
    logging.config.dictConfig(settings.LOGGING)
