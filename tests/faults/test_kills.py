"""A killed worker, command, server or web process loses nothing and doubles nothing."""

import signal

import pytest

from tests.product import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

CASES = "SELECT count(*) FROM workflows_case"
CLAIMED = "SELECT count(*) FROM workflows_outboxmessage WHERE claim IS NOT NULL"


def test_a_worker_killed_in_mid_run_loses_and_doubles_nothing(bureau):
    """It has claimed messages and is about to write what their readers will find; there it is held, and killed."""
    with bureau.connect() as blocker:
        blocker.execute("LOCK TABLE workflows_inboxentry IN SHARE MODE")
        opened = bureau.open("2025")
        wait_until(lambda: bureau.count(CLAIMED), words="no message was claimed")
        assert bureau.kill("worker")
    bureau.wait_for("-9")
    wait_until(lambda: bureau.program("worker"))
    bureau.drain()
    bureau.assert_whole()
    assert bureau.count("SELECT count(*) FROM workflows_outboxmessage WHERE cause = 'step'") == opened["messages"]


def test_an_opening_killed_half_way_is_finished_by_the_next(bureau):
    before = bureau.count(CASES)
    opening = bureau.opening("2025Q4")
    wait_until(lambda: bureau.count(CASES) > before or opening.poll() is not None, seconds=60)
    opening.send_signal(signal.SIGKILL)
    opening.wait()
    finished = bureau.open("2025Q4")
    again = bureau.open("2025Q4")
    assert again["cases"] == finished["cases"]
    assert set(again["opened"].values()) == {0}
    bureau.drain()
    bureau.assert_whole()


def test_killed_servers_cost_no_case_and_no_message(bureau):
    """PostgreSQL goes while cases are being opened, Valkey while messages wait."""
    before = bureau.count(CASES)
    opening = bureau.opening("2025-12")
    wait_until(lambda: bureau.count(CASES) > before or opening.poll() is not None, seconds=60)
    bureau.kill_server("postgres")
    opening.wait(timeout=120)
    bureau.open("2025-12")
    bureau.kill_server("valkey")
    bureau.drain()
    bureau.assert_whole()


def test_a_killed_web_server_answers_again(bureau):
    assert bureau.kill("gunicorn")
    wait_until(bureau.answers, seconds=60)
