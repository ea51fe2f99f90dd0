"""The one door: who sees which units and people."""

import pytest

from people import access
from people.models import AccessLog


@pytest.fixture
def people(station, branch, other_branch, make_officer):
    """One officer in each unit, named for it."""
    return {unit.code: make_officer(unit) for unit in (station, branch, other_branch)}


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("hr", {"F01P01", "F01", "F02"}),
        ("inspector", {"F01P01", "F01", "F02"}),
        ("auditor", {"F01P01", "F01", "F02"}),
        ("leader", {"F01P01", "F01"}),  # of the branch F01
        ("other_unit_head", {"F02"}),
        ("trainer", set()),  # sees training cases, not lives
        ("equipment", set()),
        ("committee", set()),
        ("administrator", set()),  # keeps accounts, sees no content
    ],
)
def test_whose_records_a_role_opens(request, people, who, seen):
    visible = set(access.visible_officers(request.getfixturevalue(who)))
    assert visible == {people[code] for code in seen}


def test_everybody_sees_himself_and_no_more(people, stranger):
    assert list(access.visible_officers(stranger)) == [stranger.officer]


def test_acting_by_a_role_does_not_include_oneself(people, stranger):
    assert not access.visible_officers(stranger, "hr").exists()


def test_a_code_that_begins_alike_is_another_unit(make_account, make_unit, branch):
    make_unit("F011")
    of_branch = make_account("of_branch", "hr", branch)
    assert [unit.code for unit in access.visible_units(of_branch)] == ["F01"]


def test_an_ended_grant_opens_nothing(people, leader):
    leader.role_grants.update(to_day="2020-12-31")
    assert not access.visible_officers(leader).exists()


def test_hidden_and_missing_raise_alike(people, leader):
    for badge in (people["F02"].badge, "9999999"):
        with pytest.raises(access.NotFound):
            access.get_officer(leader, badge)
        with pytest.raises(access.NotFound):
            access.find_officer(leader, badge, "leader")
    for code in ("F02", "NONE"):
        with pytest.raises(access.NotFound):
            access.get_unit(leader, code)
    assert not AccessLog.objects.exists()


def test_the_role_written_down_is_one_that_allowed_it(people, make_account, branch, bureau):
    both = make_account("both", "hr", bureau)
    both.role_grants.create(role="unit_head", unit=branch, path=branch.path, from_day="2020-01-01", granted_by=both)
    access.get_officer(both, people["F01"].badge)
    access.get_officer(both, people["F02"].badge)
    assert list(AccessLog.objects.order_by("id").values_list("role", flat=True)) == ["unit_head", "hr"]
