"""Setting and ending a stand-in or an absence: who may, for whom, for which role and days."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from people import stand_ins
from people.actions import end_absence, end_grant, end_stand_in, move_unit, set_absence, set_stand_in
from people.models import Absence, Account, Change, RoleGrant, StandIn
from people.refusals import Clash, NotPermitted, Unfit
from people.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def days():
    today = timezone.localdate()
    return {"from_day": today, "to_day": today + timedelta(days=7), "reason": "休假"}


@pytest.fixture
def colleague(make_account, make_officer, station):
    return make_account("colleague", officer=make_officer(station, name="李代"))


@pytest.fixture
def grant(unit_head):
    return RoleGrant.objects.get(account=unit_head)


def places(account):
    return [(place.pk, place.grants) for place in stand_ins.places(Account.objects.get(pk=account.pk))]


def test_the_role_alone_is_lent_and_the_history_has_it(unit_head, colleague, grant, station, days):
    row = set_stand_in(grant=grant, substitute=colleague, actor=unit_head, **days)
    assert places(colleague) == [(unit_head.pk, ((Role.UNIT_HEAD, station.path),))]
    (place,) = stand_ins.places(colleague)
    assert (place.hand, place.stood_in_for) == (colleague, unit_head.pk)
    assert place.barred_officers == {unit_head.officer_id, colleague.officer_id}
    assert not colleague.holds(Role.UNIT_HEAD)
    end_stand_in(stand_in=row, actor=unit_head)
    assert places(colleague) == []
    assert set(Change.objects.values_list("what", flat=True)) == {"stand_in_set", "stand_in_ended"}


def test_it_lasts_from_day_to_day(unit_head, colleague, grant, days):
    set_stand_in(grant=grant, substitute=colleague, actor=unit_head, **days)
    StandIn.objects.update(from_day=date(2020, 1, 1), to_day=timezone.localdate() - timedelta(days=1))
    assert places(colleague) == []
    StandIn.objects.update(from_day=timezone.localdate() + timedelta(days=1), to_day=date(2040, 1, 1))
    assert places(colleague) == []


def test_who_loses_the_role_can_lend_it_no_longer(unit_head, colleague, grant, administrator, days):
    set_stand_in(grant=grant, substitute=colleague, actor=unit_head, **days)
    end_grant(grant=grant, actor=administrator)
    assert places(colleague) == []


def test_it_follows_the_unit(unit_head, colleague, grant, station, other_branch, administrator, days):
    set_stand_in(grant=grant, substitute=colleague, actor=unit_head, **days)
    move_unit(unit=station, parent=other_branch, actor=administrator)
    assert places(colleague) == [(unit_head.pk, ((Role.UNIT_HEAD, "/B00/F02/F01P01/"),))]


def test_personnel_sets_it_for_somebody_absent(hr, unit_head, colleague, grant, days):
    assert set_stand_in(grant=grant, substitute=colleague, actor=hr, **days).set_by == hr


@pytest.mark.parametrize("who", ["stranger", "leader", "other_unit_head", "auditor", "colleague"])
def test_nobody_else_may(request, who, colleague, grant, days):
    with pytest.raises(NotPermitted):
        set_stand_in(grant=grant, substitute=colleague, actor=request.getfixturevalue(who), **days)
    assert not StandIn.objects.exists()


def test_personnel_cannot_set_itself_in(hr, grant, days):
    with pytest.raises(NotPermitted):
        set_stand_in(grant=grant, substitute=hr, actor=hr, **days)


def test_nobody_stands_in_for_himself(unit_head, grant, days):
    with pytest.raises(Unfit):
        set_stand_in(grant=grant, substitute=unit_head, actor=unit_head, **days)


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.ADMINISTRATOR, Role.AUDITOR])
def test_votes_keys_and_the_watch_are_not_lent(make_account, colleague, bureau, days, role):
    holder = make_account("holder", role, bureau)
    with pytest.raises(Unfit):
        set_stand_in(grant=RoleGrant.objects.get(account=holder), substitute=colleague, actor=holder, **days)


def test_one_role_has_one_stand_in_a_day(unit_head, colleague, stranger, grant, days):
    set_stand_in(grant=grant, substitute=colleague, actor=unit_head, **days)
    with pytest.raises(Clash):
        set_stand_in(grant=grant, substitute=stranger, actor=unit_head, **days)


@pytest.mark.parametrize(("begins", "lasts"), [(-1, 3), (2, -1)])
def test_days_that_cannot_be_are_refused(unit_head, colleague, grant, begins, lasts):
    first = timezone.localdate() + timedelta(days=begins)
    with pytest.raises(Unfit):
        set_stand_in(
            grant=grant,
            substitute=colleague,
            from_day=first,
            to_day=first + timedelta(days=lasts),
            reason="x",
            actor=unit_head,
        )


def test_the_stand_in_hands_it_back_and_only_once(unit_head, colleague, stranger, grant, days):
    row = set_stand_in(grant=grant, substitute=colleague, actor=unit_head, **days)
    with pytest.raises(NotPermitted):
        end_stand_in(stand_in=row, actor=stranger)
    end_stand_in(stand_in=row, actor=colleague)
    with pytest.raises(Clash):
        end_stand_in(stand_in=row, actor=colleague)


def test_an_absence_is_set_and_ended(unit_head, stranger, hr, days):
    row = set_absence(account=unit_head, actor=unit_head, **days)
    with pytest.raises(Clash):
        set_absence(account=unit_head, actor=hr, **days)
    assert stand_ins.away([unit_head.officer_id], timezone.localdate()) == {unit_head.officer_id: days["to_day"]}
    for act in (
        lambda: end_absence(absence=row, actor=stranger),
        lambda: set_absence(account=unit_head, actor=stranger, **days),
    ):
        with pytest.raises(NotPermitted):
            act()
    end_absence(absence=row, actor=hr)
    assert stand_ins.away([unit_head.officer_id], timezone.localdate()) == {}
    with pytest.raises(Clash):
        end_absence(absence=row, actor=hr)


# The page --------------------------------------------------------------------------------------------------------


def said(grant, substitute, days):
    dates = {"s-from_day": days["from_day"].isoformat(), "s-to_day": days["to_day"].isoformat()}
    return {"what": "stand_in", "s-grant": grant.pk, "s-substitute": substitute, "s-reason": "休假", **dates}


def test_i_set_and_end_mine_on_my_page(as_account, unit_head, colleague, grant, days):
    browser = as_account(unit_head)
    empty = browser.get("/account/stand-ins/").text
    assert "现在没有人代理" in empty
    assert "代理哪个角色" in empty
    page = browser.post("/account/stand-ins/", said(grant, "colleague", days), follow=True)
    assert "已设置代理：李代，单位负责人" in page.text
    theirs = as_account(colleague).get("/account/stand-ins/").text
    assert "陈所长" in theirs
    assert "交回" in theirs
    row = StandIn.objects.get()
    assert "代理已结束" in browser.post(f"/people/stand-ins/{row.pk}/end/", follow=True).text
    away = {"what": "absence", "a-from_day": days["from_day"], "a-to_day": days["to_day"], "a-reason": "学习"}
    assert "已登记外出" in browser.post("/account/stand-ins/", away, follow=True).text
    absence = Absence.objects.get()
    assert "外出已结束" in browser.post(f"/people/absences/{absence.pk}/end/", follow=True).text


def test_what_is_wrong_is_said_beside_it(as_account, unit_head, grant, days):
    browser = as_account(unit_head)
    page = browser.post("/account/stand-ins/", said(grant, "nobody", days))
    assert (page.status_code, "没有用户名为“nobody”的账户" in page.text) == (422, True)
    page = browser.post("/account/stand-ins/", said(grant, "unit_head", days))
    assert "不能由本人代理本人" in page.text


def test_a_grant_of_another_cannot_be_lent(as_account, colleague, grant, days, stranger):
    page = as_account(stranger).post("/account/stand-ins/", said(grant, "colleague", days))
    assert page.status_code == 422
    assert not StandIn.objects.exists()


def test_personnel_does_it_on_his_page_and_a_stranger_has_none(
    as_account, hr, stranger, leader, unit_head, colleague, grant, days
):
    address = f"/people/{unit_head.officer.badge}/stand-ins/"
    assert "已设置代理" in as_account(hr).post(address, said(grant, "colleague", days), follow=True).text
    row = StandIn.objects.get()
    for other in (stranger, leader):
        assert as_account(other).get(address).status_code == 404
        assert as_account(other).post(address, said(grant, "colleague", days)).status_code == 404
        assert as_account(other).post(f"/people/stand-ins/{row.pk}/end/").status_code == 404
    assert StandIn.objects.get().ended_at is None


def test_a_stranger_ends_no_absence(as_account, stranger, unit_head, days):
    row = set_absence(account=unit_head, actor=unit_head, **days)
    assert as_account(stranger).post(f"/people/absences/{row.pk}/end/").status_code == 404


# The API ---------------------------------------------------------------------------------------------------------


def test_over_the_api(as_account, unit_head, colleague, stranger, grant, days):
    call = {"substitute": "colleague", "role": "unit_head", "unit": "F01P01", **days}
    mine = as_account(unit_head)
    made = mine.post("/api/stand-ins/", call, content_type="application/json")
    assert (made.status_code, made.json()["substitute"]) == (201, "colleague")
    again = mine.post("/api/stand-ins/", call, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "clash")
    (row,) = as_account(colleague).get("/api/stand-ins/").json()
    other = as_account(stranger)
    assert other.get("/api/stand-ins/").json() == []
    assert other.delete(f"/api/stand-ins/{row['id']}/").status_code == 404
    call["principal"] = "unit_head"
    assert other.post("/api/stand-ins/", call, content_type="application/json").status_code == 404
    assert mine.delete(f"/api/stand-ins/{row['id']}/").status_code == 204
