"""Start everything on this machine: servers, database, demo data, web, worker and beat; Ctrl-C stops it."""

import argparse
import contextlib
import fcntl
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection, connections
from django.utils.translation import gettext as _

from config import demo
from config.embedded import places
from config.embedded.errors import EmbeddedError
from config.embedded.server import Server
from config.env import env, home
from config.programs import all_programs
from config.supervisor import Event, ProgramEnded, ServerDown, ServerRestarted, Supervisor

WRONG_INPUT = 2
INTERRUPTED = 130  # what a shell says of a program ended by Ctrl-C


class Command(BaseCommand):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.help = _("启动本机上的全部程序：服务器、数据库、示例数据、网站、任务进程与定时进程；Ctrl-C 全部停止。")
        self.accounts = StringIO()  # one demo account per role, told together with the address

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        demo_data = parser.add_mutually_exclusive_group()
        demo_data.add_argument("--demo", action="store_true", help=_("向任何数据库载入示例公安局"))
        demo_data.add_argument("--no-demo", action="store_true", help=_("空数据库保持为空"))

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = env.str("HOST", default="127.0.0.1"), wanted_port()
        folder = home()
        with only_one(folder):
            refuse_taken_port(host, port)
            try:
                servers = self.start_servers()
                self.prepare(folder, options)
            except (EmbeddedError, OperationalError) as error:
                raise CommandError(str(error)) from error
            except KeyboardInterrupt:
                raise CommandError(_("已中断；下次启动时继续。"), returncode=INTERRUPTED) from None
            self.supervise(servers, host=host, port=port, folder=folder)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def tell(self, event: Event) -> None:
        self.say(words(event))

    def start_servers(self) -> list[Server]:
        """The servers of our own that are used; none with DATABASE_URL and REDIS_URL."""
        servers: list[Server] = []
        if is_embedded():
            embedded = connection.settings_dict["EMBEDDED"]
            servers.append(places.postgres(Path(embedded["home"]), durable=embedded["durable"]))
        if settings.EMBEDDED_VALKEY is not None:
            servers.append(places.valkey(settings.EMBEDDED_VALKEY))
        for server in servers:
            self.say(_("启动 %(server)s …") % {"server": server.name})
            server.acquire()
        return servers

    def prepare(self, folder: Path, options: dict[str, Any]) -> None:
        self.say(_("准备数据库 …"))
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        mark = demo.Mark(path=folder / "demo")
        if not options["no_demo"] and demo.is_wanted(mark=mark, embedded=is_embedded(), asked=options["demo"]):
            demo.load(mark=mark, say=self.say)
        if mark.is_finished:
            call_command("demo_accounts", demo=True, stdout=self.accounts)
        connections.close_all()

    def supervise(self, servers: list[Server], *, host: str, port: int, folder: Path) -> None:
        programs = all_programs(address=f"{host}:{port}", home=folder)
        supervisor = Supervisor(programs, servers=servers, logs=folder / "logs", tell=self.tell)
        supervisor.run(until_true=lambda: self.greet(host, port))
        self.say(_("已全部停止。"))

    def greet(self, host: str, port: int) -> bool:
        """Tell the address as soon as a page comes from there."""
        if not answers(host, port):
            return False
        self.stdout.write(self.accounts.getvalue(), ending="")
        address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"
        self.say(_("Trilink 三挂钩运行在 %(address)s （Ctrl-C 停止）") % {"address": address})
        return True


def words(event: Event) -> str:
    """What the supervisor noticed, for the one who watches the terminal."""
    match event:
        case ProgramEnded(name=name, code=code, wait=wait, log=log):
            told = {"name": name, "code": code, "wait": f"{wait:.1f}", "log": log}
            return _("%(name)s 已退出（代码 %(code)s），%(wait)s 秒后重新启动。日志：%(log)s") % told
        case ServerRestarted(name=name):
            return _("%(name)s 曾中断，已重新启动。") % {"name": name}
        case ServerDown(name=name, error=error):
            return _("%(name)s 无法启动，将再次尝试。%(error)s") % {"name": name, "error": error}


def is_embedded() -> bool:
    return "EMBEDDED" in connection.settings_dict


def is_taken(host: str, port: int) -> bool:
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex((reachable(host), port)) == 0


def answers(host: str, port: int) -> bool:
    """Whether the web server has a worker ready: it listens some time before."""
    web = HTTPConnection(reachable(host), port, timeout=1)
    try:
        web.request("HEAD", settings.STATIC_URL)
        return web.getresponse().status > 0
    except (OSError, HTTPException):
        return False
    finally:
        web.close()


def reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104  the address of all addresses is none to call


def wanted_port() -> int:
    written = env.str("PORT", default="8000")
    if not (written.isascii() and written.isdigit() and 0 < int(written) < 65536):
        raise CommandError(
            _("PORT 应为 1 到 65535 的数，而不是 %(written)s。") % {"written": written}, returncode=WRONG_INPUT
        )
    return int(written)


def refuse_taken_port(host: str, port: int) -> None:
    if is_taken(host, port):
        raise CommandError(
            f"Port {port} is taken by another program. Set PORT to a free one: PORT=8001 ./run", returncode=WRONG_INPUT
        )


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """One supervisor for a folder of data; the kernel frees the lock however this process ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                _("已有一个 Trilink 使用 %(folder)s 中的数据。") % {"folder": folder}, returncode=WRONG_INPUT
            ) from error
        yield
