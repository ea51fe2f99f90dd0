"""PostgreSQL refuses to run as root; the ways for root to run it all the same, changing no user and no file mode."""

import functools
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from config.embedded.errors import EmbeddedError

KEEPER = Path(__file__).with_name("keeper.py")
NOBODY = 65534
# Only the right to pass file permissions is kept; without no_setuid_fixup PostgreSQL's own access check would fail.
SETPRIV = (
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=-all,+dac_override",
    "--bounding-set=-all,+dac_override",
    "--securebits=+no_setuid_fixup",
)


def run_through_keeper(*argv: str | Path, mode: str) -> "subprocess.CompletedProcess[str]":
    """Run a program to its end in the given mode."""
    command = [sys.executable, "-I", "-S", str(KEEPER), "exec", mode, "-", "-", "0", "--", *dressed(argv, mode=mode)]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)


def dressed(argv: "tuple[str | Path, ...] | list[str | Path]", *, mode: str) -> list[str]:
    """The command line as it must be written in this mode."""
    words = [str(word) for word in argv]
    return [str(shutil.which("setpriv")), *SETPRIV, "--", *words] if mode == "setpriv" else words


@functools.cache
def mode() -> str:
    """`plain` for an ordinary user; for root (or a user without a name) the way that works here."""
    if os.geteuid() != 0 and _has_a_name(os.geteuid()):
        return "plain"
    forced = os.environ.get("EMBEDDED_ROOT_MODE")
    if forced in (None, "userns") and run_through_keeper("/bin/true", mode="userns").returncode == 0:
        return "userns"
    if os.geteuid() != 0:
        raise EmbeddedError(
            f"User id {os.geteuid()} has no entry in /etc/passwd, and PostgreSQL needs a user name. "
            "Add an entry, run as another user, or set DATABASE_URL."
        )
    if forced in (None, "setpriv") and shutil.which("setpriv"):
        return "setpriv"
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and neither user namespaces nor setpriv work here. "
        "Run as another user, or set DATABASE_URL."
    )


def give(path: Path, *, mode: str) -> None:
    """Make a folder and what lies in it belong to the user the server runs as."""
    if os.geteuid() != 0:
        return
    owner = NOBODY if mode == "setpriv" else 0
    for each in (path, *path.iterdir()):
        os.chown(each, owner, owner)


def _has_a_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
