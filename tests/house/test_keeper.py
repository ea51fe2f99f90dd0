"""The keeper asks its server to stop, asks louder, and at last kills it."""

import signal
import subprocess
import sys

import pytest

from config.embedded import keeper

pytestmark = pytest.mark.house

DEAF = (
    "import signal, time\nfor n in ({}): signal.signal(n, signal.SIG_IGN)\nprint('deaf', flush=True); time.sleep(600)"
)


@pytest.mark.parametrize(
    ("deaf_to", "ended_by"),
    [
        ("", signal.SIGTERM),  # the usual stop
        ("15,", signal.SIGQUIT),  # PostgreSQL's immediate shutdown
        ("15, 3,", signal.SIGKILL),  # nothing else helps
    ],
)
def test_it_asks_louder_each_time(monkeypatch, deaf_to, ended_by):
    monkeypatch.setattr(keeper, "PATIENCE_SECONDS", (1.5, 6, 1.5))  # dying of a signal takes its time on a busy machine
    with subprocess.Popen([sys.executable, "-c", DEAF.format(deaf_to)], stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        keeper.stop(server.pid, signal.SIGTERM)
        assert server.wait(timeout=5) == -ended_by
