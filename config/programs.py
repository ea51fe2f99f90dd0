"""The programs of the product: web server, Celery workers, Celery beat."""

import os
import shutil
import signal
import sys
from pathlib import Path

from django.conf import settings

from config.supervisor import Program

CELERY = (sys.executable, "-m", "celery", "--app", "config.celery")


def all_programs(*, address: str, home: Path) -> list[Program]:
    environment = {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings"),
        # Links in letters: on a machine of one's own the address that was told.
        "PUBLIC_URL": settings.PUBLIC_URL or (f"http://{address}" if address else ""),
        # All processes count into files of one folder: each scrape tells the sum, whichever process answers it.
        "PROMETHEUS_MULTIPROC_DIR": str(_emptied(home / "metrics")),
    }
    children = min(4, max(2, os.cpu_count() or 1))
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", address, "--workers", "2", "--threads", "4"]
    web += ["--graceful-timeout", "10", "--no-control-socket"]
    worker = _worker("dispatch,deadlines", children=children)
    # A job of minutes, or a mail server that does not answer, never keeps an inbox or a deadline waiting. Jobs leave
    # one of the two children free (JOBS_AT_ONCE).
    long = _worker("long,post", children=2)
    beat = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", str(home / "beat-schedule")]
    return [
        Program(name="web", argv=web, environment=environment),
        # Orphaned, it must not finish its tasks first: they are given to another worker anyway. A gentler signal that
        # arrives while Celery is still starting is forgotten. Its pool asks the kernel to go with it.
        Program(name="worker", argv=worker, environment=environment, orphan_signal=signal.SIGKILL),
        Program(name="long", argv=long, environment=environment, orphan_signal=signal.SIGKILL),
        Program(name="beat", argv=beat, environment=environment),
    ]


def _worker(queues: str, *, children: int) -> list[str]:
    name = f"{queues.replace(',', '-')}@%h"
    sized = ["--queues", queues, "--hostname", name, "--concurrency", str(children)]
    return [*CELERY, "worker", "--loglevel", "INFO", *sized, "--without-gossip", "--without-mingle"]


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder
