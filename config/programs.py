"""The programs of the product: web server, Celery worker, Celery beat."""

import os
import signal
import sys
from pathlib import Path

from config.supervisor import Program

CELERY = (sys.executable, "-m", "celery", "--app", "config.celery")


def all_programs(*, address: str, home: Path) -> list[Program]:
    environment = {"DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings")}
    children = str(min(4, max(2, os.cpu_count() or 1)))
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", address, "--workers", "2", "--threads", "4"]
    web += ["--graceful-timeout", "10", "--no-control-socket"]
    worker = [
        *CELERY,
        "worker",
        "--loglevel",
        "INFO",
        "--concurrency",
        children,
        "--without-gossip",
        "--without-mingle",
    ]
    beat = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", str(home / "beat-schedule")]
    return [
        Program(name="web", argv=web, environment=environment),
        # Orphaned, it must not finish its tasks first: they are given to another worker anyway. A gentler signal that
        # arrives while Celery is still starting is forgotten. Its pool asks the kernel to go with it.
        Program(name="worker", argv=worker, environment=environment, orphan_signal=signal.SIGKILL),
        Program(name="beat", argv=beat, environment=environment),
    ]
