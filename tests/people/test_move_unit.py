"""Moving a unit: paths and grants of all below it follow."""

import pytest

from people.actions import move_unit
from people.events import Moved, UnitMoved
from people.models import RoleGrant, Unit
from people.refusals import Clash, NotPermitted, Unfit


def test_all_below_gets_new_paths(branch, station, other_branch, administrator, unit_head, heard):
    move_unit(unit=branch, parent=other_branch, actor=administrator, note="机构调整")
    paths = dict(Unit.objects.values_list("code", "path"))
    assert (paths["F01"], paths["F01P01"]) == ("/B00/F02/F01/", "/B00/F02/F01/F01P01/")
    assert RoleGrant.objects.get(account=unit_head).path == "/B00/F02/F01/F01P01/"
    assert heard[0] == UnitMoved(old="/B00/F01/", new="/B00/F02/F01/", actor=administrator)
    assert (branch.path, branch.parent) == ("/B00/F02/F01/", other_branch)


def test_its_head_now_answers_elsewhere(station, other_branch, unit_head, administrator, post, heard):
    post(unit_head.officer, station, leads=True)
    move_unit(unit=station, parent=other_branch, actor=administrator)
    assert isinstance(heard[1], Moved)
    assert heard[1].officer_ids == [unit_head.officer_id]


def test_a_code_that_begins_alike_is_left_alone(branch, other_branch, make_unit, administrator):
    make_unit("F011")
    move_unit(unit=branch, parent=other_branch, actor=administrator)
    assert Unit.objects.get(code="F011").path == "/B00/F011/"


@pytest.mark.parametrize(("moving", "above"), [("branch", "station"), ("branch", "branch"), ("bureau", "branch")])
def test_a_unit_cannot_hang_below_itself(request, moving, above, station, administrator):
    with pytest.raises(Unfit):
        move_unit(unit=request.getfixturevalue(moving), parent=request.getfixturevalue(above), actor=administrator)


def test_it_is_refused_where_nothing_changes(station, branch, administrator):
    with pytest.raises(Clash):
        move_unit(unit=station, parent=branch, actor=administrator)


def test_only_administrators_move_units(station, other_branch, hr):
    with pytest.raises(NotPermitted):
        move_unit(unit=station, parent=other_branch, actor=hr)


def test_a_tree_too_deep_is_refused(station, make_unit, bureau, administrator):
    deep = make_unit("D" * 20, parent=bureau)
    for _step in range(8):
        deep = make_unit(f"{_step}" * 20, parent=deep)
    with pytest.raises(Unfit):
        move_unit(unit=station, parent=deep, actor=administrator)
