"""What every test shares: a database whose history may be emptied, a small bureau, and the cast."""

import json
import time
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key
from xdist.scheduler import LoadFileScheduling

from config.env import home
from people.models import Account, Officer, RoleGrant, Unit
from people.roles import Role
from workflows import clock
from workflows.models import CalendarYear

# How long an example takes hangs on what else the machine does.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# Rows that migrations bring: the calendar, the awards, the courses. Kept as text while the tests run.
_brought_by_migrations = pytest.StashKey[str]()
_begun = pytest.StashKey[float]()
FIGURES = home() / "faults"
JOURNEYS = "tests/journeys/"
OTHERS_OF_THE_DATABASE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def pytest_addoption(parser):
    parser.addoption("--faults", action="store_true", help="run the fault tests in their long form")
    parser.addoption("--screenshots", action="store_true", help="write the pictures into docs/screenshots")
    parser.addoption("--running", metavar="HOME:PORT", help="walk journeys on a running product instead of a new one")


def pytest_sessionstart(session):
    session.config.stash[_begun] = time.time()


def pytest_terminal_summary(terminalreporter):
    """What the fault tests counted, in whichever process they ran."""
    begun = terminalreporter.config.stash[_begun]
    for file in sorted(file for file in FIGURES.glob("*.json") if file.stat().st_mtime >= begun):
        figures = json.loads(file.read_text())
        told = ", ".join(f"{name} {number}" for name, number in figures.items() if not isinstance(number, dict))
        terminalreporter.write_line(f"faults, {file.stem}: {told}")


class ByFile(LoadFileScheduling):
    """Tests of one file share what it sets up, all journeys share one product: each goes to one processor."""

    def _split_scope(self, nodeid):
        return JOURNEYS if nodeid.startswith(JOURNEYS) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    # Dealt in the order of collection, journeys first: they take longest, and would else come last with nobody beside.
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker):
    """Let a transactional test flush its tables: the history refuses TRUNCATE in every other database."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE \"{name}\" SET workflows.truncate = 'test database'")
        rows = [row for model in apps.get_models() if _ours(model) for row in model._base_manager.all()]
        request.config.stash[_brought_by_migrations] = serializers.serialize("json", rows)
        connection.close()
    yield
    # A thread of a live server may still hold its connection; the database cannot be dropped while it does.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(OTHERS_OF_THE_DATABASE)


def _ours(model):
    return not model.__module__.startswith("django.") and model._meta.managed and not model._meta.proxy


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A transactional test empties every table at its end: bring back what the migrations brought."""
    yield
    marker = item.get_closest_marker("django_db")
    emptied = "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction"))
    if emptied and nextitem:  # after the last test the database itself is gone
        with item.config.stash[blocking_manager_key].unblock(), transaction.atomic():
            for row in serializers.deserialize("json", item.config.stash[_brought_by_migrations]):
                row.save()
        clock.forget()


# The bureau: B00 over the branches F01 and F02, the station F01P01, and the offices D01 (HR) and D02 (training) -------
@pytest.fixture
def bureau(db):
    return Unit.objects.create(code="B00", name="海州市公安局", path="/B00/", kind="市局")


@pytest.fixture
def make_unit(bureau):
    def make_unit(code, *, parent=bureau, kind="派出所", **fields):
        return Unit.objects.create(
            code=code, name=f"单位{code}", parent=parent, path=f"{parent.path}{code}/", kind=kind, **fields
        )

    return make_unit


@pytest.fixture
def branch(make_unit):
    return make_unit("F01", kind="分局")


@pytest.fixture
def station(make_unit, branch):
    return make_unit("F01P01", parent=branch, peer_group="城区派出所")


@pytest.fixture
def other_branch(make_unit):
    return make_unit("F02", kind="分局")


@pytest.fixture
def make_officer(db):
    """Officers 2200001, 2200002, ... of a unit."""

    def make_officer(unit, **fields):
        number = 2200001 + Officer.objects.count()
        said = {
            "badge": str(number),
            "name": f"民警{number}",
            "sex": "男",
            "born_on": date(1990, 1, 1),
            "joined_on": date(2012, 7, 1),
            "post_type": "社区民警",
            "employment": "在编",
        }
        return Officer.objects.create(unit=unit, **(said | fields))

    return make_officer


# The cast: one account for each role, where such a person sits -------------------------------------------------------
@pytest.fixture
def make_account(db):
    """An account, holding a role for a unit and all below it (without a unit: everywhere)."""

    def make_account(username, role=None, unit=None, **fields):
        account = Account.objects.create_user(username, password="pass", **fields)
        if role:
            path = unit.path if unit else "/"
            RoleGrant.objects.create(
                account=account, role=role, unit=unit, path=path, from_day=date(2020, 1, 1), granted_by=account
            )
        return account

    return make_account


@pytest.fixture
def officer(make_account, make_officer, station):
    return make_account("officer", officer=make_officer(station, name="何帅欣"))


@pytest.fixture
def unit_head(make_account, make_officer, station):
    return make_account("unit_head", Role.UNIT_HEAD, station, officer=make_officer(station, name="陈所长"))


@pytest.fixture
def other_unit_head(make_account, other_branch):
    return make_account("other_unit_head", Role.UNIT_HEAD, other_branch)


@pytest.fixture
def leader(make_account, branch):
    return make_account("leader", Role.LEADER, branch)


@pytest.fixture
def hr(make_account, bureau):
    return make_account("hr", Role.HR, bureau)


@pytest.fixture
def trainer(make_account, bureau):
    return make_account("trainer", Role.TRAINING_UNIT, bureau)


@pytest.fixture
def equipment(make_account, bureau):
    return make_account("equipment", Role.EQUIPMENT, bureau)


@pytest.fixture
def committee(make_account, bureau):
    return make_account("committee", Role.COMMITTEE, bureau)


@pytest.fixture
def inspector(make_account, bureau):
    return make_account("inspector", Role.INSPECTOR, bureau)


@pytest.fixture
def auditor(make_account, bureau):
    return make_account("auditor", Role.AUDITOR, bureau)


@pytest.fixture
def administrator(make_account):
    return make_account("administrator", Role.ADMINISTRATOR, is_staff=True)


@pytest.fixture
def stranger(make_account, make_officer, other_branch):
    """An officer of another branch with no role: nothing of the station is his."""
    return make_account("stranger", officer=make_officer(other_branch, name="路人"))


@pytest.fixture
def published(db):
    """The calendars that migrations bring: a transactional test that ran earlier on this database emptied the table."""
    if not CalendarYear.objects.exists():
        loader = import_module("workflows.migrations.0003_published_calendars")
        loader.load(apps, None)
    clock.forget()
    yield
    clock.forget()


@pytest.fixture
def as_account():
    """A browser in which the account is signed in."""

    def as_account(account):
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_account
