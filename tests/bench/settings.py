"""The settings of the benchmark: the product's own, on a server of its own that keeps every commit (fsync on)."""

import os

from config.env import home

os.environ.setdefault("SECRET_KEY", "only for the benchmark")

from config.embedded import places
from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS, LOGGING, REDIS_URL

HOME = home() / "bench"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.errand"]
if "EMBEDDED" in DATABASES["default"]:
    DATABASES["default"] |= places.database(HOME, durable=True)
DATABASES["default"]["NAME"] = "trilink_bench"
if not REDIS_URL:
    EMBEDDED_VALKEY = HOME
    CELERY_BROKER_URL = places.valkey(HOME).celery_url
EMAIL_FILE_PATH = str(HOME / "mail")
LOGGING["root"]["level"] = "WARNING"  # a line for each step would stand between those of the table
