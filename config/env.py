"""What the surroundings say: the one place that reads environment variables."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def home() -> Path:
    """The folder of all local data: embedded servers, mail files, exports."""
    return Path(os.environ.get("TRILINK_HOME") or BASE_DIR / ".data").resolve()


def kept_secret(home: Path) -> str:
    """The secret key of this folder of data, made once. Several machines must be given one SECRET_KEY instead."""
    path = home / "secret"
    if not path.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written under a name of its own and linked, so that of two processes that start together one wins whole.
        draft = home / f"secret.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def own_database() -> dict[str, Any] | None:
    """The database DATABASE_URL names; none if it is not set."""
    if not os.environ.get("DATABASE_URL"):
        return None
    try:
        found: dict[str, Any] = env.db("DATABASE_URL")
    except ValueError:
        found = {}
    if found.get("ENGINE") != "django.db.backends.postgresql" or not found.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host/name")
    return found


def public_url() -> str:
    """The address under which people reach the product, as letters name it; empty if it is not set."""
    url = os.environ.get("PUBLIC_URL", "").rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
        raise ImproperlyConfigured("PUBLIC_URL must be the address of the product: https://trilink.example")
    return url


def own_redis() -> str:
    """The server REDIS_URL names; empty if it is not set."""
    url = os.environ.get("REDIS_URL", "")
    if url and urlsplit(url).scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured("REDIS_URL must name a Redis or Valkey server: redis://host:6379/0")
    return url
