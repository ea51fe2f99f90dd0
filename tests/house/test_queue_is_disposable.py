"""Redis may be emptied or gone at any time: nothing is lost, and no page waits for it. Two beats do the work of one."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psutil
import pytest
from redis import Redis

from config.embedded import places
from tests.faults.conftest import RUNS, make_bureau
from tests.product import ROOT, wait_until

pytestmark = [pytest.mark.house, pytest.mark.slow]

CYCLE = "2025Q4"
UNSENT = "SELECT count(*) FROM workflows_outboxmessage WHERE sent_at IS NULL AND topic <> 'canary'"
# A slot is unique by itself; that the second beat was at work too is told by turns that two of them asked for.
DOUBLE = "SELECT name, at FROM workflows_slot GROUP BY 1, 2 HAVING count(*) > 1"
STATE = "SELECT state FROM workflows_job WHERE id = %s"


@pytest.fixture(scope="module")
def bureau(tmp_path_factory):
    bureau = make_bureau(tmp_path_factory.mktemp("disposable"))
    yield bureau
    bureau.stop()
    wait_until(lambda: not bureau.running())


def redis(bureau):
    return Redis.from_url(places.valkey(bureau.home).url)


def pages_answer(bureau):
    begun = time.monotonic()
    with urllib.request.urlopen(bureau.url + "sign-in/", timeout=5) as answer:  # noqa: S310  our own address
        return answer.status == 200 and time.monotonic() - begun < 3


def asked(bureau, name):
    try:
        with urllib.request.urlopen(bureau.url + name, timeout=5) as answer:  # noqa: S310  our own address
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def ask_for(bureau, cycle):
    """Open a cycle's cases in the background; the job's number."""
    told = bureau.manage("open_cases", cycle, "--as-of", RUNS[cycle], "--background").stdout
    return int("".join(letter for letter in told.split("；")[0] if letter.isdigit()))


def test_after_flushall_in_mid_run_everything_is_delivered_all_the_same(bureau):
    begun = bureau.rows("SELECT count(*) FROM workflows_case")
    number = ask_for(bureau, CYCLE)
    for _ in range(20):
        redis(bureau).flushall()
        time.sleep(0.2)
    wait_until(lambda: bureau.rows(STATE, number) == [("done",)], seconds=150, words="the job was lost")
    wait_until(lambda: bureau.rows(UNSENT) == [(0,)], seconds=60, words="messages were lost")
    assert bureau.rows("SELECT count(*) FROM workflows_case") > begun
    bureau.assert_whole()


def test_a_job_whose_worker_is_killed_is_taken_up_again(bureau):
    number = ask_for(bureau, "2025")
    wait_until(lambda: bureau.rows(STATE, number) == [("running",)], seconds=60, words="the job was not taken")
    assert bureau.kill("long")
    wait_until(lambda: bureau.rows(STATE, number) == [("done",)], seconds=200, words="the job was lost")
    [(tries,)] = bureau.rows("SELECT tries FROM workflows_job WHERE id = %s", number)
    assert tries == 2
    wait_until(lambda: bureau.rows(UNSENT) == [(0,)], seconds=100, words="messages were lost")
    bureau.assert_whole()


def test_two_beats_do_the_work_of_one(bureau):
    argv = [sys.executable, "-m", "celery", "--app", "config.celery", "beat", "--pidfile="]
    argv += ["--schedule", str(bureau.home / "second-beat")]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(argv, cwd=ROOT, env=bureau.environment, **quiet) as second:
        time.sleep(12)
        since = bureau.rows("SELECT now() - interval '8 seconds'")[0][0]
        turns = bureau.rows("SELECT count(*) FROM workflows_slot WHERE name = 'deliver_outbox' AND won_at > %s", since)
        second.terminate()
    assert bureau.rows(DOUBLE) == []
    assert turns[0][0] <= 10  # one a second, not two


def test_while_redis_is_gone_pages_answer_and_afterwards_all_goes_on(bureau):
    server = psutil.Process(bureau.server_pid("valkey"))
    server.suspend()  # it neither answers nor refuses: the worst way to be gone
    try:
        for _ in range(5):
            assert pages_answer(bureau)
        assert asked(bureau, "healthz") == (200, {"alive": True})
        status, said = asked(bureau, "readyz")
        assert (status, said["parts"]["redis"]["ok"], said["parts"]["database"]["ok"]) == (503, False, True)
    finally:
        server.resume()
    bureau.kill_server("valkey")
    assert pages_answer(bureau)
    canaries = "SELECT count(*) FROM workflows_canary WHERE arrived_at IS NOT NULL AND sent_at > %s"
    since = bureau.rows("SELECT now()")[0][0]
    wait_until(lambda: bureau.rows(canaries, since) != [(0,)], seconds=150, words="no canary came through again")
    wait_until(lambda: asked(bureau, "readyz")[0] == 200, seconds=60, words="never ready again")
