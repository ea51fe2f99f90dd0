"""What to look at before a deployment, beside Django's own list: `manage.py check --deploy`."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connection

from config.env import env

SECRET_OF_ITS_OWN = Warning(
    "SECRET_KEY is not set, and this machine made one of its own.",
    hint="Sessions of one machine are worth nothing on another: give all of them the same SECRET_KEY.",
    id="config.W001",
)


@register(Tags.security, deploy=True)
def shares_its_secret(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """On a database of one's own there may be more machines than this."""
    is_embedded = "EMBEDDED" in connection.settings_dict
    return [] if is_embedded or env.str("SECRET_KEY", default="") else [SECRET_OF_ITS_OWN]
