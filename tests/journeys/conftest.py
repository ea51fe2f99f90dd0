"""The whole product with its demonstration data, started once, and people who use it in Chromium."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from people.demo import PASSWORD
from tests.journeys.person import Person, in_days
from tests.journeys.scene import REWARDED, TRAINED
from tests.product import Product, wait_until

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
TABLES = {
    "reward": "rewards_rewardcase",
    "resource": "rewards_resourcecase",
    "reserve": "talent_pool_reservecase",
    "post_adjustment": "talent_pool_postadjustmentcase",
    "training": "training_trainingcase",
}
NO_ACCOUNT = "o.id NOT IN (SELECT officer_id FROM people_account WHERE officer_id > 0)"
DEMO_SECONDS = 600  # on a machine that does much else


# Playwright runs a loop in this thread, in which Django's ORM would refuse to work: all journeys come first, in one go.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: HERE not in item.path.parents)
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


class Bureau(Product):
    """The running product, as its operator sees it."""

    def pass_days(self, number):
        """Let the clock make its round as on a later day."""
        self.manage("sweep_deadlines", "--now", in_days(number))

    def case(self, kind, where="TRUE", *values):
        """The key of a case that is still where it opened. The words are SQL over case c, its officer o, its row k."""
        found = self.rows(
            f"SELECT c.id FROM workflows_case c JOIN {TABLES[kind]} k ON k.case_ptr_id = c.id"  # noqa: S608  our words
            " JOIN workflows_transitionrecord r ON r.case_id = c.id AND r.number = 1 AND r.target = c.state"
            f" LEFT JOIN people_officer o ON o.id = c.officer_id WHERE {where} ORDER BY c.id LIMIT 1",
            *values,
        )
        assert found, f"no untouched {kind} case with {where} {values}"
        return found[0][0]

    def badge_of(self, key):
        """The officer a case is about."""
        ((badge,),) = self.rows(
            "SELECT o.badge FROM workflows_case c JOIN people_officer o ON o.id = c.officer_id WHERE c.id = %s", key
        )
        return badge

    def reader(self, key, role):
        """An account of the role at whose desk a case lies; if no work does, where its latest message went."""
        ((username,),) = self.rows(
            "SELECT min(a.username) FROM people_rolegrant g JOIN people_account a ON a.id = g.account_id"
            " WHERE g.role = %s AND g.path = (SELECT desk FROM ("
            "SELECT desk, 1 AS rank, id FROM workflows_workitem WHERE case_id = %s AND role = %s AND closed_at IS NULL"
            " UNION SELECT desk, 2, id FROM workflows_outboxmessage WHERE case_id = %s AND role = %s AND cause = 'step'"
            ") AS told ORDER BY rank, id DESC LIMIT 1)",
            *(role, key, role, key, role),
        )
        return username

    def head_for(self, key):
        return self.reader(key, "unit_head")

    def is_sound(self):
        """States, history and duties of all cases agree, and no link of the history was changed."""
        with ThreadPoolExecutor() as pool:
            names = ("check_invariants", "verify_history")
            answers = list(pool.map(lambda name: self.manage(name, check=False), names))
        for answer in answers:
            assert answer.returncode == 0, answer.stdout + answer.stderr
        return True


@pytest.fixture(scope="package")
def bureau(request, tmp_path_factory):
    """The product with the sample bureau: web, worker, beat, PostgreSQL and Valkey."""
    if home := request.config.getoption("--running"):
        yield running(*home.rsplit(":", 1))
        return
    product = Bureau(tmp_path_factory.mktemp("journeys") / "home").start()
    try:
        product.wait_for(product.url, seconds=DEMO_SECONDS)
        product.manage("shell", "--no-imports", "-c", "from tests.journeys import scene; scene.set_up()")
        yield product
        assert product.stop() == 0
    finally:
        product.stop(signal.SIGKILL)
        wait_until(lambda: not product.running())


def running(home, port):
    """A product that somebody keeps running while he writes journeys."""
    product = Bureau(Path(home))
    product.port = int(port)
    return product


@pytest.fixture(scope="package")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def _cast():
    return {}


@pytest.fixture
def person(bureau, chromium, _cast):
    """Somebody by his username, signed in once for all journeys; no page of his complains on the console."""

    def person(username, password=PASSWORD):
        if username not in _cast:
            context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
            _cast[username] = Person(context, bureau.url).sign_in(username, password)
        return _cast[username]

    yield person
    complaints = [words for known in _cast.values() for words in known.complaints]
    for known in _cast.values():
        known.complaints.clear()
    assert complaints == []


@pytest.fixture
def newcomer(person):
    """An officer without an account: the administrator opens one, and he signs in with the password he was given."""

    def newcomer(badge):
        page = person("admin").go(f"/people/{badge}/account/").page
        page.fill("form [name=reason]", "本人须在系统中办理")
        page.get_by_role("button", name="开立账户").click()
        password = page.locator("main code").nth(1)
        expect(password).to_be_visible()
        return person(badge, password.inner_text())

    return newcomer


@pytest.fixture(scope="package")
def keys(bureau):
    """Keys of rows that pages are about."""

    def one(statement, *values):
        return str(bureau.rows(statement, *values)[0][0])

    first = "SELECT id FROM workflows_case WHERE kind = %s AND closed_at IS NULL ORDER BY version DESC, id LIMIT 1"
    kinds = ("resource", "reserve", "post_adjustment", "objection")
    return {kind: one(first, kind) for kind in kinds} | {
        "reward": one("SELECT id FROM workflows_case WHERE kind = 'reward' AND state = 'detected' LIMIT 1"),
        "training": one(
            "SELECT c.id FROM workflows_case c JOIN people_officer o ON o.id = c.officer_id"
            " WHERE kind = 'training' AND badge = %s",
            TRAINED,
        ),
        "granted": one("SELECT id FROM workflows_case WHERE kind = 'reward' AND state = 'granted' LIMIT 1"),
        "officer": TRAINED,
        "decision": one("SELECT id FROM linkage_decision WHERE case_id IS NOT NULL LIMIT 1"),
        "policy": one("SELECT id FROM linkage_policy WHERE state <> 'draft' ORDER BY id LIMIT 1"),
        "draft": one("SELECT id FROM linkage_policy WHERE state = 'draft' ORDER BY id LIMIT 1"),
        "class": one("SELECT session_id FROM training_enrollmentlist WHERE version = 2 LIMIT 1"),
        "begun": one("SELECT id FROM training_classsession WHERE starts_on <= current_date LIMIT 1"),
        "result": one(
            "SELECT r.id FROM appraisal_result r JOIN people_officer o ON o.id = r.officer_id WHERE badge = %s LIMIT 1",
            REWARDED,
        ),
    }
