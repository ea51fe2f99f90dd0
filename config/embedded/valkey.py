"""The embedded Valkey, a Redis-compatible server: only the queue lives in it, never the truth."""

import signal
from pathlib import Path

from config.embedded.programs import valkey_program
from config.embedded.server import Answer, Server, ask


class Valkey(Server):
    name = "Valkey"
    stop_signal = signal.SIGTERM

    def answer(self) -> Answer:
        said = ask(self.sockets / "valkey.sock", b"PING\r\n")
        if not said:
            return Answer.NONE
        return Answer.READY if said.startswith(b"+PONG") else Answer.NOT_YET

    def start(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        options: dict[str, str | Path] = {
            "port": "0",
            "unixsocket": self.sockets / "valkey.sock",
            "unixsocketperm": "700",
            "dir": self.data,
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        words: list[str | Path] = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._spawn([valkey_program(), *words, "--save", ""])

    @property
    def url(self) -> str:
        """For redis-py and Django's cache."""
        return f"unix://{self.sockets}/valkey.sock?db=0"

    @property
    def celery_url(self) -> str:
        return f"redis+socket://{self.sockets}/valkey.sock?virtual_host=0"
