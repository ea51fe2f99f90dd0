"""The first account, and the accounts of the demonstration."""

import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from people import demo
from people.models import EVERYWHERE, Account, RoleGrant
from people.roles import Role

GOOD = "Wei-Lan-7431"


@pytest.fixture
def typed(monkeypatch):
    def typed(text):
        monkeypatch.setattr(sys, "stdin", StringIO(text))

    return typed


def test_the_first_account_administers_everything(db, typed):
    typed(f"{GOOD}\n")
    call_command("create_admin", username="fang", password_stdin=True, stdout=StringIO())
    account = Account.objects.get(username="fang")
    assert account.check_password(GOOD)
    assert account.grants == ((Role.ADMINISTRATOR, EVERYWHERE),)
    assert (account.is_staff, account.is_superuser) == (True, False)


@pytest.mark.parametrize(
    ("username", "text", "said"),
    [
        ("fang", "123\n", "口令太短，至少要有 8 个字符"),
        ("fang", "", "口令太短"),
        ("fanglaoshi", "fanglaoshi1\n", "口令与用户名太相近"),
        ("fang", "password1\n", "太常见"),
        ("fang fang", f"{GOOD}\n", "用户名"),
        ("hr", f"{GOOD}\n", "账户“hr”已存在"),
        ("", f"{GOOD}\n", "--username"),
    ],
)
def test_wrong_input_creates_nothing(hr, typed, username, text, said):
    typed(text)
    with pytest.raises(CommandError, match=said) as refused:
        call_command("create_admin", username=username, password_stdin=True)
    assert refused.value.returncode == 2
    assert Account.objects.exclude(is_machine=True).count() == 1


def test_without_a_terminal_it_asks_for_the_option(db, typed):
    typed("")
    with pytest.raises(CommandError, match="password-stdin"):
        call_command("create_admin", username="fang")


@pytest.fixture
def terminal(monkeypatch):
    """Somebody at a terminal, with what he types."""

    def terminal(name, *passwords):
        answers = iter(passwords)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda question: name)
        monkeypatch.setattr("getpass.getpass", lambda question: next(answers))

    return terminal


def test_at_a_terminal_it_asks(db, typed, terminal):
    typed("")
    terminal("fang", GOOD, GOOD)
    call_command("create_admin", stdout=StringIO())
    assert Account.objects.get(username="fang").check_password(GOOD)


def test_two_passwords_that_differ_create_nothing(db, typed, terminal):
    typed("")
    terminal("fang", GOOD, "other")
    with pytest.raises(CommandError, match="两次输入的口令不同"):
        call_command("create_admin")
    assert not Account.objects.exists()


# The demonstration ----------------------------------------------------------------------------------------------------
@pytest.fixture
def sample(bureau, make_unit, make_officer, post):
    """As much of the sample bureau as the cast needs."""
    branch = make_unit("F04", kind="分局")
    first, second = make_unit("F04P01", parent=branch), make_unit("F04P02", parent=branch)
    make_officer(first, badge=demo.TRAINED)
    make_officer(second, badge=demo.NOMINATED)
    post(make_officer(second, badge="2200007"), second, leads=True)


def told(**options):
    out = StringIO()
    call_command("demo_accounts", stdout=out, **options)
    return out.getvalue()


def test_every_role_has_somebody_and_every_unit_a_head(sample):
    printed = told(demo=True)
    roles = set(RoleGrant.objects.values_list("role", flat=True))
    assert roles == {role for role in Role if role != Role.OFFICER}
    heads = RoleGrant.objects.filter(role=Role.UNIT_HEAD)
    assert set(heads.values_list("unit__code", flat=True)) == {"B00", "F04", "F04P01", "F04P02"}
    assert heads.get(unit__code="F04P02").account.officer.badge == "2200007"
    assert RoleGrant.objects.filter(role=Role.COMMITTEE, unit__code="B00").count() >= 3
    assert demo.PASSWORD in printed
    assert demo.TRAINED in printed


def test_whoever_is_told_can_sign_in(sample):
    told(demo=True)
    for player in demo.cast():
        if player.shown:
            assert Account.objects.get(username=player.username).check_password(demo.PASSWORD)


def test_a_second_run_changes_nothing(sample):
    first = told(demo=True)
    changed = Account.objects.get(username="hr")
    changed.set_password(GOOD)
    changed.save()
    counts = (Account.objects.count(), RoleGrant.objects.count())
    assert told(demo=True) == first
    assert (Account.objects.count(), RoleGrant.objects.count()) == counts
    changed.refresh_from_db()
    assert changed.check_password(GOOD)


def test_it_can_be_quiet(sample):
    assert told(demo=True, verbosity=0) == ""


def test_never_by_itself_on_a_database_of_one_s_own(sample, monkeypatch):
    monkeypatch.delitem(connection.settings_dict, "EMBEDDED", raising=False)
    with pytest.raises(CommandError, match="--demo") as refused:
        told()
    assert refused.value.returncode == 2
    assert not Account.objects.exists()


def test_without_the_sample_bureau_it_says_what_to_do(db):
    with pytest.raises(CommandError, match="load_bureau"):
        told(demo=True)
