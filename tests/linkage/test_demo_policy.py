"""The demonstration's draft: something to look at, once, and never on a foreign database by itself."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from linkage.models import Policy
from people.roles import Role

pytestmark = pytest.mark.django_db


def test_it_drafts_once(make_account, bureau):
    make_account("hr", Role.HR, bureau)
    call_command("demo_policy")
    call_command("demo_policy")
    draft = Policy.objects.get(state="draft")
    assert (draft.based_on.version, "share: 4%" in draft.text) == ("2026.1", True)


def test_it_needs_the_accounts_of_the_demonstration(bureau):
    with pytest.raises(CommandError, match="demo_accounts"):
        call_command("demo_policy")


def test_it_leaves_a_foreign_database_alone(make_account, bureau, monkeypatch):
    make_account("hr", Role.HR, bureau)
    monkeypatch.delitem(connection.settings_dict, "EMBEDDED")
    with pytest.raises(CommandError, match="--demo"):
        call_command("demo_policy")
    assert not Policy.objects.exists()
