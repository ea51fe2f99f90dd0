"""Owns one server: runs it, and stops it when no process holds a lock on its users file any more.

Called as ``python -I -S keeper.py exec|keep UNROOT USERS_FILE PID_FILE STOP_SIGNAL -- PROGRAM ARGUMENTS``.
It imports the standard library only, because it must start fast and outlive whoever started it.
The kernel drops a process's lock however the process ends, so kill -9 of every user leaves no server behind.
If the keeper itself is killed, the kernel hands the server its stop signal.
"""

import ctypes
import fcntl
import os
import signal
import sys
import time
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534
# Between asking, asking louder and killing: a clean stop takes 0.1 s, a checkpoint of a busy server some seconds.
PATIENCE_SECONDS = (30.0, 5.0, 5.0)


def become(unroot: str) -> None:
    """Inside a user namespace the present user is `nobody`; outside, files keep their owner and mode."""
    if unroot != "userns":
        return
    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        sys.exit(f"unshare(CLONE_NEWUSER): {os.strerror(ctypes.get_errno())}")
    lines = {"setgroups": "deny", "uid_map": f"{NOBODY} {uid} 1", "gid_map": f"{NOBODY} {gid} 1"}
    for name, line in lines.items():
        Path(f"/proc/self/{name}").write_text(line)


def die_with_parent(number: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def start(unroot: str, stop_signal: int, argv: list[str]) -> int:
    """The server as a child; its process id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        become(unroot)
        die_with_parent(stop_signal)
        os.execv(argv[0], argv)  # noqa: S606  no shell is wanted
    finally:
        os._exit(127)


def leave_when_gone(pid: int, pid_file: Path) -> None:
    """End together with the server."""

    def on_child(*_: object) -> None:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            pid_file.unlink(missing_ok=True)
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)

    signal.signal(signal.SIGCHLD, on_child)
    on_child()


def stop(pid: int, stop_signal: int) -> None:
    """Ask, ask louder, kill. Each sleep ends early, with this process, when the server does."""
    for number, seconds in zip((stop_signal, signal.SIGQUIT, signal.SIGKILL), PATIENCE_SECONDS, strict=True):
        os.kill(pid, number)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.5)


def detach() -> None:
    """Leave the starter's process tree: nobody has to wait for a keeper."""
    if os.fork():
        os._exit(0)
    os.setsid()


def keep(unroot: str, users: str, pid_file: Path, stop_signal: int, argv: list[str]) -> None:
    detach()
    pid = start(unroot, stop_signal, argv)
    pid_file.write_text(str(pid))
    leave_when_gone(pid, pid_file)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os.kill(pid, stop_signal))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    descriptor = os.open(users, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    # Blocks until the last user is gone; a new user now waits for our end, and starts the server anew.
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    stop(pid, stop_signal)


def main() -> None:
    task, unroot, users, pid_file, stop_signal, _separator, *argv = sys.argv[1:]
    if task == "keep":
        keep(unroot, users, Path(pid_file), int(stop_signal), argv)
    become(unroot)
    die_with_parent(int(stop_signal))
    os.execv(argv[0], argv)  # noqa: S606  no shell is wanted


if __name__ == "__main__":
    main()
