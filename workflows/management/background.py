"""Commands that take long, or can leave their work to a background job."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from people.accounts import machine
from workflows import jobs

INTERRUPTED = 130  # as shells have it for Ctrl-C


def told(kind: str, args: Mapping[str, Any]) -> str:
    """Ask for the job as the loader; how to follow it."""
    job = jobs.start(kind, actor=machine("loader"), args=args)
    words = _("后台任务第 %(number)d 号；用 manage.py jobs wait %(number)d 看进度，jobs cancel %(number)d 取消。")
    return words % {"number": job.pk}


@contextmanager
def stoppable(words: str) -> Iterator[None]:
    """Ctrl-C ends a command with what became of its work and how to go on, not with a trace."""
    try:
        yield
    except KeyboardInterrupt:
        raise CommandError(words, returncode=INTERRUPTED) from None
