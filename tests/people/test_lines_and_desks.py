"""Where an officer stands on a day, and whose desk is nearest."""

from datetime import date

import pytest

from people.queries import Desks, Line, ancestors, lines, parent, root
from people.roles import Role

DAY = date(2026, 3, 31)


def test_an_officers_line_is_his_own_unit(post, make_officer, station):
    he = make_officer(station)
    post(he, station)
    assert lines([he.pk], DAY) == {he.pk: Line("/B00/F01/F01P01/", "/B00/F01/F01P01/")}


def test_the_head_of_a_unit_answers_to_the_unit_above(post, make_officer, station):
    she = make_officer(station)
    post(she, station, leads=True)
    assert lines([she.pk], DAY)[she.pk] == Line("/B00/F01/F01P01/", "/B00/F01/")


def test_the_head_of_the_root_answers_to_nobody_above(post, make_officer, bureau):
    chief = make_officer(bureau)
    post(chief, bureau, leads=True)
    assert lines([chief.pk], DAY)[chief.pk] == Line("/B00/", "/B00/")


def test_the_day_decides_which_posting_counts(post, make_officer, station, other_branch):
    he = make_officer(station)
    post(he, other_branch, until=date(2026, 3, 30))
    post(he, station, since=date(2026, 3, 31))
    assert lines([he.pk], date(2026, 3, 30))[he.pk].unit_path == "/B00/F02/"
    assert lines([he.pk], date(2026, 3, 31))[he.pk].unit_path == "/B00/F01/F01P01/"


def test_without_a_posting_on_the_day_the_present_unit_counts(make_officer, station):
    he = make_officer(station)
    assert lines([he.pk], DAY)[he.pk] == Line(station.path, station.path)


def test_many_lines_cost_two_reads(make_officer, station, post, django_assert_num_queries):
    people = [make_officer(station) for _ in range(5)]
    post(people[0], station)
    with django_assert_num_queries(2):
        assert len(lines([person.pk for person in people], DAY)) == 5


@pytest.mark.parametrize(
    ("held", "role", "path", "nearest"),
    [
        # the unit's own holder
        ({"unit_head": {"/B00/F01/F01P01/", "/B00/F01/"}}, "unit_head", "/B00/F01/F01P01/", "/B00/F01/F01P01/"),
        # nobody there: the one above
        ({"unit_head": {"/B00/F01/"}}, "unit_head", "/B00/F01/F01P01/", "/B00/F01/"),
        # a neighbour's holder is not in the line
        ({"hr": {"/B00/F02/", "/B00/"}}, "hr", "/B00/F01/F01P01/", "/B00/"),
        # a code that only begins alike is another unit
        ({"hr": {"/B00/F0/", "/B00/"}}, "hr", "/B00/F01/", "/B00/"),
        # somebody who holds the role everywhere
        ({"hr": {"/"}}, "hr", "/B00/F01/", "/"),
        # nobody at all: the root's desk
        ({}, "hr", "/B00/F01/F01P01/", "/B00/"),
    ],
)
def test_the_nearest_desk(held, role, path, nearest):
    assert Desks(held).nearest(role, path) == nearest


def test_desks_are_those_in_force_of_open_accounts(make_account, station, branch, django_assert_num_queries):
    make_account("head", Role.UNIT_HEAD, station)
    make_account("gone", Role.HR, branch, is_active=False)
    former = make_account("former", Role.LEADER, branch)
    former.role_grants.update(to_day=date(2026, 3, 30))
    with django_assert_num_queries(1):
        desks = Desks.on(DAY)
        assert desks.nearest(Role.UNIT_HEAD, station.path) == station.path
        assert desks.nearest(Role.HR, station.path) == "/B00/"
        assert desks.nearest(Role.LEADER, station.path) == "/B00/"


@pytest.mark.parametrize(
    ("path", "above", "top"),
    [("/B00/F01/F01P01/", "/B00/F01/", "/B00/"), ("/B00/F01/", "/B00/", "/B00/"), ("/B00/", "", "/B00/")],
)
def test_paths_know_what_is_above_them(path, above, top):
    assert parent(path) == above
    assert root(path) == top


def test_ancestors_run_from_the_root_down(station):
    assert [unit.code for unit in ancestors(station)] == ["B00", "F01", "F01P01"]
