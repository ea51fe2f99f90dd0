"""Who sees a case: himself, those above in his line, the offices that read the kind; nobody else."""

from uuid import uuid4

import pytest

from people.roles import Role
from people.stand_ins import places
from tests.errand.models import Errand
from workflows.access import CaseNotFound, get_case, visible
from workflows.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["unit_head", "leader", "hr", "inspector", "auditor"])
def test_who_answers_for_a_unit_sees_its_cases(make, role, request):
    (case,) = make()
    assert [seen.pk for seen in visible(request.getfixturevalue(role))] == [case]


@pytest.mark.parametrize(
    "role", ["stranger", "other_unit_head", "trainer", "equipment", "committee", "administrator", "officer"]
)
def test_to_others_it_is_as_if_there_were_none(make, role, request):
    (case,) = make()
    account = request.getfixturevalue(role)
    assert not visible(account).exists()
    for wanted in (case, uuid4()):
        with pytest.raises(CaseNotFound):
            get_case(account, wanted)


def test_an_officer_sees_his_own(make, officer):
    (case,) = make(officer_id=officer.officer_id)
    assert get_case(officer, case).pk == case


def test_who_has_the_work_sees_the_case_as_long_as_he_has_it(make, stranger, clock):
    (case,) = make()
    item = WorkItem.objects.filter(case=case)
    item.update(officer=stranger.officer)
    assert visible(stranger).get().pk == case
    item.update(closed_at=clock.at)
    assert not visible(stranger).exists()


def test_a_case_comes_as_its_own_kind_in_one_more_read(make, hr, django_assert_num_queries):
    (case,) = make()
    _ = hr.grants, places(hr)
    with django_assert_num_queries(2):
        found = get_case(hr, case)
        assert (type(found), found.officer.unit.code) == (Errand, "F01P01")


def test_the_readers_of_a_kind_see_it_within_their_units(make, make_account, other_branch, monkeypatch):
    from tests.errand.kind import KIND  # noqa: PLC0415

    (case,) = make()
    here, there = make_account("here", Role.COMMITTEE), make_account("there", Role.COMMITTEE, other_branch)
    assert not visible(here).exists()
    object.__setattr__(KIND, "readers", (*KIND.readers, Role.COMMITTEE))
    try:
        assert (visible(here).get().pk, visible(there).first()) == (case, None)
    finally:
        object.__setattr__(KIND, "readers", KIND.readers[:-1])
