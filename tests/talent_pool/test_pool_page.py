"""The pool as it is now: for HR and the committee, within their units, filtered, exported."""

import csv
import io
from datetime import date

import pytest
import time_machine

from people.roles import Role
from talent_pool.kind import RESERVE
from talent_pool.models import ReserveCase
from tests.walk import begin

pytestmark = pytest.mark.django_db
POOL = "/reserve/"


@pytest.fixture
def member(hr, unit_head, leader, committee, inspector, make_officer, station):
    """Somebody in the pool since 8 April 2026, unless told otherwise."""

    def member(*, tier="ready", unit=station, stream="deputy", **fields):
        subject = make_officer(unit, **fields)
        walk = begin(RESERVE, title="提名", subject=subject, actor=hr, fields={"window": "2025"})
        ReserveCase.objects.filter(pk=walk.case_id).update(
            tier=tier,
            stream=stream,
            admitted_on=date(2026, 4, 8),
            review_on=date(2027, 4, 8),
            term_until=date(2028, 4, 8),
        )
        return walk

    return member


def names(page):
    return {case.officer.name for case in page.context["page"].rows}


def test_it_shows_who_is_in(member, hr, as_account):
    member(name="杜磊")
    begin_only = member(name="候选人")
    ReserveCase.objects.filter(pk=begin_only.case_id).update(admitted_on=None)
    page = as_account(hr).get(POOL)
    assert page.status_code == 200
    assert names(page) == {"杜磊"}


def test_who_left_is_not_in(member, hr, committee, as_account):
    walk = member(name="杜磊")
    walk.take("suspend", hr).take("remove", committee, reason="age")
    assert names(as_account(hr).get(POOL)) == set()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"杜磊", "林静", "刘玲"}),
        ("tier=ready", {"杜磊"}),
        ("tier=long_term", {"林静", "刘玲"}),
        ("stream=head", {"林静"}),
        ("q=杜", {"杜磊"}),
        ("q=nobody", set()),
        ("unit=F02", {"刘玲"}),
        ("unit=XX", set()),
        ("ending=1", {"刘玲"}),
        ("state=detected", {"杜磊", "林静", "刘玲"}),
        ("state=suspended", set()),
        ("tier=nonsense&state=nonsense", {"杜磊", "林静", "刘玲"}),
    ],
)
def test_filters(member, hr, other_branch, as_account, query, found):
    member(name="杜磊")
    member(name="林静", tier="long_term", stream="head")
    ending = member(name="刘玲", tier="long_term", unit=other_branch)
    ReserveCase.objects.filter(pk=ending.case_id).update(term_until=date(2026, 6, 1))
    with time_machine.travel("2026-04-20 09:00+08:00", tick=False):
        assert names(as_account(hr).get(f"{POOL}?{query}")) == found


def test_the_figures_open_their_names(member, hr, as_account):
    member(sex="女")
    member(tier="long_term")
    figures = as_account(hr).get(POOL).context["figures"]
    assert (figures.total, figures.ready, figures.long_term, figures.women) == (2, 1, 1, 1)


def test_export_is_the_same_filter(member, hr, as_account):
    member(name="杜磊")
    member(name="林静", tier="long_term")
    answer = as_account(hr).get(f"{POOL}?tier=ready&export=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["姓名或单位", "杜磊"]
    assert rows[1][3:9] == ["近期可用", "所队领导副职", "已检出", "2026-04-08", "2027-04-08", "2028-04-08"]


def test_a_branch_sees_its_own(member, make_account, branch, other_branch, as_account):
    member(name="杜磊")
    member(name="刘玲", unit=other_branch)
    branch_hr = make_account("branch_hr", Role.HR, branch)
    page = as_account(branch_hr).get(POOL)
    assert names(page) == {"杜磊"}
    assert page.context["figures"].total == 1


@pytest.mark.parametrize("who", ["hr", "committee"])
def test_readers_may(request, as_account, who):
    assert as_account(request.getfixturevalue(who)).get(POOL).status_code == 200


@pytest.mark.parametrize("who", ["stranger", "officer", "unit_head", "leader", "trainer", "equipment", "administrator"])
def test_a_stranger_gets_nothing(member, request, as_account, who):
    member(name="杜磊")
    for address in (POOL, f"{POOL}?export=csv"):
        page = as_account(request.getfixturevalue(who)).get(address)
        assert page.status_code == 404
        assert "杜磊" not in page.content.decode()


def test_nobody_signed_in_is_sent_to_sign_in(client, db):
    assert client.get(POOL).status_code == 302


def test_it_costs_the_same_for_one_and_for_many(member, hr, as_account, django_assert_max_num_queries):
    for _ in range(5):
        member()
    client = as_account(hr)
    with django_assert_max_num_queries(15):
        client.get(POOL)
