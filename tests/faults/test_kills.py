"""A killed worker, command, server or web process loses nothing and doubles nothing."""

import signal

import pytest

from tests.product import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

CASES = "SELECT count(*) FROM workflows_case"
CLAIMED = "SELECT count(*) FROM workflows_outboxmessage WHERE claim IS NOT NULL"


def test_a_worker_killed_in_mid_run_loses_and_doubles_nothing(running):
    """It has claimed messages and is about to write what their readers will find; there it is held, and killed."""
    with running.connect() as blocker:
        blocker.execute("LOCK TABLE workflows_inboxentry IN SHARE MODE")
        opened = running.open("2025")
        wait_until(lambda: running.count(CLAIMED), words="no message was claimed")
        assert running.kill("worker")
    running.wait_for("-9")
    wait_until(lambda: running.program("worker"))
    running.drain()
    running.assert_whole()
    assert running.count("SELECT count(*) FROM workflows_outboxmessage WHERE cause = 'step'") == opened["messages"]


def test_an_opening_killed_half_way_is_finished_by_the_next(running):
    before = running.count(CASES)
    opening = running.opening("2025Q4")
    wait_until(lambda: running.count(CASES) > before or opening.poll() is not None, seconds=60)
    opening.send_signal(signal.SIGKILL)
    opening.wait()
    finished = running.open("2025Q4")
    again = running.open("2025Q4")
    assert again["cases"] == finished["cases"]
    assert set(again["opened"].values()) == {0}
    running.drain()
    running.assert_whole()


def test_killed_servers_cost_no_case_and_no_message(running):
    """PostgreSQL goes while cases are being opened, Valkey while messages wait."""
    before = running.count(CASES)
    opening = running.opening("2025-12")
    wait_until(lambda: running.count(CASES) > before or opening.poll() is not None, seconds=60)
    running.kill_server("postgres")
    opening.wait(timeout=120)
    running.open("2025-12")
    running.kill_server("valkey")
    running.drain()
    running.assert_whole()


def test_a_killed_web_server_answers_again(running):
    assert running.kill("gunicorn")
    wait_until(running.answers, seconds=60)
