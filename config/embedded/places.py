"""Which embedded servers belong to a folder of local data. Nothing starts here."""

import functools
import sys
from pathlib import Path
from typing import Any

from config.embedded.errors import EmbeddedError

if sys.platform == "win32":
    raise EmbeddedError("Trilink runs on Linux and macOS. On Windows, run it inside WSL2, in the Linux file system.")

from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey


@functools.cache
def postgres(home: Path, *, durable: bool = True) -> Postgres:
    return Postgres(home / "postgres", durable=durable)


@functools.cache
def valkey(home: Path) -> Valkey:
    return Valkey(home / "valkey")


def database(home: Path, *, durable: bool = True) -> dict[str, Any]:
    """The entry of Django's DATABASES for the embedded PostgreSQL of a folder."""
    return {
        "ENGINE": "config.embedded.backend",
        "NAME": "trilink",
        "USER": "postgres",
        "HOST": str(postgres(home, durable=durable).sockets),
        "EMBEDDED": {"home": str(home), "durable": durable},
    }
