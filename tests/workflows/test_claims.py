"""Taking work from a desk's pool: one wins, the other is told who; a claim says who has it and locks nothing."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from people.actions import end_grant, set_stand_in
from people.models import Account, RoleGrant
from people.roles import Role
from tests.errand.models import Errand
from workflows import claims, desk
from workflows import clock as clocks
from workflows.actions import advance
from workflows.models import ItemChange, WorkItem
from workflows.paging import Cursor
from workflows.routing import route

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(make_account, make_officer, bureau):
    return make_account("colleague", Role.HR, bureau, officer=make_officer(bureau, name="李志远"))


@pytest.fixture
def bureau_head(make_account, bureau):
    return make_account("bureau_head", Role.UNIT_HEAD, bureau)


def of(ids):
    return Q(case__in=ids)


def listed(account, claim):
    chosen = desk.Filter(claim=claim, reader=account.pk)
    page = desk.page(account, chosen, Cursor(), clock=clocks.now())
    return {item.case_id for item in page.rows}


def test_claimed_released_and_in_the_ledger(make, hr, colleague):
    ids = make(3)
    assert len(claims.claim(of(ids[:2]), actor=hr).done) == 2
    assert listed(hr, desk.MINE) == set(ids[:2])
    assert listed(colleague, desk.FREE) == {ids[2]}
    assert listed(colleague, "") == set(ids)
    claims.release(of(ids[:1]), actor=hr)
    rows = ItemChange.objects.order_by("id").values_list("why", "holder_from__username", "holder_to__username")
    assert list(rows) == [("claimed", None, "hr"), ("claimed", None, "hr"), ("released", "hr", None)]
    assert WorkItem.objects.get(case=ids[0]).claimed_at is None


def test_the_second_is_told_who_was_first(make, hr, colleague):
    ids = make()
    claims.claim(of(ids), actor=colleague)
    outcome = claims.claim(of(ids), actor=hr)
    assert (outcome.done, list(outcome.refused.values())) == ([], ["李志远已认领"])
    assert WorkItem.objects.get().claimed_by == colleague


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins(make, hr, colleague):
    ids, start, told = make(), Barrier(2), []

    def take(account):
        start.wait()
        told.append(claims.claim(of(ids), actor=Account.objects.get(pk=account.pk)))
        connection.close()

    threads = [Thread(target=take, args=(account,)) for account in (hr, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(one.done) for one in told) == [0, 1]
    assert sum(len(one.refused) for one in told) == 1
    assert ItemChange.objects.filter(why="claimed").count() == 1


def test_claimed_again_by_the_same_changes_nothing(make, hr):
    ids = make()
    for _ in range(2):
        assert claims.claim(of(ids), actor=hr).refused == {}
    assert ItemChange.objects.count() == 1


def test_a_claim_is_no_lock(make, hr, colleague):
    ids = make()
    claims.claim(of(ids), actor=colleague)
    assert advance(ids, Errand.accept, actor=hr).taken == ids


def test_it_is_handed_to_one_of_the_desk_by_the_desk_or_from_above(make, hr, colleague, bureau_head, stranger, leader):
    ids = make()
    assert claims.assign(of(ids), to=colleague, actor=hr, note="熟悉情况").done
    assert ItemChange.objects.get().note == "熟悉情况"
    assert claims.assign(of(ids), to=hr, actor=bureau_head).done
    assert list(claims.assign(of(ids), to=stranger, actor=hr).refused.values()) == ["路人不在这个待办台"]
    for outsider in (stranger, leader):  # the leader is in charge of a branch, the desk is the bureau's
        assert claims.assign(of(ids), to=colleague, actor=outsider).done == []
        assert claims.release(of(ids), actor=outsider).done == []
        assert claims.claim(of(ids), actor=outsider).done == []
    assert WorkItem.objects.get().claimed_by == hr


def test_only_the_claimant_or_the_head_puts_it_back(make, hr, colleague, bureau_head):
    ids = make()
    claims.claim(of(ids), actor=colleague)
    assert list(claims.release(of(ids), actor=hr).refused.values()) == ["只有认领人、单位负责人或分管领导可以放回"]
    assert claims.release(of(ids), actor=bureau_head).done
    assert list(claims.release(of(ids), actor=hr).refused.values()) == ["没有人认领"]


def test_nobody_is_handed_his_own_case(make, hr, colleague):
    ids = make(officer_id=colleague.officer_id)
    assert list(claims.assign(of(ids), to=colleague, actor=hr).refused.values()) == ["不能把关于本人的事项指派给本人"]


def test_what_is_laid_on_one_by_name_is_not_in_the_pool(make, hr, colleague):
    ids = make()
    WorkItem.objects.update(officer=colleague.officer)
    assert claims.claim(of(ids), actor=hr).done == []
    assert claims.claim(of(ids), actor=colleague).done == []


def test_a_stand_in_claims_too(make, hr, stranger):
    today = timezone.localdate()
    grant = RoleGrant.objects.get(account=hr)
    set_stand_in(
        grant=grant, substitute=stranger, from_day=today, to_day=today + timedelta(days=1), reason="x", actor=hr
    )
    ids = make()
    assert claims.claim(of(ids), actor=Account.objects.get(pk=stranger.pk)).done
    assert WorkItem.objects.get().claimed_by == stranger


def test_it_is_free_again_where_it_is_routed_to(make, hr, unit_head, station, branch, make_account, clock):
    ids = make()
    claims.claim(of(ids), actor=hr)
    make_account("nearer", Role.HR, branch)
    (change,) = route(Role.HR, "/", actor=hr, clock=clock)
    assert (change.holder_from, change.holder_to, change.desk_to) == (hr, None, branch.path)
    assert WorkItem.objects.get().claimed_by is None


def test_it_is_free_again_when_its_claimant_loses_the_role(make, hr, colleague, administrator):
    ids = make(2)
    claims.claim(of(ids[:1]), actor=colleague)
    claims.claim(of(ids[1:]), actor=hr)
    end_grant(grant=RoleGrant.objects.get(account=colleague), actor=administrator)
    assert WorkItem.objects.get(case=ids[0]).claimed_by is None
    assert WorkItem.objects.get(case=ids[1]).claimed_by == hr
    assert ItemChange.objects.last().why == "released"


# On the pages and over the API -----------------------------------------------------------------------------------


def test_on_the_desk_and_on_the_page_of_the_case(as_account, make, hr, colleague):
    (case, _other) = make(2)
    mine = as_account(hr)
    assert "已认领 1 件" in mine.post("/work-items/claim/", {"case": case}, follow=True).text
    assert "hr已认领" in as_account(colleague).get("/").text
    page = as_account(colleague).get(f"/cases/{case}/")
    assert "hr已认领" in page.text
    assert "同一待办台的人仍可办理" in page.text
    assert len(mine.get("/?claim=mine").context["page"].rows) == 1
    assert len(mine.get("/?claim=free").context["page"].rows) == 1
    told = as_account(colleague).post("/work-items/claim/", {"case": case, "back": 1}, follow=True)
    assert "hr已认领" in told.text
    told = mine.post("/work-items/assign/", {"case": case, "to": "colleague", "back": 1}, follow=True)
    assert "已指派 1 件" in told.text
    assert "已放回 1 件" in as_account(colleague).post("/work-items/release/", {"case": case}, follow=True).text


def test_a_stranger_claims_nothing(as_account, make, stranger):
    (case,) = make()
    browser = as_account(stranger)
    for act in ("claim", "release", "assign"):
        answer = browser.post(f"/work-items/{act}/", {"case": case, "to": "stranger"}, follow=True)
        assert "没有可以这样办理的待办" in answer.text
    assert browser.post("/work-items/burn/", {"case": case}).status_code == 404
    assert not ItemChange.objects.exists()


def test_many_over_the_api(as_account, make, hr, colleague, stranger):
    make(3)
    items = list(WorkItem.objects.order_by("id").values_list("id", flat=True))
    claims.claim(Q(pk=items[0]), actor=colleague)

    def call(account, act, **said):
        return as_account(account).post(f"/api/work-items/{act}/", said, content_type="application/json")

    assert call(hr, "claim", items=[*items, 0]).json() == {
        "done": items[1:],
        "refused": [
            {"item": 0, "words": "没有这一事项，或你没有查看的权限"},
            {"item": items[0], "words": "李志远已认领"},
        ],
    }
    rows = as_account(hr).get("/api/work-items/?claim=mine").json()["results"]
    assert [row["claimed_by"] for row in rows] == ["hr", "hr"]
    assert call(hr, "assign", items=items[1:], to="colleague").json()["done"] == items[1:]
    assert call(colleague, "release", items=items).json()["done"] == items
    assert call(stranger, "claim", items=items).json()["done"] == []
    assert call(hr, "assign", items=items, to="nobody").status_code == 404
    assert call(hr, "claim", items=[]).status_code == 400
