"""Giving and taking back roles."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from people.accounts import machine
from people.actions import end_grant, grant_role, turn_grants
from people.events import GrantsChanged
from people.models import EVERYWHERE, Account, Change, RoleGrant
from people.refusals import Clash, NotPermitted, Unfit
from people.roles import Role

TODAY = timezone.localdate()


def fresh(account):
    return Account.objects.get(pk=account.pk)


def test_a_role_holds_for_the_unit_and_below(officer, branch, station, other_branch, administrator, heard):
    grant_role(account=officer, role=Role.HR, unit=branch, actor=administrator, reason="轮岗")
    he = fresh(officer)
    assert he.may(Role.HR, branch.path)
    assert he.may(Role.HR, station.path)
    assert not he.may(Role.HR, other_branch.path)
    assert heard == [GrantsChanged(role=Role.HR, path=branch.path, day=TODAY, actor=administrator)]
    assert Change.objects.get().what == Change.What.ROLE_GRANTED


def test_taking_it_back_works_at_once(officer, branch, administrator, heard):
    grant = grant_role(account=officer, role=Role.HR, unit=branch, actor=administrator)
    end_grant(grant=grant, actor=administrator, reason="调离")
    assert fresh(officer).grants == ()
    grant.refresh_from_db()
    assert (grant.ended_by, grant.end_reason) == (administrator, "调离")
    assert len(heard) == 2


def test_it_can_be_given_again_the_same_day(officer, branch, administrator):
    grant = grant_role(account=officer, role=Role.HR, unit=branch, actor=administrator)
    end_grant(grant=grant, actor=administrator, reason="误授")
    grant_role(account=officer, role=Role.HR, unit=branch, actor=administrator)
    assert fresh(officer).grants == ((Role.HR, branch.path),)


def test_what_is_held_is_not_given_twice(officer, branch, administrator):
    grant_role(account=officer, role=Role.HR, unit=branch, actor=administrator)
    with pytest.raises(Clash):
        grant_role(account=officer, role=Role.HR, unit=branch, actor=administrator)


def test_the_database_refuses_it_twice_too(officer, branch, make_account):
    granted = {"account": officer, "role": Role.HR, "unit": branch, "path": branch.path, "granted_by": officer}
    RoleGrant.objects.create(from_day=date(2026, 1, 1), to_day=date(2026, 3, 31), **granted)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(from_day=date(2026, 3, 31), **granted)


def test_what_was_taken_back_is_not_taken_back_twice(officer, branch, administrator):
    grant = grant_role(account=officer, role=Role.HR, unit=branch, actor=administrator)
    end_grant(grant=grant, actor=administrator, reason="调离")
    with pytest.raises(Clash):
        end_grant(grant=grant, actor=administrator, reason="调离")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SYSTEM, "king"])
def test_some_roles_are_given_to_nobody(officer, branch, administrator, role):
    with pytest.raises(Unfit):
        grant_role(account=officer, role=role, unit=branch, actor=administrator)


def test_an_end_in_the_past_is_refused(officer, branch, administrator):
    with pytest.raises(Unfit):
        grant_role(account=officer, role=Role.HR, unit=branch, actor=administrator, to_day=TODAY - timedelta(days=1))


def test_a_closed_account_is_given_nothing(make_account, branch, administrator):
    gone = make_account("gone", is_active=False)
    with pytest.raises(Unfit):
        grant_role(account=gone, role=Role.HR, unit=branch, actor=administrator)


@pytest.mark.parametrize("who", ["hr", "leader", "auditor", "stranger"])
def test_only_administrators_give_and_take(request, who, officer, unit_head, station):
    actor = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        grant_role(account=officer, role=Role.HR, unit=station, actor=actor)
    with pytest.raises(NotPermitted):
        end_grant(grant=unit_head.role_grants.get(), actor=actor)


def test_an_administrator_of_a_branch_gives_only_there(make_account, officer, branch, station, bureau):
    of_branch = make_account("of_branch", Role.ADMINISTRATOR, branch)
    grant_role(account=officer, role=Role.HR, unit=station, actor=of_branch)
    for beyond in (bureau, None):
        with pytest.raises(NotPermitted):
            grant_role(account=officer, role=Role.HR, unit=beyond, actor=of_branch)


def test_nobody_gives_himself_a_role(administrator, branch):
    with pytest.raises(NotPermitted):
        grant_role(account=administrator, role=Role.HR, unit=branch, actor=administrator)


def test_the_last_administrator_stays(administrator):
    with pytest.raises(Clash):
        end_grant(grant=administrator.role_grants.get(), actor=administrator)


def test_the_last_but_one_may_go(administrator, make_account):
    other = make_account("other_administrator")
    grant = grant_role(account=other, role=Role.ADMINISTRATOR, unit=None, actor=administrator)
    assert fresh(other).is_staff
    end_grant(grant=grant, actor=administrator)
    assert not fresh(other).is_staff


def test_a_grant_that_ran_out_is_told_of(officer, branch, administrator, heard):
    grant = grant_role(account=officer, role=Role.HR, unit=branch, actor=administrator, to_day=TODAY)
    heard.clear()
    clock = machine("clock")
    assert turn_grants(day=TODAY, actor=clock) == 0
    assert turn_grants(day=TODAY + timedelta(days=1), actor=clock) == 1
    assert heard == [GrantsChanged(role=Role.HR, path=grant.path, day=TODAY + timedelta(days=1), actor=clock)]


def test_a_machine_is_made_once_and_acts_everywhere(db):
    assert machine("clock") == machine("clock")
    clock = machine("clock")
    assert clock.grants == ((Role.SYSTEM, EVERYWHERE),)
    assert not clock.has_usable_password()
