"""Which request, tick or job the running code works for: the thread that ties the lines of the logs together."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    return _current.get()


def taken_or_made(offered: str) -> str:
    """The id a proxy gave, if it is one; else a new one."""
    return offered if WELL_FORMED.fullmatch(offered) else uuid4().hex


@contextmanager
def working_for(request_id: str) -> Iterator[None]:
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)
