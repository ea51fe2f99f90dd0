"""The one line in the settings that a new linkage needs, and a database beside that of the other tests."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS += ["tests.fourth_linkage"]
DATABASES["default"]["TEST"] = {"NAME": "test_fourth_linkage"}
