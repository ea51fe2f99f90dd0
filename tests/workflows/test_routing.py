"""Where work lands, and how it follows when people, roles and units move."""

from datetime import UTC, date, datetime

import pytest

from people.actions import Post, end_grant, grant_role, move_officer, move_unit
from people.models import RoleGrant
from people.queries import Desks
from people.roles import Role
from tests.errand.kind import KIND
from tests.errand.models import Errand, State
from workflows import routing
from workflows.actions import advance
from workflows.kinds import Duty
from workflows.models import Case, ItemChange, WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(make_account):
    return make_account("keeper", Role.ADMINISTRATOR)


@pytest.fixture
def accepted(unit_head, make, hr, clock):
    ids = make()
    advance(ids, Errand.accept, actor=hr, clock=clock)
    return ids


def desk():
    return WorkItem.objects.get(closed_at=None).desk


def test_work_lands_on_the_nearest_desk_up_the_line(make, hr, make_account, branch, clock, opening):
    make_account("hr of the branch", Role.HR, branch)
    make()
    assert desk() == branch.path


def test_without_anybody_it_lands_at_the_root(make, hr, clock, bureau):
    advance(make(), Errand.accept, actor=hr, clock=clock)
    assert desk() == bureau.path


def test_a_duty_may_name_a_person_or_the_place_to_look_from(make, clock, monkeypatch, make_account, branch, hr, bureau):
    make_account("hr of the branch", Role.HR, branch)
    other = Duty(
        role=Role.HR,
        title="x",
        due=KIND.duties[State.ASKED].due,
        person=lambda case: case.officer_id,
        at=lambda case: "/B00/",
    )
    monkeypatch.setitem(KIND.duties, State.ASKED, other)
    make()
    item = WorkItem.objects.get()
    assert (item.role, item.desk, item.officer_id) == (Role.HR, bureau.path, Case.objects.get().officer_id)
    assert routing.route("", "/", actor=hr) == []  # it is asked the same way again


def test_his_unit_head_follows_an_officer_who_moves(
    accepted, keeper, make_unit, other_branch, other_unit_head, hr, unit_head
):
    officer = Case.objects.get().officer
    move_officer(officer=officer, to=Post(unit=other_branch, post_type="社区民警"), day=date(2026, 11, 20), actor=hr)
    case = Case.objects.get()
    assert (case.unit_path, case.line_path) == (other_branch.path, other_branch.path)
    assert desk() == other_branch.path
    assert [(c.why, c.desk_to, c.actor) for c in ItemChange.objects.all()] == [("routed", other_branch.path, hr)]


def test_work_of_an_office_stays_unless_its_reach_ends(make, make_account, branch, other_branch, hr):
    make_account("hr of the other branch", Role.HR, other_branch)  # nearer, but it is not their work
    make()
    assert desk() == "/B00/"
    officer = Case.objects.get().officer
    move_officer(officer=officer, to=Post(unit=other_branch, post_type="社区民警"), day=date(2026, 11, 20), actor=hr)
    assert desk() == "/B00/"
    assert not ItemChange.objects.exists()


def test_work_of_a_branch_office_leaves_with_the_officer(make, make_account, branch, other_branch, hr):
    make_account("hr of the branch", Role.HR, branch)
    make()
    assert desk() == branch.path
    officer = Case.objects.get().officer
    move_officer(officer=officer, to=Post(unit=other_branch, post_type="社区民警"), day=date(2026, 11, 20), actor=hr)
    assert desk() == "/B00/"


def test_closed_cases_stay_where_they_were(make, hr, clock, other_branch, station):
    ids = make(fields={"purpose": "x", "place": "y"})
    for step in (Errand.accept, Errand.finish):
        advance(ids, step, actor=hr, clock=clock)
    move_officer(
        officer=Case.objects.get().officer,
        to=Post(unit=other_branch, post_type="社区民警"),
        day=date(2026, 11, 20),
        actor=hr,
    )
    assert Case.objects.get().unit_path == station.path


def test_a_new_holder_nearer_by_gets_the_work_and_gives_it_back(make, make_account, branch, keeper):
    make()
    grant_role(account=make_account("new"), role=Role.HR, unit=branch, actor=keeper, reason="新设")
    assert desk() == branch.path
    end_grant(grant=RoleGrant.objects.get(role=Role.HR, path=branch.path), actor=keeper, reason="撤销")
    assert desk() == "/B00/"
    assert ItemChange.objects.count() == 2


def test_a_unit_that_moves_takes_cases_and_desks_along(accepted, branch, other_branch, keeper, station):
    move_unit(unit=station, parent=other_branch, actor=keeper, note="调整")
    case = Case.objects.get()
    assert case.unit_path == case.line_path == desk() == "/B00/F02/F01P01/"


def test_the_command_puts_right_what_lies_wrong(make, capsys):
    from django.core.management import call_command  # noqa: PLC0415

    make(3)
    WorkItem.objects.update(desk="/nowhere/")
    call_command("route_work")
    assert "已转交 3 项" in capsys.readouterr().out
    assert set(WorkItem.objects.values_list("desk", flat=True)) == {"/B00/"}


@pytest.mark.parametrize(
    ("grant", "held"),
    [
        ({}, True),
        ({"from_day": date(2026, 11, 21)}, False),
        ({"to_day": date(2026, 11, 20)}, True),
        ({"to_day": date(2026, 11, 19)}, False),
        ({"ended_at": datetime(2026, 11, 20, 1, tzinfo=UTC)}, False),
        ({"ended_at": datetime(2026, 11, 20, 17, tzinfo=UTC)}, True),  # on the 21st in Haizhou
    ],
)
def test_the_short_way_to_the_desks_says_what_the_long_way_says(hr, bureau, grant, held):
    RoleGrant.objects.update(**grant)
    day = date(2026, 11, 20)
    near = Desks.near(roles=["hr"], paths=["/", "/B00/"], day=day)
    assert near._held == Desks.on(day)._held
    assert bool(near._held) is held


def test_a_duty_cannot_be_looked_for_beside_the_case(make, monkeypatch):
    aside = Duty(role=Role.HR, title="x", due=KIND.duties[State.ASKED].due, at=lambda case: "/B00/F99/")
    monkeypatch.setitem(KIND.duties, State.ASKED, aside)
    with pytest.raises(LookupError, match="neither a unit of the case nor above one"):
        make()
