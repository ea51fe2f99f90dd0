"""The settings of the benchmark: the product's own, on a server of its own that keeps every commit (fsync on)."""

import os

from config.env import home

os.environ.setdefault("SECRET_KEY", "only for the benchmark")

from config.embedded import places
from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS

HOME = home() / "bench"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.errand"]
if "EMBEDDED" in DATABASES["default"]:
    DATABASES["default"] |= places.database(HOME, durable=True)
DATABASES["default"]["NAME"] = "trilink_bench"
