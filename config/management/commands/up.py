"""Start everything on this machine: servers, database, demo data, web, worker and beat; Ctrl-C stops it."""

import argparse
import contextlib
import fcntl
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection, connections

from config import demo
from config.embedded import places
from config.embedded.errors import EmbeddedError
from config.embedded.server import Server
from config.env import env, home
from config.programs import all_programs
from config.supervisor import Supervisor


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        demo_data = parser.add_mutually_exclusive_group()
        demo_data.add_argument("--demo", action="store_true", help="load the sample bureau into any database")
        demo_data.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *_: Any, **options: Any) -> None:
        host, port = env.str("HOST", default="127.0.0.1"), env.int("PORT", default=8000)
        folder = home()
        with only_one(folder):
            refuse_taken_port(host, port)
            try:
                servers = self.start_servers()
                self.prepare(folder, options)
            except (EmbeddedError, OperationalError) as error:
                raise CommandError(str(error)) from error
            self.supervise(servers, host=host, port=port, folder=folder)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def start_servers(self) -> list[Server]:
        """The servers of our own that are used; none with DATABASE_URL and REDIS_URL."""
        servers: list[Server] = []
        if is_embedded():
            embedded = connection.settings_dict["EMBEDDED"]
            servers.append(places.postgres(Path(embedded["home"]), durable=embedded["durable"]))
        if settings.EMBEDDED_VALKEY is not None:
            servers.append(places.valkey(settings.EMBEDDED_VALKEY))
        for server in servers:
            self.say(f"Starting {server.name} ...")
            server.acquire()
        return servers

    def prepare(self, folder: Path, options: dict[str, Any]) -> None:
        self.say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        mark = demo.Mark(path=folder / "demo")
        if not options["no_demo"] and demo.is_wanted(mark=mark, embedded=is_embedded(), asked=options["demo"]):
            demo.load(mark=mark, say=self.say)
        connections.close_all()

    def supervise(self, servers: list[Server], *, host: str, port: int, folder: Path) -> None:
        programs = all_programs(address=f"{host}:{port}", home=folder)
        supervisor = Supervisor(programs, servers=servers, logs=folder / "logs", say=self.say)
        supervisor.run(until_true=lambda: self.greet(host, port, folder))
        self.say("Stopped.")

    def greet(self, host: str, port: int, folder: Path) -> bool:
        """Tell the address as soon as somebody answers there."""
        if not is_taken(host, port):
            return False
        if demo.Mark(path=folder / "demo").is_finished:
            call_command("demo_accounts", stdout=self.stdout)
            connections.close_all()
        self.say(f"Trilink runs at http://{'localhost' if host == '127.0.0.1' else host}:{port}/  (Ctrl-C stops it)")
        return True


def is_embedded() -> bool:
    return "EMBEDDED" in connection.settings_dict


def is_taken(host: str, port: int) -> bool:
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0  # noqa: S104


def refuse_taken_port(host: str, port: int) -> None:
    if is_taken(host, port):
        raise CommandError(f"Port {port} is taken by another program. Set PORT to a free one: PORT=8001 ./run")


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """One supervisor for a folder of data; the kernel frees the lock however this process ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(f"Trilink runs already with the data in {folder}.") from error
        yield
