"""Entering and correcting units and officers."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from people.actions import add_officer, add_unit, correct_officer, correct_unit
from people.models import Change, Officer, Posting, Unit
from people.refusals import NotPermitted, Unfit


@pytest.fixture
def newcomer(station):
    return Officer(
        badge="2209999",
        name="江晓",
        sex="女",
        born_on=date(2000, 1, 2),
        joined_on=date(2024, 7, 1),
        unit=station,
        post_type="内勤",
        employment="在编",
    )


def test_personnel_enters_an_officer(newcomer, hr, station):
    add_officer(officer=newcomer, is_leader=True, actor=hr)
    posting = Posting.objects.get(officer=newcomer)
    assert (posting.unit, posting.from_day, posting.is_leader) == (station, date(2024, 7, 1), True)
    assert Change.objects.get().what == "officer_added"


def test_who_is_still_to_join_serves_from_today(newcomer, hr):
    newcomer.joined_on = timezone.localdate() + timedelta(days=30)
    add_officer(officer=newcomer, actor=hr)
    assert Posting.objects.get().from_day == timezone.localdate()


@pytest.mark.parametrize("who", ["unit_head", "leader", "auditor", "stranger"])
def test_nobody_else_touches_the_registers(request, newcomer, branch, who):
    actor = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        add_officer(officer=newcomer, actor=actor)
    with pytest.raises(NotPermitted):
        correct_officer(officer=newcomer, fields=["name"], actor=actor)
    with pytest.raises(NotPermitted):
        add_unit(unit=Unit(code="F09", name="新分局", parent=branch, kind="分局"), actor=actor)
    with pytest.raises(NotPermitted):
        correct_unit(unit=branch, fields=["name"], actor=actor)


def test_units_are_entered_by_administrators_alone(hr, administrator, branch):
    with pytest.raises(NotPermitted):
        add_unit(unit=Unit(code="F01P09", name="新所", parent=branch, kind="派出所"), actor=hr)
    added = add_unit(unit=Unit(code="F01P09", name="新所", parent=branch, kind="派出所"), actor=administrator)
    assert added.path == "/B00/F01/F01P09/"


def test_a_root_has_nothing_above_it(administrator):
    assert add_unit(unit=Unit(code="C00", name="另一市局", kind="市局"), actor=administrator).path == "/C00/"


def test_a_tree_too_deep_is_refused(bureau, make_unit, administrator):
    deep = bureau
    for step in range(9):
        deep = make_unit(f"{step}" * 20, parent=deep)
    with pytest.raises(Unfit):
        add_unit(unit=Unit(code="X" * 20, name="太深", parent=deep, kind="派出所"), actor=administrator)


def test_a_correction_does_not_move_anybody(officer, other_branch, hr, station):
    he = officer.officer
    he.unit, he.rank = other_branch, "二级警长"
    correct_officer(officer=he, fields=["unit", "rank"], actor=hr)
    he.refresh_from_db()
    assert (he.unit, he.rank) == (station, "二级警长")
