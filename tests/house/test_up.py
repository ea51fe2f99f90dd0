"""`manage.py up` starts everything, restarts what dies, and leaves nothing behind."""

import re
import signal

import pytest

from tests.product import ROOT, wait_until

pytestmark = [pytest.mark.house, pytest.mark.slow]


def test_two_copies_run_side_by_side_and_stop_clean(make_product):
    first, second = make_product("one").start(), make_product("two").start()
    for product in (first, second):
        wait_until(product.wait_until_up().answers)
    assert first.stop(signal.SIGINT) == 0
    assert first.running() == []
    assert second.answers()
    assert second.stop(signal.SIGTERM) == 0
    assert second.running() == []


def test_nothing_outlives_a_killed_supervisor_and_it_starts_again(make_product):
    product = make_product().start().wait_until_up()
    product.stop(signal.SIGKILL)
    wait_until(lambda: product.running() == [], seconds=60)
    product.start().wait_until_up()
    assert product.answers()


@pytest.mark.parametrize("word", ["gunicorn", "worker", "long", "beat"])
def test_a_killed_program_comes_back(product, word):
    old = wait_until(lambda: product.program(word))
    old.kill()
    product.wait_for("-9")
    new = wait_until(lambda: product.program(word))
    assert new.pid != old.pid
    wait_until(product.answers)


def test_killed_servers_come_back(product):
    for name in ("postgres", "valkey"):
        pid = int((product.home / name / "server.pid").read_text())
        [server] = [process for process in product.running() if process.pid == pid]
        server.kill()
        wait_until(lambda name=name, pid=pid: running_pid(product, name) not in {None, pid})
    wait_until(product.answers)
    assert product.manage("migrate", "--check").returncode == 0


def running_pid(product, name):
    try:
        return int((product.home / name / "server.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None


def test_a_second_supervisor_on_the_same_data_is_refused(product):
    refused = product.manage("up", check=False)
    assert refused.returncode == 2
    assert str(product.home) in refused.stderr


def test_a_taken_port_is_refused_before_anything_starts(product, make_product):
    late = make_product("late")
    late.port = product.port
    refused = late.manage("up", check=False)
    assert refused.returncode == 2
    assert "PORT=8001" in refused.stderr
    assert not (late.home / "postgres").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("DATABASE_URL", "mysql://a@b/c"),
        ("DATABASE_URL", "postgres://host:port/name"),
        ("REDIS_URL", "localhost"),
    ],
)
def test_wrong_surroundings_are_named(make_product, monkeypatch, name, value):
    product = make_product()
    monkeypatch.setattr(type(product), "environment", product.environment | {name: value})
    refused = product.manage("up", check=False)
    assert refused.returncode == 2
    assert name in refused.stderr
    assert "Traceback" not in refused.stderr


def test_help_starts_nothing(make_product):
    product = make_product()
    assert "open_cases" in product.manage("help").stdout
    assert not (product.home / "postgres").exists()


def test_the_first_connection_starts_the_database(make_product):
    product = make_product()
    product.manage("showmigrations", "people")
    assert (product.home / "postgres" / "data" / "PG_VERSION").exists()
    wait_until(lambda: product.running() == [], seconds=10)


KILL_AND_RETURN = """
import os, pathlib, sys
from django.db import connection
connection.ensure_connection()
os.kill(int(pathlib.Path(os.environ["TRILINK_HOME"], "postgres", "server.pid").read_text()), 9)
connection.close()
connection.ensure_connection()
sys.stdout.write("connected again")
"""


def test_a_process_alone_starts_a_killed_database_anew(make_product):
    product = make_product()
    assert "connected again" in product.manage("shell", "--no-imports", "-c", KILL_AND_RETURN).stdout


def test_the_first_message_starts_the_queue_and_is_not_lost(make_product):
    product = make_product()
    send = "from workflows.tasks import sweep_deadlines; sweep_deadlines.delay()"
    product.manage("shell", "--no-imports", "-c", send)
    wait_until(lambda: product.running() == [], seconds=10)
    product.start().wait_until_up()
    log = product.home / "logs" / "worker.log"
    wait_until(lambda: re.search(r"sweep_deadlines\[.*succeeded", log.read_text()), words="the task never ran")


def test_the_script_finds_its_commands():
    script = (ROOT / "run").read_text()
    assert re.findall(r"^  (\w+|\*)\)$", script, re.MULTILINE) == ["test", "bench", "*"]
