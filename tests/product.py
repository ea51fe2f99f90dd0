"""The whole product as one process tree in a folder of its own, for tests that start, kill and stop it."""

import contextlib
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg

from config.embedded import places

ROOT = Path(__file__).resolve().parents[1]
# What would lead a product under test to the servers of whoever runs the tests.
NOT_PASSED_ON = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "STATIC_ROOT", "HOST"}
START_SECONDS = 120
# Both workers are Celery workers; what tells them apart is whom they serve.
SERVES = {"worker": "dispatch,deadlines", "long": "long,post"}


class Product:
    """`manage.py up` with a home and a port of its own."""

    def __init__(self, home, *options):
        self.home = home
        self.options = options
        self.port = free_port()
        self.process = None
        self.said = []
        self._lines = queue.Queue()

    @property
    def environment(self):
        kept = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        return kept | {"TRILINK_HOME": str(self.home), "PORT": str(self.port), "PYTHONUNBUFFERED": "1"}

    @property
    def url(self):
        return f"http://localhost:{self.port}/"

    def start(self):
        self.said = []
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", *self.options],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, args=[self.process.stdout], daemon=True).start()
        return self

    def _read(self, output):
        with output:
            for line in output:
                self._lines.put(line)

    def wait_for(self, words, *, seconds=START_SECONDS):
        """Wait until the product has said something, from now on."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(queue.Empty):
                self.said.append(self._lines.get(timeout=0.2))
                if words in self.said[-1]:
                    return self.said[-1]
            if self.process.poll() is not None and self._lines.empty():
                break
        raise AssertionError(f"never said {words!r} but:\n{''.join(self.said)}")

    def wait_until_up(self):
        self.wait_for(self.url)
        return self

    def stop(self, number=signal.SIGTERM):
        """Ask it to stop (or kill it); its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def manage(self, *words, check=True):
        """Another command on the same data."""
        argv, where = [sys.executable, "manage.py", *words], {"cwd": ROOT, "env": self.environment}
        done = subprocess.run(argv, **where, capture_output=True, text=True, check=False, timeout=600)
        assert not (check and done.returncode), f"{' '.join(words)}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return done

    def rows(self, statement, *values):
        """What a statement finds in its database; what it changes is committed."""
        with self.connect() as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def connect(self):
        """A connection to its database, waiting for a server that is just coming back."""
        return wait_until(self._connected, words="the database does not answer")

    def _connected(self):
        sockets = places.postgres(self.home).sockets
        with contextlib.suppress(psycopg.OperationalError):
            # Its days are the product's: in the evening of UTC it is the next day in Shanghai.
            return psycopg.connect(
                host=str(sockets), user="postgres", dbname="trilink", options="-c timezone=Asia/Shanghai"
            )

    def command(self, *words):
        """Another command on the same data, running beside the test."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, **quiet)

    def program(self, word):
        """The process of a program (gunicorn, worker, long, beat) that the supervisor itself started."""
        word = SERVES.get(word, word)
        children = psutil.Process(self.process.pid).children()
        return next((child for child in children if word in words_of(child)), None)

    def running(self):
        """Every process that works in this home, however it came to be."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process):
        try:
            in_words = any(str(self.home) in word for word in process.cmdline())
            return in_words or process.environ().get("TRILINK_HOME") == str(self.home)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            return False

    def answers(self):
        try:
            with urllib.request.urlopen(self.url, timeout=5) as answer:  # noqa: S310  our own address
                return answer.status < 500
        except urllib.error.HTTPError as error:
            error.close()
            return error.code < 500
        except OSError:
            return False


def words_of(process):
    """Its command line; none if it has gone by now."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def free_port():
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return tried.getsockname()[1]


def wait_until(condition, *, seconds=30, words="waited in vain"):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, words
        time.sleep(0.05)
    return found
