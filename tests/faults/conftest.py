"""The product with the sample bureau loaded and decided, nothing opened yet; and ways to kill its parts."""

import contextlib
import json
import random
import signal
import time

import psutil
import pytest
import redis
from django.db import connection

from config.embedded import places
from config.env import home
from tests.faults.nursery import Nursery
from tests.product import ROOT, Product, wait_until
from tests.workflows.conftest import clock, due, late, make, opening  # noqa: F401 - errands, for the acts

SAMPLE = ROOT / "samples" / "haizhou"
RUNS = {"2025": "2026-03-31", "2025Q4": "2026-01-10", "2025-12": "2026-01-05"}
# What has still to leave: messages, and the parcels made of them.
TO_LEAVE = "sent_at IS NULL AND dead_at IS NULL"
UNSENT = f"""
SELECT (SELECT count(*) FROM workflows_outboxmessage WHERE {TO_LEAVE})
     + (SELECT count(*) FROM workflows_parcel WHERE {TO_LEAVE})
"""  # noqa: S608
# Time goes by: the lease of a worker that is no more runs out, what was gathering is gathered.
LEASES_END = (
    f"UPDATE workflows_outboxmessage SET available_at = now() WHERE {TO_LEAVE}",  # noqa: S608
    f"UPDATE workflows_parcel SET available_at = now() WHERE {TO_LEAVE}",  # noqa: S608
)


def pytest_collection_modifyitems(config, items):
    """The long form is run when it is asked for."""
    if not config.getoption("--faults"):
        storms = [item for item in items if item.get_closest_marker("storm")]
        config.hook.pytest_deselected(items=storms)
        items[:] = [item for item in items if item not in storms]


class Bureau(Product):
    """A running product whose cases are opened and whose programs are killed."""

    def prepare(self):
        self.manage("migrate", "-v0")
        self.manage("load_bureau", str(SAMPLE))
        self.manage("demo_accounts")
        for cycle, day in RUNS.items():
            self.manage("evaluate", cycle, "--as-of", day)
        return self

    def open(self, cycle):
        """Open a cycle's cases as one run would; what there is then, in numbers."""
        return json.loads(self.manage("open_cases", cycle, "--as-of", RUNS[cycle], "--json").stdout)

    def opening(self, cycle):
        return self.command("open_cases", cycle, "--as-of", RUNS[cycle])

    def count(self, statement, *values):
        [[number]] = self.rows(statement, *values)
        return number

    def kill(self, word):
        """Kill a program with everything it started, as when the machine takes it; true if it was there."""
        if not (program := self.program(word)):
            return False
        doomed = [program, *program.children(recursive=True)]
        for process in doomed:
            with_luck(process.kill)
        return True

    def kill_server(self, name):
        pid = self.wait_for_server(name, before=None)
        with_luck(psutil.Process(pid).kill)
        self.wait_for_server(name, before=pid)

    def wait_for_server(self, name, *, before):
        """The product itself gives a server a minute to come up, and tries again."""
        return wait_until(
            lambda: (pid := self.server_pid(name)) != before and pid, seconds=90, words=f"{name} did not come back"
        )

    def server_pid(self, name):
        try:
            return int((self.home / name / "server.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def flush_valkey(self):
        """Empty the queue, as when its disk is lost."""
        with contextlib.suppress(redis.RedisError):
            redis.Redis.from_url(places.valkey(self.home).url).flushall()

    def let_leases_end(self):
        for statement in LEASES_END:
            self.rows(statement)

    def drain(self, *, seconds=90):
        """Wait until every message is out, letting the leases of the dead run out."""
        end = time.monotonic() + seconds
        while self.count(UNSENT):
            assert time.monotonic() < end, "the outbox is not drained"
            self.let_leases_end()
            time.sleep(1)

    def assert_whole(self):
        """Nothing lost, nothing doubled: each case has one history row per version, each message one entry."""
        checked = self.manage("check_invariants", check=False)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert self.manage("verify_history", check=False).returncode == 0
        assert self.count("SELECT count(*) FROM workflows_case") > 0
        assert (
            self.rows(
                "SELECT c.id FROM workflows_case c LEFT JOIN workflows_transitionrecord r ON r.case_id = c.id "
                "GROUP BY c.id HAVING count(r.id) <> c.version"
            )
            == []
        )
        assert self.rows("SELECT message_id FROM workflows_inboxentry GROUP BY 1 HAVING count(*) > 1") == []


def with_luck(act):
    """It may be gone already."""
    try:
        act()
    except psutil.NoSuchProcess:
        return


def make_bureau(folder):
    return Bureau(folder, "--no-demo").prepare().start().wait_until_up()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """The running product, one for all tests of a file: each uses a cycle of its own."""
    bureau = make_bureau(tmp_path_factory.mktemp("faults"))
    yield bureau
    bureau.stop(signal.SIGKILL)
    wait_until(lambda: not bureau.running())


def write_figures(name, figures):
    """Figures of this run, which its end shows: tests/conftest.py."""
    folder = home() / "faults"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n")


@pytest.fixture
def record_faults():
    return write_figures


@pytest.fixture
def chance(request):
    """Where a fault falls: at random, told so that it can be tried again."""
    seed = random.randrange(10**6)  # noqa: S311  no secret
    request.node.user_properties.append(("seed", seed))
    return random.Random(seed)  # noqa: S311


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    return tmp_path_factory.mktemp("faults") / "mail"


def closed(nursery):
    nursery.close()
    if nursery.kills:
        write_figures("crash matrix", {"kills": nursery.kills, "lost": 0, "doubled": 0})


@pytest.fixture
def nursery(request, letters, transactional_db):
    """One for all tests of a file; the first of them makes the database and with it its name."""
    module = request.node.getparent(pytest.Module)
    if not hasattr(module, "nursery"):
        module.nursery = Nursery(database=connection.settings_dict["NAME"], mail=letters)
        module.addfinalizer(lambda: closed(module.nursery))
    for letter in letters.iterdir():
        letter.unlink()
    return module.nursery
