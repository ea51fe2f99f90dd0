"""Runs the programs of one machine: starts them, restarts what dies, and stops them all together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.server import Answer, Server
from config.embedded.unroot import KEEPER

LOOK_SECONDS = 0.2
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
# A program that ran this long had no trouble starting: its next death is a new story.
SETTLED_SECONDS = 60.0
STOP_SECONDS = 20.0
LARGEST_LOG = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program to keep running. `orphan_signal` is what the kernel sends it when the supervisor is killed."""

    name: str
    argv: Sequence[str | Path]
    orphan_signal: signal.Signals = signal.SIGTERM
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProgramEnded:
    """A program has ended and will be started again after `wait` seconds."""

    name: str
    code: int
    wait: float
    log: Path


@dataclass(frozen=True, kw_only=True)
class ServerRestarted:
    name: str


@dataclass(frozen=True, kw_only=True)
class ServerDown:
    """A server does not come up; it will be tried again."""

    name: str
    error: str


Event = ProgramEnded | ServerRestarted | ServerDown


def wait_before_restart(*, deaths: int) -> float:
    """Half a second, then twice as long with every death in a row."""
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * float(2 ** min(deaths - 1, 10)))


class Child:
    """A program as it runs now, or waits to be started again."""

    def __init__(self, program: Program, *, log: Path) -> None:
        self.program = program
        self.log = log
        self.deaths = 0
        self.start_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    def start(self, now: float) -> None:
        _make_room(self.log)
        number = str(int(self.program.orphan_signal))
        through = [sys.executable, "-I", "-S", str(KEEPER), "exec", "plain", "-", "-", number, "--"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*through, *map(str, self.program.argv)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | dict(self.program.environment),
                process_group=0,  # a Ctrl-C of the terminal reaches the supervisor alone, which stops all in order
            )
        self._started_at = now

    def died(self, now: float) -> int | None:
        """The exit code of a program that has just ended."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.kill()  # what the program itself had started
        self.process = None
        self.deaths = 1 if now - self._started_at > SETTLED_SECONDS else self.deaths + 1
        self.start_at = now + wait_before_restart(deaths=self.deaths)
        return code

    def send(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return


class Supervisor:
    def __init__(
        self, programs: Sequence[Program], *, servers: Sequence[Server], logs: Path, tell: Callable[[Event], None]
    ) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.children = [Child(program, log=logs / f"{program.name}.log") for program in programs]
        self.servers = servers
        self.tell = tell
        self.stopping = False

    def request_stop(self, *_: object) -> None:
        self.stopping = True

    def run(self, *, until_true: Callable[[], bool] = lambda: True) -> None:
        """Keep everything running until asked to stop. `until_true` is called after each look until it says yes."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup asks to outlive the terminal
                signal.signal(number, self.request_stop)
        try:
            told = False
            while not self.stopping:
                self.look()
                told = told or until_true()
                time.sleep(LOOK_SECONDS)
        finally:
            self.stop()

    def look(self) -> None:
        """Start what is not running and whose time has come. Servers first: the programs need them."""
        for server in self.servers:
            self._look_after(server)
        for child in self.children:
            now = time.monotonic()
            if (code := child.died(now)) is not None:
                wait = child.start_at - now
                self.tell(ProgramEnded(name=child.program.name, code=code, wait=wait, log=child.log))
            if child.process is None and now >= child.start_at:
                child.start(now)

    def _look_after(self, server: Server) -> None:
        if server.answer() is not Answer.NONE:
            return
        try:
            if server.restart_if_down():
                self.tell(ServerRestarted(name=server.name))
        except EmbeddedError as error:
            self.tell(ServerDown(name=server.name, error=str(error)))

    def stop(self) -> None:
        """Ask all, wait for all, then ask louder; what has not ended then is killed."""
        for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGQUIT, 5.0)):
            for child in self.children:
                child.send(number)
            if self._wait_for_all(seconds):
                break
        for child in self.children:
            child.kill()
        self._wait_for_all(5.0)  # nobody uses the servers any more
        for server in reversed(self.servers):
            server.release_and_wait()

    def _wait_for_all(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while any(child.process is not None and child.process.poll() is None for child in self.children):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True


def _make_room(log: Path) -> None:
    """One older file is kept."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
