"""The one settings file. Everything that differs between machines is read from the environment (`config.env`)."""

import sys
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.embedded import places
from config.env import BASE_DIR, env, home, kept_secret, own_database, own_redis, public_url

django_stubs_ext.monkeypatch()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(home())
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config",
    "people",
    "workflows",
    "appraisal",
    "linkage",
    "rewards",
    "talent_pool",
    "training",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
    "template_partials",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.request_id.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.ChineseFirst",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.errors.HiddenIsMissing",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django_htmx.templatetags.django_htmx"],
        },
    }
]

# Data ------------------------------------------------------------------------------------------------------------
# Without DATABASE_URL and REDIS_URL the product runs servers of its own under TRILINK_HOME, started when first needed.
DATABASES = {"default": own_database() or places.database(home())}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = own_redis()
EMBEDDED_VALKEY = None if REDIS_URL else home()

# People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "people.permissions.RoleBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"people.passwords.{name}"} for name in ("UnlikeTheName", "LongEnough", "Uncommon", "MoreThanDigits")
]
LOGIN_URL = "people:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "people:login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False  # it would greet at every start of every command
AXES_LOCKOUT_CALLABLE = "people.views.signing.locked"

# Words, days -----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(home() / "static")))
ANCHORS = home() / "anchors"  # digests of the history, outside the database
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]

# Web -------------------------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS_ONLY", default=False)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["people.tokens.TokenScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "config.api_errors.answer",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Trilink 三挂钩",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["people.tokens.TokenScope"],
    # Cycles and policies both have a `state`: each is called by its own words.
    "ENUM_NAME_OVERRIDES": {
        "CycleStateEnum": "appraisal.models.CycleState",
        "PolicyStateEnum": "linkage.models.PolicyState",
    },
}

# Messages --------------------------------------------------------------------------------------------------------
# With a server for outgoing mail letters leave, to domains that an administrator has allowed; without one: files.
PUBLIC_URL = public_url()
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20  # seconds
EMAIL_BACKEND = (
    "workflows.channels.smtp.AllowedOnly" if EMAIL_HOST else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = str(home() / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="trilink@localhost")

CELERY_BROKER_URL = REDIS_URL or places.valkey(home()).celery_url
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A task lost with its worker is not waited for: the next tick, or the sweep over the jobs, finds what is to be done.
# kombu looks for tasks of a killed worker every interval x throttle seconds; its own product is a minute and a half.
# The visibility timeout is longer than the longest task: nothing is given to a second worker while the first is at it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
}
CELERY_TASK_DEFAULT_QUEUE = "dispatch"
CELERY_TASK_ROUTES = {
    "workflows.tasks.sweep_deadlines": {"queue": "deadlines"},
    "workflows.tasks.turn_the_day": {"queue": "deadlines"},
    "workflows.tasks.deliver_parcels": {"queue": "post"},
    "workflows.tasks.tell_calendars": {"queue": "post"},
    "workflows.tasks.run_job": {"queue": "long"},
}
CELERY_TASK_ANNOTATIONS = {"workflows.tasks.run_job": {"time_limit": 1800, "soft_time_limit": 1700}}

CHANNELS = ("mail", "calendar", "webhook", "drop")
JOBS_AT_ONCE = env.int("JOBS_AT_ONCE", default=1)


def tick(name: str, seconds: float, *args: str) -> dict[str, Any]:
    """A call that is worth nothing once the next has come: without a worker for an hour they do not pile up."""
    options = {"expires": max(10, seconds)}
    return {"task": f"workflows.tasks.{name}", "schedule": seconds, "args": args, "options": options}


# Called more often than their turns (workflows.tasks) are long: after a restart the first call comes soon.
CELERY_BEAT_SCHEDULE = {
    "deliver the outbox": tick("deliver_outbox", 1),
    **{f"deliver by {channel}": tick("deliver_parcels", 5, channel) for channel in CHANNELS},
    "tell the calendars": tick("tell_calendars", 60),
    "send waiting jobs": tick("send_jobs", 1),
    "sweep the deadlines": tick("sweep_deadlines", 15),
    "fly the canary": tick("fly_canary", 15),
    "turn the day": tick("turn_the_day", 300),
    "keep house": tick("keep_house", 3600),
}

# Watching --------------------------------------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
METRICS_ALLOW = env.list("METRICS_ALLOW", default=[])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonLines"}, "text": {"format": "%(levelname)s %(name)s %(message)s"}},
    "filters": {"quiet": {"()": "config.logs.NotEverySecond"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="json"),
            "filters": ["quiet"],
        },
        "counting": {"class": "config.metrics.Counting"},
    },
    # A command is read by a person, who is told by what it prints.
    "root": {
        "handlers": ["console", "counting"],
        "level": env.str("LOG_LEVEL", default="WARNING" if Path(sys.argv[0]).name == "manage.py" else "INFO"),
    },
    # Django's own handlers mail and print what an error said; "received" says no more than "succeeded".
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
