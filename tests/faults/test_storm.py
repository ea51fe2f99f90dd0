"""The long form, run with --faults: everything is killed at random again and again while all cycles are opened."""

import signal
import time

import pytest

from config.embedded import places
from tests.faults.conftest import RUNS, Bureau, make_bureau
from tests.product import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.storm]

ROUNDS = 12
# Not by their keys: which of a person's decisions came first, and named the case, is chance.
KINDS_OF_CASES = """
SELECT c.kind, coalesce(o.badge, u.code), c.title, c.state, c.version,
    (SELECT array_agg(r.source ORDER BY r.source) FROM workflows_casereason r WHERE r.case_id = c.id) AS reasons
FROM workflows_case c LEFT JOIN people_officer o ON o.id = c.officer_id LEFT JOIN people_unit u ON u.id = c.unit_id
ORDER BY 1, 2, 3, 6
"""


@pytest.fixture
def calm(tmp_path):
    """The cases of a bureau in which nothing goes wrong."""
    bureau = Bureau(tmp_path / "calm").prepare()
    for cycle in RUNS:
        bureau.open(cycle)
    server = places.postgres(bureau.home)
    server.acquire()
    yield bureau.rows(KINDS_OF_CASES)
    server.release_and_wait()


@pytest.fixture
def stormy(tmp_path):
    bureau = make_bureau(tmp_path / "stormy")
    yield bureau
    bureau.stop(signal.SIGKILL)
    wait_until(lambda: not bureau.running())


def strike(bureau, chance):
    """One fault, wherever it falls."""
    fault = chance.choice(["worker", "gunicorn", "beat", "postgres", "valkey"])
    if fault in {"postgres", "valkey"}:
        bureau.kill_server(fault)
    else:
        bureau.kill(fault)


def test_a_storm_ends_where_a_calm_day_does(calm, stormy, chance):
    for _ in range(ROUNDS):
        opening = stormy.opening(chance.choice(list(RUNS)))
        time.sleep(chance.uniform(0, 6))
        strike(stormy, chance)
        if chance.random() < 0.5:
            opening.kill()
        opening.wait(timeout=120)
    for cycle in RUNS:
        stormy.open(cycle)
    stormy.drain(seconds=180)
    stormy.assert_whole()
    assert stormy.rows(KINDS_OF_CASES) == calm
