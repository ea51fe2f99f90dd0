"""What the surroundings say: the one place that reads environment variables."""

import os
import secrets
from pathlib import Path

import environ

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
