"""The supervisor restarts what dies, stops what runs, and takes everything with it when it is killed."""

import os
import signal
import subprocess
import sys
import time

import pytest

from config.supervisor import Program, ProgramEnded, Supervisor, wait_before_restart
from tests.product import wait_until

pytestmark = pytest.mark.house

SLEEPER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
)
BOSS = """
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests may run under nohup
from pathlib import Path
from config.supervisor import Program, Supervisor
sleeper = Program(name="sleeper", argv=[sys.executable, "-c", "import time; time.sleep(600)"])
supervisor = Supervisor([sleeper], servers=[], logs=Path(sys.argv[1]), tell=print)
supervisor.look()
print(supervisor.children[0].process.pid, flush=True)
supervisor.run()
"""


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervise(tmp_path, said):
    """A supervisor over small Python programs."""
    made = []

    def supervise(**programs):
        all_programs = [Program(name=name, argv=[sys.executable, "-c", code]) for name, code in programs.items()]
        made.append(Supervisor(all_programs, servers=[], logs=tmp_path / "logs", tell=said.append))
        return made[-1]

    yield supervise
    for supervisor in made:
        supervisor.stop()


def look_until(supervisor, condition, *, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        supervisor.look()
        time.sleep(0.02)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_starts_every_program(supervise):
    supervisor = supervise(one=SLEEPER, two=SLEEPER)
    supervisor.look()
    assert all(is_alive(child.process.pid) for child in supervisor.children)


def test_it_restarts_what_was_killed_and_says_so(supervise, said):
    supervisor = supervise(one=SLEEPER)
    supervisor.look()
    [child] = supervisor.children
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    look_until(supervisor, lambda: child.process is not None and child.process.pid != first)
    assert said == [ProgramEnded(name="one", code=-9, wait=0.5, log=child.log)]


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (6, 16.0), (7, 30.0), (2000, 30.0)])
def test_each_death_in_a_row_doubles_the_wait(deaths, seconds):
    assert wait_before_restart(deaths=deaths) == seconds


def test_a_program_that_cannot_start_is_not_started_without_a_pause(supervise, said):
    supervisor = supervise(broken="raise SystemExit(3)")
    look_until(supervisor, lambda: len(said) == 2)
    assert [(event.code, event.wait) for event in said] == [(3, 0.5), (3, 1.0)]


def test_stopping_ends_every_program(supervise):
    supervisor = supervise(one=SLEEPER, two=SLEEPER)
    supervisor.look()
    pids = [child.process.pid for child in supervisor.children]
    supervisor.stop()
    assert not any(is_alive(pid) for pid in pids)


def test_a_program_deaf_to_asking_is_asked_louder(supervise, monkeypatch, tmp_path):
    monkeypatch.setattr("config.supervisor.STOP_SECONDS", 0.2)
    supervisor = supervise(deaf=STUBBORN)
    supervisor.look()
    [child] = supervisor.children
    look_until(supervisor, lambda: "deaf" in child.log.read_text())
    pid = child.process.pid
    supervisor.stop()
    wait_until(lambda: not is_alive(pid), words="it outlived the supervisor's asking")


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGHUP, 0), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_nothing_outlives_the_supervisor(tmp_path, number, code):
    boss = subprocess.Popen([sys.executable, "-c", BOSS, str(tmp_path)], stdout=subprocess.PIPE)
    with boss:
        child = int(boss.stdout.readline())
        time.sleep(0.3)  # until its signal handlers are set
        boss.send_signal(number)
        assert boss.wait(timeout=10) == code
    end = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_alive(child)
