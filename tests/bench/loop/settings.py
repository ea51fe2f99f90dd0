"""django-fsm-log listens to every step there is, so it is installed here alone, in a process of its own."""

from tests.bench.settings import *  # noqa: F403
from tests.bench.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django_fsm_log", "tests.bench.loop"]
