"""Ten thousand cases while everything is killed at random: what was promised is there once, what was told is told once.

Run with --faults. What it measured goes into `faults/` under TRILINK_HOME and stands at the end of the test run.
"""

import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.faults.conftest import SAMPLE, UNSENT, Bureau
from tests.product import ROOT, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.storm]

CASES = 10_000
RANGES = 2  # of cases; on each two clients try the same at the same time
STEPS = 3  # opened, and two steps
FAULTS = (
    "dispatch,deadlines",
    "long,post",
    "beat",
    "gunicorn",
    "client",
    "postgres",
    "valkey",
    "connections",
    "flushall",
)
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = 'trilink' AND pid <> pg_backend_pid() AND random() < 0.5
"""
STEPS_THERE = """
SELECT count(*), count(DISTINCT (r.case_id, r.step)) FROM workflows_transitionrecord r
JOIN workflows_case c ON c.id = r.case_id WHERE starts_with(c.key, 'chaos:')
"""
ENTRIES_THERE = """
SELECT count(*), count(DISTINCT e.message_id), count(e.id) FROM workflows_outboxmessage m
LEFT JOIN workflows_inboxentry e ON e.message_id = m.id WHERE m.role <> 'system'
"""


LETTERS = "SELECT key FROM workflows_parcel WHERE channel = 'mail' AND sent_at IS NOT NULL AND error = ''"
TOLD_BY_MAIL = """
SELECT count(*), count(DISTINCT m.id) FROM workflows_parcel p, unnest(p.messages) AS told(id)
JOIN workflows_outboxmessage m ON m.id = told.id
WHERE p.channel = 'mail' AND p.sent_at IS NOT NULL AND m.topic = 'reward.detected'
  AND p.account_id = (SELECT id FROM people_account WHERE username = 'hr')
"""


class Clients:
    """The processes that ask for cases and steps; one that was killed is started again."""

    def __init__(self, bureau, folder):
        self._bureau, self._folder = bureau, folder
        each = CASES // RANGES
        self._asked = [(f"{n}{twin}", n * each, (n + 1) * each) for n in range(RANGES) for twin in "ab"]
        self._running = {asked: self._start(asked) for asked in self._asked}

    def _start(self, asked):
        name, first, last = asked
        words = [sys.executable, "-m", "tests.faults.client", name, str(first), str(last), str(self._ledger(name))]
        return subprocess.Popen(words, cwd=ROOT, env=self._bureau.environment)

    def _ledger(self, name):
        return self._folder / f"{name}.jsonl"

    def kill(self, chance):
        asked = chance.choice(self._asked)
        if self._running[asked].poll() is None:
            self._running[asked].kill()
            return True
        return False

    def working(self):
        """Whether there is still something to do; who died of a kill begins again."""
        for asked, process in self._running.items():
            if process.poll() == -signal.SIGKILL:
                self._running[asked] = self._start(asked)
            else:
                assert process.poll() in {None, 0}, f"client {asked} failed"
        return any(process.poll() is None for process in self._running.values())

    def end(self):
        for process in self._running.values():
            process.kill()
            process.wait()

    def promised(self):
        """How often each step of each case was promised to somebody."""
        counted = Counter()
        for name, *_ in self._asked:
            for line in self._ledger(name).read_text().splitlines():
                for number, cases in enumerate(json.loads(line)["promised"]):
                    counted.update((case, number) for case in cases)
        return counted


@pytest.fixture
def bureau(tmp_path):
    bureau = Bureau(tmp_path / "home", "--no-demo")
    bureau.manage("migrate", "-v0")
    bureau.manage("load_bureau", str(SAMPLE))
    bureau.manage("demo_accounts")
    bureau.start().wait_until_up()
    bureau.rows("UPDATE people_account SET email = 'hr@example.org' WHERE username = 'hr'")
    yield bureau
    bureau.stop(signal.SIGKILL)
    wait_until(lambda: not bureau.running())


@pytest.fixture
def clients(bureau, tmp_path):
    clients = Clients(bureau, tmp_path)
    yield clients
    clients.end()


def strike(bureau, clients, chance):
    """One fault, wherever it falls; its name if it hit something."""
    fault = chance.choice(FAULTS)
    if fault in {"postgres", "valkey"}:
        bureau.kill_server(fault)
    elif fault == "connections":
        bureau.rows(CUT)
    elif fault == "flushall":
        bureau.flush_valkey()
    elif not (clients.kill(chance) if fault == "client" else bureau.kill(fault)):
        return None
    return fault


def identities(bureau):
    """The Message-IDs of all letters that went out; of a letter that went twice one."""
    letters = "".join(letter.read_text() for letter in (bureau.home / "mail").iterdir())
    return set(re.findall("^Message-ID: <(.*)@trilink>$", letters, re.MULTILINE))


def measured(bureau):
    """What there is against what there has to be, in numbers."""
    steps, distinct_steps = bureau.rows(STEPS_THERE)[0]
    messages, told, entries = bureau.rows(ENTRIES_THERE)[0]
    return {
        "cases": bureau.count("SELECT count(*) FROM workflows_case WHERE starts_with(key, 'chaos:')"),
        "steps": steps,
        "messages": messages,
        "lost": STEPS * CASES - distinct_steps + messages - told,
        "doubled": steps - distinct_steps + entries - told,
    }


def test_nothing_is_lost_or_doubled_in_ten_thousand_cases(bureau, clients, chance, record_faults):
    begun, faults = time.monotonic(), Counter()
    while clients.working() or bureau.count(UNSENT) > CASES // 4:  # the post is struck too
        time.sleep(chance.uniform(0.2, 2))
        if fault := strike(bureau, clients, chance):
            faults[fault] += 1
        bureau.let_leases_end()
    bureau.drain(seconds=300)
    figures = measured(bureau)
    seconds = round(time.monotonic() - begun)
    record_faults("chaos", figures | {"kills": faults.total(), "kills of": dict(faults), "seconds": seconds})
    bureau.assert_whole()
    assert (figures["cases"], figures["lost"], figures["doubled"]) == (CASES, 0, 0)
    promised = clients.promised()
    assert (len(promised), set(promised.values())) == ((STEPS - 1) * CASES, {1})
    # By mail: each message for HR in one letter, and each letter under the Message-ID that was given it first.
    assert bureau.rows(TOLD_BY_MAIL) == [(CASES, CASES)]
    assert identities(bureau) == {str(key) for (key,) in bureau.rows(LETTERS)}
