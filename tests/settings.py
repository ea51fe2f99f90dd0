"""The settings of the tests: the product's own, on servers of their own whose data may be lost."""

import os

from config.env import home

os.environ.setdefault("SECRET_KEY", "only for tests")

from config.embedded import places
from config.settings import *  # noqa: F403
from config.settings import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, INSTALLED_APPS, REDIS_URL

HOME = home() / "tests"

# A linkage that only the tests know: the engine's own cases, and the proof that one more plugs in.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.errand"]

if "EMBEDDED" in DATABASES["default"]:
    DATABASES["default"] |= places.database(HOME, durable=False)
if not REDIS_URL:
    EMBEDDED_VALKEY = HOME
    CELERY_BROKER_URL = places.valkey(HOME).celery_url

# A password is checked in nearly every test of a page; the product's own hasher is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_FILE_PATH = str(HOME / "mail")
ANCHORS = HOME / "anchors"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing; nothing has to be in it
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A killed worker's task is given back after seconds, so that a test can wait for it.
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"visibility_timeout": 5}
