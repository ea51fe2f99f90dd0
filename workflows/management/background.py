"""Commands that can leave their work to a background job."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from people.accounts import machine
from workflows import jobs


def told(kind: str, args: Mapping[str, Any]) -> str:
    """Ask for the job as the loader; how to follow it."""
    job = jobs.start(kind, actor=machine("loader"), args=args)
    return _("后台任务第 %(number)d 号；用 manage.py jobs 看进度。") % {"number": job.pk}
