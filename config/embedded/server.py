"""One server of our own in one folder, shared by every process that uses the folder."""

import fcntl
import hashlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from enum import Enum
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.unroot import KEEPER, NOBODY, dressed

# A socket's path may have 108 bytes on Linux and 104 on macOS, its own name included.
LONGEST_SOCKET_FOLDER = 80
START_SECONDS = 60.0
TAIL_OF_LOG = 2000
LARGEST_LOG = 10_000_000


class Answer(Enum):
    """What a server says when it is spoken to."""

    NONE = "none"
    NOT_YET = "not yet"
    READY = "ready"


class Server(ABC):
    name: str
    stop_signal: signal.Signals

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.sockets = _socket_folder(folder)
        self.log = folder / "server.log"
        self.pid_file = folder / "server.pid"
        self._users: int | None = None  # a bare descriptor, held to the very end of the process
        self._guard = threading.RLock()

    @abstractmethod
    def answer(self) -> Answer:
        """Speak to the server."""

    @abstractmethod
    def start(self) -> None:
        """Start the server and wait until it is ready. Only called while nobody else may."""

    def acquire(self) -> None:
        """Start the server unless it runs; it then runs at least until this process ends."""
        with self._guard:
            if self._users is None:
                self._prepare_folders()
                self._users = os.open(self.folder / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                self.restart_if_down()

    def restart_if_down(self) -> bool:
        """Start a server that is not there (any more), or wait for one that is coming. False if it was ready."""
        with self._guard, (self.folder / "start.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._users is not None:
                fcntl.flock(self._users, fcntl.LOCK_SH)  # waits for a keeper that is just stopping the server
            answer = self.answer()
            if answer is Answer.NOT_YET:
                self._wait_until_ready(None)
            elif answer is Answer.NONE:
                self.start()
            return answer is not Answer.READY

    def release(self) -> None:
        """Need the server no more; it stops if no other process needs it."""
        with self._guard:
            if self._users is not None:
                os.close(self._users)
                self._users = None

    def release_and_wait(self, *, seconds: float = 15.0) -> None:
        """Release, and wait for the server's end unless another process still uses it."""
        self.release()
        end = time.monotonic() + seconds
        while self.pid() is not None and time.monotonic() < end:
            time.sleep(0.05)
            if not self._is_being_stopped():
                return

    def pid(self) -> int | None:
        try:
            return int(self.pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _is_being_stopped(self) -> bool:
        """The keeper holds the users file for itself alone from the last user's end to its own."""
        with (self.folder / "users.lock").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return self.pid() is None

    def _prepare_folders(self) -> None:
        for folder in (self.folder, self.sockets):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.sockets.stat().st_uid not in {os.getuid(), NOBODY if os.getuid() == 0 else os.getuid()}:
            raise EmbeddedError(f"{self.sockets} belongs to another user.")

    def _spawn(self, argv: list[str | Path], *, mode: str = "plain") -> None:
        """Hand the server to a keeper. The keeper's end of a pipe tells us if it dies before the server is ready."""
        ours, keepers = os.pipe()
        words = ["keep", mode, str(self.folder / "users.lock"), str(self.pid_file), str(int(self.stop_signal)), "--"]
        command = [sys.executable, "-I", "-S", str(KEEPER), *words, *dressed(argv, mode=mode)]
        nothing = subprocess.DEVNULL
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        try:
            with self.log.open("ab") as log:
                subprocess.run(command, stdin=nothing, stdout=log, stderr=log, cwd="/", check=True, pass_fds=(keepers,))
        finally:
            os.close(keepers)
        try:
            self._wait_until_ready(ours)
        finally:
            os.close(ours)

    def _wait_until_ready(self, keeper: int | None) -> None:
        end = time.monotonic() + START_SECONDS
        while self.answer() is not Answer.READY:
            if time.monotonic() > end:
                raise EmbeddedError(f"{self.name} is not ready after {START_SECONDS:.0f} s. Its log: {self.log}")
            watched = [keeper] if keeper is not None else []
            if select.select(watched, [], [], 0.01)[0]:
                tail = self.log.read_text(errors="replace")[-TAIL_OF_LOG:]
                raise EmbeddedError(f"{self.name} did not start:\n{tail}")


def ask(path: Path, question: bytes) -> bytes:
    """One question and the beginning of the answer over a socket; nothing if nobody is there."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        try:
            connection.connect(str(path))
            connection.sendall(question)
            return connection.recv(256)
        except OSError:
            return b""


def _socket_folder(folder: Path) -> Path:
    """Beside the data, or in /tmp where that path is too long; it follows from the folder and the user alone."""
    beside = folder / "run"
    if len(str(beside).encode()) <= LONGEST_SOCKET_FOLDER:
        return beside
    short = hashlib.sha256(f"{folder}:{os.getuid()}".encode()).hexdigest()[:12]
    return Path("/tmp") / f"trilink-{short}"  # noqa: S108  private by mode and checked for its owner
