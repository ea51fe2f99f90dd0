"""The sample bureau, loaded once for the tests of a module and gone after it."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from appraisal.models import Cycle
from people.accounts import machine
from people.models import RoleGrant, Unit
from people.roles import Role

HAIZHOU = Path(__file__).parents[2] / "samples" / "haizhou"


@pytest.fixture(scope="module")
def haizhou(django_db_setup, django_db_blocker):
    """The sample folder; its rows are in the database while the module runs, in a transaction never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_bureau", str(HAIZHOU), verbosity=0)
        yield HAIZHOU
        transaction.set_rollback(True)


@pytest.fixture
def cycle(haizhou, db):
    return lambda code: Cycle.objects.get(code=code)


@pytest.fixture
def loader(haizhou, db):
    return machine("loader")


@pytest.fixture
def hr_of_haizhou(haizhou, db, make_account):
    return make_account("hr", Role.HR, Unit.objects.get(code="B00"))


@pytest.fixture
def hr_of_branch(haizhou, db, make_account):
    return make_account("hr_f01", Role.HR, Unit.objects.get(code="F01"))


@pytest.fixture
def grants(haizhou, db):
    return RoleGrant.objects.all()
