"""The embedded PostgreSQL: its cluster, its settings, its answer."""

import os
import shutil
import signal
import struct
import subprocess
import time
from pathlib import Path

from config.embedded import unroot
from config.embedded.errors import EmbeddedError
from config.embedded.programs import postgres_folder
from config.embedded.server import Answer, Server, ask

BUILTIN_LOCALES_SINCE = 17
PROTOCOL = 196608
GOODBYE = b"X\0\0\0\4"
MEGABYTE = 1024 * 1024
START_TRIES = 25
# Said for a moment after kill -9 of the server, while the processes of the old one are still leaving.
STILL_LEAVING = ("pre-existing shared memory", "Is another postmaster", "already in use")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    # A refused statement holds the values it was to write, and its detail the row: neither belongs into a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    # No copies are kept of one machine's database; a bulk load into a new table then needs no log of its own.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "maintenance_work_mem": "128MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "32",
}
# For tests alone: a crash of the machine may cost the whole cluster.
WITHOUT_SAFETY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # its "fast" shutdown: running statements are ended, nothing is lost

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(folder)
        self.durable = durable

    def answer(self) -> Answer:
        words = b"user\0postgres\0database\0postgres\0\0"
        greeting = struct.pack("!II", len(words) + 8, PROTOCOL) + words
        said = ask(self.sockets / ".s.PGSQL.5432", greeting)
        if not said:
            return Answer.NONE
        # 57P03: starting, recovering or stopping. Any other refusal (too many connections) comes from a live server.
        return Answer.NOT_YET if b"57P03" in said else Answer.READY

    def start(self) -> None:
        mode = unroot.mode()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(mode)
        unroot.give(self.sockets, mode=mode)
        argv: list[str | Path] = [postgres_folder() / "postgres", "-D", self.data, "-k", self.sockets]
        for name, value in self._settings().items():
            argv += ["-c", f"{name}={value}"]
        self._spawn_patiently(argv, mode=mode)

    def _spawn_patiently(self, argv: list[str | Path], *, mode: str) -> None:
        for _ in range(START_TRIES):
            try:
                self._spawn(argv, mode=mode)
            except EmbeddedError as error:
                if not any(words in str(error) for words in STILL_LEAVING):
                    raise
                time.sleep(0.2)
            else:
                return
        self._spawn(argv, mode=mode)

    def _settings(self) -> dict[str, str]:
        shared = f"{_shared_buffers_megabytes()}MB"
        return SETTINGS | {"shared_buffers": shared} | ({} if self.durable else WITHOUT_SAFETY)

    def _make_cluster(self, mode: str) -> None:
        """Made under another name and then renamed: a half-made cluster is never taken for a good one."""
        half_made = self.folder / "data.new"
        for ctype in ("C.UTF-8", "en_US.UTF-8", None):
            shutil.rmtree(half_made, ignore_errors=True)
            half_made.mkdir(mode=0o700)
            unroot.give(half_made, mode=mode)
            made = unroot.run_through_keeper(*_initdb(half_made, ctype), mode=mode)
            if made.returncode == 0:
                half_made.rename(self.data)
                return
        raise EmbeddedError(f"initdb: {made.stderr}")


def _initdb(folder: Path, ctype: str | None) -> list[str | Path]:
    """With the character type C, trigram search would find nothing in Chinese; hence the tries for a better one."""
    programs = postgres_folder()
    argv: list[str | Path] = [programs / "initdb", "-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    argv += ["--no-sync", "--locale=C"]
    if ctype:
        argv.append(f"--lc-ctype={ctype}")
    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.split()[2].split(".")[0]) >= BUILTIN_LOCALES_SINCE:
        argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return argv


def _shared_buffers_megabytes() -> int:
    """Half a gigabyte, or an eighth of the memory where that is less."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(16, min(512, memory // 8 // MEGABYTE))
