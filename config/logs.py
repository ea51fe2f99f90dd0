"""Log lines as data: ids, names of things that happen, figures. Never a person's name, a grade or a free text.

What an error says of itself may hold the row it broke on. So a line tells an error's type and where it was raised, and
of a record's own fields only those named here, as ids, words of ours or numbers.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workflows.request_id import current

ROOT = Path(__file__).parents[1]
FRAMES = 12
LONGEST = 300
# What our own lines carry beside their words. Each is an id, a word of ours or a number.
FIELDS = (
    "action", "case", "kind", "step", "message_id", "job", "tick", "state", "reason", "figures", "lost", "taken",
    "refused", "seconds", "status", "route", "account",
)  # fmt: skip
# An id or a word of ours: nothing that a person would have written.
PLAIN = re.compile(r"[\x21-\x7e]{0,120}")
# Loggers whose own words are fixed texts with ids in them. Of any other only where it came from is told.
TRUSTED = ("celery", "config", "people", "workflows", "appraisal", "linkage", "rewards", "talent_pool", "training")
# A tick each second that went well is in the table of slots and the metrics; here it would drown the rest.
QUIET = frozenset({"workflows.tasks.deliver_outbox", "workflows.tasks.send_jobs"})


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "words": words(record),
        }
        # Of a refused request Django tells when its own work, and ours, is done.
        if request := current() or getattr(getattr(record, "request", None), "request_id", ""):
            line["request"] = request
        line |= {name: value for name in FIELDS if (value := plain(getattr(record, name, None))) is not None}
        if record.exc_info and record.exc_info[1] is not None:
            line |= told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def words(record: logging.LogRecord) -> str:
    """The line's words. Celery puts the error's own text into them, and Django the path of the address."""
    if isinstance(record.args, dict) and "exc" in record.args:
        return str(record.msg).split("%(exc)s", maxsplit=1)[0] % record.args
    if status := getattr(record, "status_code", None):
        return f"answered {status}"
    if record.name.startswith("django"):
        return without_values(str(record.msg), record.args)
    if not record.name.startswith(TRUSTED):
        return str(record.msg) if record.args else "said something"
    return record.getMessage()[:LONGEST]


def without_values(message: str, values: Any) -> str:
    return re.sub(r"%(\(\w+\))?[sdr]", "…", message)[:LONGEST] if values else message[:LONGEST]


def plain(value: Any) -> Any:
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): number for key, number in value.items() if isinstance(number, (int, float))}
    return str(value) if value is not None and PLAIN.fullmatch(str(value)) else None


def told(error: BaseException) -> dict[str, Any]:
    """The error's type, those it came of, and the lines it came through; not its text."""
    types: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(types) < 5:
        types.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return {"error": types, "through": [f"{short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]}


def short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


class NotEverySecond(logging.Filter):
    """Leaves out that a tick of every second went well, and each time a monitor was told that we are not ready."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == 503:
            return False
        if record.levelno > logging.INFO or not isinstance(record.args, dict):
            return True
        return record.args.get("name") not in QUIET
