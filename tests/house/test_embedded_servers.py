"""The embedded servers start when needed, survive a kill, and end with their last user."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from config.embedded import programs, unroot
from config.embedded.errors import EmbeddedError
from config.embedded.postgres import Postgres
from config.embedded.server import LONGEST_SOCKET_FOLDER, Answer
from config.embedded.valkey import Valkey

pytestmark = pytest.mark.house

USE_FOR_EVER = """
import sys, time
from pathlib import Path
from config.embedded.{module} import {kind}
server = {kind}(Path(sys.argv[1]))
server.acquire()
print("acquired", flush=True)
time.sleep(600)
"""


@pytest.fixture(params=[Postgres, Valkey])
def server(request, tmp_path):
    server = request.param(tmp_path / "server")
    yield server
    server.release_and_wait()


@pytest.fixture
def postgres(tmp_path):
    server = Postgres(tmp_path / "postgres")
    yield server
    server.release_and_wait()


@pytest.fixture
def other_user(server):
    """Another process that holds the server until it is killed."""
    code = USE_FOR_EVER.format(module=type(server).__module__.rpartition(".")[2], kind=type(server).__name__)
    with subprocess.Popen([sys.executable, "-c", code, str(server.folder)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"acquired\n"
        yield process
        process.kill()


def wait_until(condition, *, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def connect(postgres):
    return psycopg.connect(host=str(postgres.sockets), user="postgres", dbname="postgres", autocommit=True)


def test_nothing_runs_until_it_is_needed(server):
    assert server.answer() is Answer.NONE
    server.acquire()
    assert server.answer() is Answer.READY


def test_it_stops_when_its_last_user_is_gone(server):
    server.acquire()
    server.release_and_wait()
    assert server.answer() is Answer.NONE
    assert server.pid() is None


def test_it_stops_when_its_last_user_is_killed(server, other_user):
    assert server.answer() is Answer.READY
    other_user.kill()
    wait_until(lambda: server.pid() is None)
    assert server.answer() is Answer.NONE


def test_it_runs_on_while_another_process_uses_it(server, other_user):
    server.acquire()
    server.release_and_wait()
    assert server.answer() is Answer.READY


def test_it_is_restarted_after_a_kill(server):
    server.acquire()
    os.kill(server.pid(), signal.SIGKILL)
    wait_until(lambda: server.answer() is Answer.NONE)
    assert server.restart_if_down()
    assert server.answer() is Answer.READY


def test_a_running_server_is_left_alone(server):
    server.acquire()
    pid = server.pid()
    assert not server.restart_if_down()
    assert server.pid() == pid


def test_committed_rows_outlive_a_kill(postgres):
    postgres.acquire()
    with connect(postgres) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    os.kill(postgres.pid(), signal.SIGKILL)
    wait_until(lambda: postgres.answer() is Answer.NONE)
    postgres.restart_if_down()
    with connect(postgres) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_trigrams_of_chinese_words_are_not_empty(postgres):
    postgres.acquire()
    with connect(postgres) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        assert connection.execute("SELECT show_trgm('考核')").fetchone()[0]


def test_a_server_that_cannot_start_says_why(postgres, monkeypatch):
    monkeypatch.setitem(sys.modules["config.embedded.postgres"].SETTINGS, "shared_preload_libraries", "missing_library")
    with pytest.raises(EmbeddedError, match="missing_library"):
        postgres.acquire()


def test_a_half_made_cluster_is_made_anew(postgres):
    (postgres.folder / "data.new").mkdir(parents=True)
    (postgres.folder / "data.new" / "PG_VERSION").write_text("18")
    postgres.acquire()
    assert postgres.answer() is Answer.READY


def test_a_deep_folder_keeps_its_sockets_elsewhere(tmp_path):
    server = Valkey(tmp_path / ("deep" * 30))
    assert len(str(server.sockets)) < LONGEST_SOCKET_FOLDER
    server.acquire()
    server.release_and_wait()


@pytest.mark.parametrize(
    ("mode", "works"),
    [("userns", True), ("setpriv", True), ("neither", False)],
)
@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another way")
def test_root_has_two_ways(postgres, monkeypatch, mode, works):
    monkeypatch.setenv("EMBEDDED_ROOT_MODE", mode)
    unroot.mode.cache_clear()
    try:
        if works:
            postgres.acquire()
            assert postgres.answer() is Answer.READY
        else:
            with pytest.raises(EmbeddedError, match="refuses to run as root"):
                postgres.acquire()
    finally:
        unroot.mode.cache_clear()


def test_a_user_without_a_name_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    monkeypatch.setenv("EMBEDDED_ROOT_MODE", "neither")
    unroot.mode.cache_clear()
    with pytest.raises(EmbeddedError, match=r"54321 has no entry in /etc/passwd.*DATABASE_URL"):
        unroot.mode()
    unroot.mode.cache_clear()


def test_missing_programs_are_told(monkeypatch):
    monkeypatch.setattr(programs, "_package_folder", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(EmbeddedError, match="REDIS_URL"):
        programs.valkey_program()


def test_programs_may_be_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    monkeypatch.setenv("VALKEY_BIN", str(tmp_path / "valkey"))
    assert programs.postgres_folder() == tmp_path
    assert programs.valkey_program() == tmp_path / "valkey"
